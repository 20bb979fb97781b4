import { settingText } from './settingText.ts';
import type { DataDiff, EntryDiff, FileChange, QDiff, RunDiff } from '../sampling/lock/diffRuns.ts';
import { fixed, formatBytes, formatCount, formatPercent, groupDigits } from '../table/format.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { message, type Message } from '../message/message.ts';
import type { Tone } from './paint.ts';
import { causeNames } from './reasons.ts';
import { sourceGlyph } from './sourceGlyph.ts';
import { printable } from '../message/printable.ts';
import { cellWidth, wrapCells } from './cells.ts';
import { gap, type Cell } from './textTable.ts';
import type { LockedDataset } from '../sampling/lock/sampleLock.ts';
import type { RunCount } from '../sampling/lock/run.ts';

/** One side: the file as the user named it, and how it was drawn. */
export interface DiffSide {
  readonly name: string;
  readonly stage: string | null;
  readonly split: string | null;
  readonly seed: string | null;
  readonly epoch: string | null;
  /** False if no lock file describes it. */
  readonly locked: boolean;
}

/** Maximum number of listed files of a data set; the number of further files is shown. */
const mostFiles = 20;
const digestDigits = 12;
const marks: Readonly<Record<FileChange['kind'], { readonly mark: string; readonly tone?: Tone }>> = {
  removed: { mark: '−', tone: 'error' },
  added: { mark: '+', tone: 'accent' },
  changed: { mark: '≠', tone: 'warning' },
  renamed: { mark: '→' },
};

/** Terminal report: what is equal, what differs, and how counts, mix, log q and shortfalls changed. */
export function diffText(a: DiffSide, b: DiffSide, diff: RunDiff, options: TextOptions): string {
  const writer = new Writer(diff, options);
  const parts = [
    [...writer.head(a, b), ...writer.verdict()],
    writer.differences(),
    writer.data(),
    writer.counts(),
    writer.mix(),
    writer.q(),
    writer.shortfalls(),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

class Writer extends TextWriter {
  constructor(
    private readonly diff: RunDiff,
    options: TextOptions,
  ) {
    super(options);
  }

  head(a: DiffSide, b: DiffSide): string[] {
    const side = (letter: string, { name, stage, split, seed, epoch, locked }: DiffSide): string => {
      const how = [
        stage,
        split,
        seed === null ? null : this.text(message('seed {0}', seed)),
        epoch === null ? null : this.text(message('epoch {0}', epoch)),
        locked ? null : this.text(message('no lock file')),
      ];
      return this.fitLine(
        `${this.paint('strong', letter)}${gap}${[name, ...how.filter((one) => one !== null)].map(printable).join(' · ')}`,
      );
    };
    return [side('A', a), side('B', b)];
  }

  verdict(): string[] {
    const { same: isSame, unchanged, notCompared } = this.diff;
    // Equal digests of the rows are enough.
    const equality =
      notCompared.length === 0 || unchanged.facts.includes('digest')
        ? message('Both samples should contain the same rows.')
        : message('Both samples should contain the same rows if their data are the same.');
    const names = [
      ...unchanged.facts.map((name) => factNames[name]),
      ...unchanged.data.map((name) => dataName(name)),
    ].map((name) => this.text(name));
    const same =
      names.length === 0
        ? []
        : wrapCells(this.text(message('The same: {0}', names.join(this.text(message(', '))))), this.options.width);
    return [
      ...(isSame ? [this.paint('strong', this.fitLine(this.text(equality)))] : []),
      ...same,
      ...(notCompared.length === 0
        ? []
        : wrapCells(
            this.text(
              message(
                'Not compared, because a lock file has no digest of their files: {0}',
                notCompared.map((name) => this.text(dataName(name))).join(this.text(message(', '))),
              ),
            ),
            this.options.width,
          )),
    ];
  }

  differences(): string[] {
    const { facts, settings } = this.diff;
    const line = (name: string, a: string | null, b: string | null): string =>
      this.fitLine(`${gap}${printable(name)}${gap}${settingText(a)} → ${settingText(b)}`);
    return [
      // If the differing settings of the plans are known, their digests add nothing.
      ...facts
        .filter(({ name }) => name !== 'plan' || settings.length === 0)
        .map(({ name, a, b }) => {
          const short = (text: string): string =>
            name === 'config' || name === 'plan' ? text.slice(0, digestDigits) : text;
          return line(this.text(factNames[name]), short(a), short(b));
        }),
      ...settings.map(({ path, a, b }) => line(path, a, b)),
    ];
  }

  data(): string[] {
    return this.diff.data.flatMap((one) => this.dataset(one));
  }

  private dataset({ name, a, b, files }: DataDiff): string[] {
    const paths = a && b ? (a.path === b.path ? [a.path] : [a.path, b.path]) : [a?.path ?? '∅', b?.path ?? '∅'];
    const where = paths
      .filter((path) => path !== null)
      .map(printable)
      .join(' → ');
    const what =
      a === null
        ? this.text(message('read by B alone'))
        : b === null
          ? this.text(message('read by A alone'))
          : files === null
            ? `${(a.sha256 ?? '').slice(0, digestDigits)} → ${(b.sha256 ?? '').slice(0, digestDigits)}`
            : this.fileCounts(files);
    const title = `${this.text(dataName(name))}${where === '' ? '' : gap + where}`;
    const head =
      cellWidth(title + gap + what) <= this.options.width
        ? [`${this.paint('strong', title)}${gap}${what}`]
        : [this.paint('strong', this.fitLine(title)), this.fitLine(gap + what)];
    const changes = files?.changes ?? [];
    const rows = changes.slice(0, mostFiles).map(({ kind, path, from, a: left, b: right }): Cell[] => {
      const { mark, tone } = marks[kind];
      const bytes = [left, right].filter((size) => size !== null).map(formatBytes);
      return [
        { text: mark, ...(tone ? { tone } : {}) },
        { text: kind === 'renamed' ? this.text(message('same content')) : bytes.join(' → ') },
        { text: printable(from === null ? path : `${from} → ${path}`) },
      ];
    });
    const more = changes.length - rows.length;
    // The head of this table only repeats what the marks show.
    return [
      ...head,
      ...this.table([{ text: '' }, { text: '' }, { text: '' }], rows, [1, 24, 200], gap).slice(1),
      ...(more > 0 ? [`${gap}${this.text(message('and {0} more', formatCount(more)))}`] : []),
    ];
  }

  private fileCounts({ same, changes }: NonNullable<DataDiff['files']>): string {
    const of = (kind: FileChange['kind'], text: (count: string) => Message): Message[] => {
      const count = changes.filter((change) => change.kind === kind).length;
      return count === 0 ? [] : [text(formatCount(count))];
    };
    return [
      message('files: {0} the same', formatCount(same)),
      ...of('changed', (count) => message('{0} changed', count)),
      ...of('removed', (count) => message('{0} removed', count)),
      ...of('added', (count) => message('{0} added', count)),
      ...of('renamed', (count) => message('{0} renamed', count)),
    ]
      .map((one) => this.text(one))
      .join(' · ');
  }

  counts(): string[] {
    const { counts } = this.diff;
    const names = new Map<string, Message>(Object.entries(countNames));
    const nameOf = (name: string): string => {
      const known = names.get(name);
      return known ? this.text(known) : printable(name);
    };
    const rows = counts.map(({ name, a, b }): Cell[] => [
      { text: '' },
      { text: nameOf(name) },
      number(formatCount(a)),
      number(formatCount(b)),
      number(changeOf(b - a)),
    ]);
    return rows.length === 0
      ? []
      : this.table(
          [{ text: '' }, { text: '' }, number('A'), number('B'), number(this.text(message('change')))],
          rows,
          [1, 28, 16, 16, 16],
        );
  }

  mix(): string[] {
    const { entries } = this.diff;
    if (entries.length === 0) return [];
    const rows = entries.map(({ name, source, a, b }): Cell[] => [
      ...entryCells(name, source),
      number(a ? formatCount(a.drawn) : '–'),
      number(b ? formatCount(b.drawn) : '–'),
      number(a ? formatPercent(a.share) : '–'),
      number(b ? formatPercent(b.share) : '–'),
      number(pointsOf((b?.share ?? 0) - (a?.share ?? 0))),
    ]);
    const head = [
      { text: '' },
      { text: this.text(message('entry')) },
      number(this.text(message('drawn A'))),
      number(this.text(message('drawn B'))),
      number(this.text(message('share A'))),
      number(this.text(message('share B'))),
      number(this.text(message('change in points'))),
    ];
    return this.table(head, rows, [1, 28, 14, 14, 10, 10, 16]);
  }

  q(): string[] {
    const { entries, logQMix } = this.diff;
    const of = (cells: readonly Cell[], q: QDiff | null): Cell[][] =>
      q
        ? [
            [
              ...cells,
              number(meanOf(q.a)),
              number(meanOf(q.b)),
              number(q.a && q.b ? decimalChange(q.b.mean - q.a.mean) : ''),
              number(q.moved === null ? '' : formatPercent(q.moved)),
            ],
          ]
        : [];
    const mix = (text: Message, q: QDiff | null): Cell[][] => of([{ text: '' }, { text: this.text(text) }], q);
    const rows = [
      ...entries.flatMap(({ name, source, logQ }) => of(entryCells(name, source), logQ)),
      ...mix(message('log_q_mix of positives'), logQMix.positives),
      ...mix(message('log_q_mix of negatives'), logQMix.negatives),
    ];
    const head = [
      { text: '' },
      { text: this.text(message('mean log q')) },
      number('A'),
      number('B'),
      number(this.text(message('change'))),
      number(this.text(message('moved'))),
    ];
    return rows.length === 0 ? [] : this.table(head, rows, [1, 28, 14, 14, 14, 10]);
  }

  shortfalls(): string[] {
    const rows = this.diff.entries.flatMap((entry) => this.shortRows(entry));
    const head = [
      { text: '' },
      { text: this.text(message('shortfall')) },
      { text: '' },
      number('A'),
      number('B'),
      number(this.text(message('change'))),
    ];
    return rows.length === 0 ? [] : this.table(head, rows, [1, 28, 40, 14, 14, 14]);
  }

  private shortRows({ name, source, a, b }: EntryDiff): Cell[][] {
    return (['list', 'pool', 'attempts'] as const).flatMap((cause) => {
      const [x, y] = [a ? a.shortfalls[cause] : 0, b ? b.shortfalls[cause] : 0];
      return x === 0 && y === 0
        ? []
        : [
            [
              ...entryCells(name, source),
              { text: this.text(causeNames[cause]) },
              number(formatCount(x)),
              number(formatCount(y)),
              number(changeOf(y - x)),
            ],
          ];
    });
  }
}

function entryCells(name: string, source: string): Cell[] {
  return [{ text: sourceGlyph(source), tone: 'accent' }, { text: printable(name) }];
}

function number(text: string): Cell {
  return { text, align: 'right' };
}

function meanOf(q: QDiff['a']): string {
  return q === null ? '–' : groupDigits(fixed(q.mean, 3));
}

/** With its sign; empty if nothing changed. */
function changeOf(change: number): string {
  return change === 0 ? '' : change > 0 ? `+${formatCount(change)}` : formatCount(change);
}

function pointsOf(share: number): string {
  return decimalChange(share * 100, 2);
}

function decimalChange(change: number, digits = 3): string {
  const text = fixed(change, digits);
  return change === 0 ? '' : Number(text) > 0 ? `+${groupDigits(text)}` : groupDigits(text);
}

/** Names of the facts in a lock file, for people. */
const factNames: Readonly<Record<RunDiff['facts'][number]['name'], Message>> = {
  stage: message('stage'),
  unit: message('unit'),
  split: message('split'),
  seed: message('seed'),
  epoch: message('epoch'),
  users: message('users'),
  layout: message('layout'),
  columns: message('columns'),
  known_until: message('outcomes known until'),
  partition: message('partition'),
  digest: message('digest of the rows'),
  order: message('order'),
  shards: message('shards'),
  format: message('format'),
  config: message('text of the config'),
  plan: message('plan'),
};

/** The name of a data set for people. Several tables of events have their own names. */
function dataName(name: LockedDataset): Message {
  const known: Readonly<Record<string, Message>> = dataNames;
  return known[name] ?? message('{0}', name);
}

const dataNames: Readonly<Record<Exclude<LockedDataset, `clicks.${string}`>, Message>> = {
  impressions: message('impressions'),
  clicks: message('clicks'),
  items: message('items'),
  users: message('attributes of users'),
  candidates: message('candidates'),
  rejections: message('rejections'),
};

const countNames: Readonly<Record<RunCount, Message>> = {
  rows: message('rows'),
  users: message('users'),
  groups: message('groups'),
  positives: message('positives'),
  negatives: message('negatives'),
  unreached: message('rows without log_q_mix'),
};
