import { formatCount, formatFloat } from '../table/format.ts';
import type { PairExplanation, PairRow } from '../sampling/answers.ts';
import type { PassedValues } from '../sampling/passedValues.ts';
import type { PairEntry } from '../sampling/drawn.ts';
import { outcomeColumn } from '../config/outcomeNames.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { inBatchVerdict } from './inBatchText.ts';
import { message, type Message } from '../message/message.ts';
import type { Tone } from './paint.ts';
import { leftOutLine, pairVerdict } from './pairText.ts';
import { keptByText, noCountText, reasonsIn, reasonText } from './reasons.ts';
import { dayCountText } from './dayCountText.ts';
import { logText, noEvents, tableText, timeText } from './drawnText.ts';
import { groupsText } from './previewText.ts';
import { sourceGlyph } from './sourceGlyph.ts';
import { printable, printableId } from '../message/printable.ts';
import { wrapCells } from './cells.ts';
import { pairHistoryLines } from './sequenceSteps.ts';
import { originParts, teacherOriginParts } from './originText.ts';
import { gap, type Cell } from './textTable.ts';

const tones: Readonly<Record<ReturnType<typeof pairVerdict>['sure'], Tone>> = {
  drawn: 'accent',
  possible: 'accent',
  never: 'warning',
};
/** Most rows of the item that are listed. */
const mostRows = 20;
const expectedText = (count: number): string => formatFloat(count, 3);

/**
 * The report for a terminal: the verdict, the user's history with the item, and each entry's probability and refusals.
 */
export function explainText(
  plan: StagePlan,
  pair: { readonly user: string; readonly item: string },
  found: PairExplanation,
  options: TextOptions,
): string {
  const writer = new Writer(plan, found, options);
  return `${[...writer.head(pair), '', ...writer.item(), ...writer.history(), ...writer.sequences(), ...writer.corrections(), ...writer.entries(), ...writer.rows()].join('\n')}\n`;
}

function rangeText(smallest: number, largest: number): string {
  const [from, to] = [logText(smallest), logText(largest)];
  return from === to ? from : `${from} … ${to}`;
}

class Writer extends TextWriter {
  constructor(
    private readonly plan: StagePlan,
    private readonly explanation: PairExplanation,
    options: TextOptions,
  ) {
    super(options);
  }

  head({ user, item }: { readonly user: string; readonly item: string }): string[] {
    const { stage, split, seed, epoch } = this.plan;
    const pair = this.text(message('user {0}, item {1}', printableId(user), printableId(item)));
    const { text, sure } = pairVerdict(this.explanation, expectedText);
    return [
      this.paint('strong', this.fitLine(pair)),
      this.fitLine(
        [
          stage,
          split,
          this.text(message('seed {0}', printable(seed))),
          this.text(message('epoch {0}', epoch)),
          this.text(groupsText(this.explanation.user.groups)),
        ].join(' · '),
      ),
      ...this.wrapped(text, tones[sure]),
      ...this.inBatch(),
    ];
  }

  private inBatch(): string[] {
    const { inBatch, user } = this.explanation;
    if (!inBatch) return [];
    const { text, sure } = inBatchVerdict(inBatch, user.groups, expectedText);
    return [this.paint(tones[sure], this.fitLine(this.text(text)))];
  }

  item(): string[] {
    const { item } = this.explanation;
    if (item === null) return [this.fitLine(message('This item is not in the corpus.'))];
    const { title, attributes, percentile, created, removed } = item;
    const facts = [
      ...(title === null ? [] : [printable(title)]),
      ...Object.entries(attributes).map(
        ([name, value]) => `${printable(name)} ${value === null ? '∅' : printable(value)}`,
      ),
      ...(percentile === null
        ? []
        : [this.text(percentile === 'no events' ? noEvents : message('percentile {0}', percentile.toFixed(2)))]),
      ...(created === null ? [] : [this.text(message('created {0}', timeText(created)))]),
      ...(removed === null ? [] : [this.text(message('removed {0}', timeText(removed)))]),
    ];
    return [this.fitLine(facts.join(' · '))];
  }

  history(): string[] {
    const { history, positiveIn, leftOut } = this.explanation;
    const lines = history.map(({ event, times, first, last }) =>
      times === 1
        ? message('{0}: once, at {1}', printable(event), timeText(first))
        : message(
            '{0}: {1} times, from {2} to {3}',
            printable(event),
            formatCount(times),
            timeText(first),
            timeText(last),
          ),
    );
    const own =
      positiveIn === 0
        ? []
        : [
            positiveIn === 1
              ? message('It is the positive of 1 group.')
              : message('It is the positive of {0} groups.', formatCount(positiveIn)),
          ];
    const all = history.length === 0 ? [message('The log has no impression of this item for this user.')] : lines;
    const missing = leftOut ? [leftOutLine({ ...leftOut, time: timeText(leftOut.time) })] : [];
    return [...all, ...own, ...missing].map((line) => this.fitLine(this.text(line)));
  }

  /** The user's histories that have the item. */
  sequences(): string[] {
    const { sequences = [] } = this.explanation;
    return sequences.flatMap((history) => {
      const [first = '', ...others] = pairHistoryLines(history, timeText).map((line) => this.text(line));
      return [this.fitLine(printable(first)), ...others.flatMap((line) => this.wrapped(printable(line), null, gap))];
    });
  }

  corrections(): string[] {
    const { corrections } = this.explanation;
    if (!corrections) return [];
    const { negative, positive } = corrections;
    return [
      ...(negative === null
        ? []
        : [message('logq_correction as a negative: {0}', rangeText(negative.smallest, negative.largest))]),
      ...(positive === null
        ? []
        : [message('logq_correction as a positive: {0}', rangeText(positive.smallest, positive.largest))]),
    ].map((line) => this.fitLine(this.text(line)));
  }

  entries(): string[] {
    if (this.explanation.entries.length === 0) return [];
    const head: Cell[] = [
      { text: '' },
      { text: this.text(message('entry')) },
      { text: 'log q', align: 'right' },
      { text: this.text(message('groups')), align: 'right' },
      { text: this.text(message('expected')), align: 'right' },
      { text: this.text(message('drawn')), align: 'right' },
      { text: this.text(message('cannot draw it')) },
    ];
    const rows = this.explanation.entries.map((entry): Cell[] => [
      { text: sourceGlyph(entry.source), tone: 'accent' },
      { text: printable(entry.name) },
      { text: this.logs(entry), align: 'right' },
      { text: formatCount(entry.membership?.groups ?? 0), align: 'right' },
      { text: expectedText(entry.expected), align: 'right' },
      { text: formatCount(entry.drawnIn.length), align: 'right' },
      { text: this.refused(entry) },
    ]);
    const drawn = this.explanation.entries.flatMap(({ name, drawnIn }) =>
      drawnIn.map(({ time, draw, keptBy, ...from }) => {
        const table = tableText(from);
        const counted = table === null ? '' : `${gap}${printable(this.text(table))}`;
        const drawnText = this.text(message('draw {0}', draw + 1));
        const dropped = keptBy === undefined ? '' : `${gap}${printable(this.text(keptByText(keptBy)))}`;
        return this.fitLine(`${gap}${timeText(time)}${gap}${printable(name)}${gap}${drawnText}${counted}${dropped}`);
      }),
    );
    return [
      '',
      ...this.table(head, rows, [1, 28, 18, 10, 12, 10, Infinity]),
      ...this.dayCounts(),
      ...(drawn.length === 0 ? [] : ['', this.fitLine(message('Drawn in'))]),
      ...drawn,
    ];
  }

  /** What entries with moving counts count of the item, by table. */
  private dayCounts(): string[] {
    const lines = this.explanation.entries.flatMap(({ name, dayCounts = [] }, k) => {
      const entry = this.plan.entries[k];
      return entry
        ? dayCounts.map((one) => `${gap}${printable(name)}${gap}${printable(this.text(dayCountText(one, entry)))}`)
        : [];
    });
    if (lines.length === 0) return [];
    const more = lines.length - mostRows;
    return [
      '',
      this.fitLine(message('Counts of the item by day')),
      ...lines.slice(0, mostRows).map((line) => this.fitLine(line)),
      ...(more > 0 ? [this.fitLine(message('and {0} more', formatCount(more)))] : []),
    ];
  }

  /** The rows of the item, with the values of each and where they come from. */
  rows(): string[] {
    const { rows = [], passed } = this.explanation;
    if (rows.length === 0) return [];
    const lines = rows.slice(0, mostRows).flatMap((row) => this.row(row, passed));
    const more =
      rows.length > mostRows ? [this.fitLine(message('and {0} more', formatCount(rows.length - mostRows)))] : [];
    return ['', this.fitLine(message('Values of its rows')), ...lines, ...more];
  }

  private row(
    { time, label, entry, draw, teacher, teacherReason, outcomes = [], passed = [] }: PairRow,
    values?: PassedValues,
  ): string[] {
    const name = label === 1 ? this.text(message('positive')) : printable(entry ?? '');
    const draws = draw === null ? [] : [this.text(message('draw {0}', draw + 1))];
    const { teacher: asked } = this.plan;
    const taught =
      teacher === undefined || !asked
        ? []
        : [this.value('teacher', teacher === null ? null : String(teacher), teacherOriginParts(asked, teacherReason))];
    const labels = outcomes.map((value, k) => {
      const name = this.plan.outcomes?.events[k]?.name ?? '';
      return this.value(outcomeColumn(name), value === null ? null : String(value), []);
    });
    const copied = passed.flatMap((cell, k) => {
      const column = values?.columns[k];
      return column ? [this.value(column.name, cell.value, originParts(column, cell, values))] : [];
    });
    return [
      this.fitLine([`${gap}${timeText(time)}`, name, ...draws].join(gap)),
      ...[...taught, ...labels, ...copied].flatMap((line) =>
        wrapCells(line, Math.max(20, this.options.width - 2 * gap.length)).map((part) => `${gap}${gap}${part}`),
      ),
    ];
  }

  private value(name: string, value: string | null, origin: readonly Message[]): string {
    const text = value === null ? 'NULL' : value === '' ? '""' : printable(value);
    return [`${printable(name)} = ${text}`, ...origin.map((part) => this.text(part))].join(' · ');
  }

  private logs({ membership }: PairEntry): string {
    if (membership === null) return '–';
    return rangeText(membership.smallestLogQ, membership.largestLogQ);
  }

  private refused({ refused, noneOf, isPast }: PairEntry): string {
    return reasonsIn(refused)
      .map((reason) => {
        const name = reason === 'absent' && noneOf !== undefined ? noCountText(noneOf) : reasonText(reason, isPast);
        return this.text(message('{0}: {1}', this.text(name), formatCount(refused[reason])));
      })
      .join(', ');
  }
}
