import { isAllDistinct } from '../table/allDistinct.ts';
import { integerTextsNote } from '../table/integerTexts.ts';
import { traitsOf } from '../table/sampleName.ts';
import type { Notice } from '../table/dataset.ts';
import {
  alignFractions,
  formatBytes,
  formatCompactCount,
  formatCount,
  formatFloat,
  formatPercent,
  shortestFloat,
} from '../table/format.ts';
import type { ColumnProfile, Scalar } from '../table/profile.ts';
import { roleNames } from '../table/roleName.ts';
import type { RowsDigest } from '../table/rowsDigest.ts';
import { isNumeric, typeName, type LogicalType } from '../table/type.ts';
import type { InspectReport, GroupsReport } from './inspectReport.ts';
import { message, render, type Translate } from '../message/message.ts';
import { evenSequences, listParts } from './listText.ts';
import { histogramBars, shareBar } from './sparkline.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { printable } from '../message/printable.ts';
import { cellWidth, fitCells } from './cells.ts';
import { gap, type Cell } from './textTable.ts';

/** Histograms have at most 32 bins: two or four of them form a bar. */
const barCells = { wide: 16, narrow: 8 } as const;

/** The report for a terminal: a head, one line per column, the first rows. No line exceeds the requested width. */
export function inspectText(report: InspectReport, options: TextOptions): string {
  const writer = new Writer(report, options);
  return `${[...writer.head(), '', ...writer.columns(), ...writer.groups(), ...writer.sample(), ...writer.notices()].join('\n')}\n`;
}

/** Numbers get the same number of decimals. Text is unchanged, because `1` and `1.00` are different texts. */
function aligned(texts: readonly string[], type: LogicalType): readonly string[] {
  return isNumeric(type) ? alignFractions(texts) : texts;
}

/** Facts side by side; the last are left out in a narrow table. */
function factsCell(facts: readonly string[]): Cell {
  const variants = facts.map((_, k) => [facts.slice(0, facts.length - k).join(gap)]);
  return { text: variants[0]?.[0] ?? '', variants };
}

class Writer extends TextWriter {
  private readonly bars: number;
  private readonly sequences: ReturnType<typeof evenSequences>;

  constructor(
    private readonly report: InspectReport,
    options: TextOptions,
  ) {
    super(options);
    this.bars = options.width >= 140 ? barCells.wide : barCells.narrow;
    this.sequences = evenSequences(report.columns);
  }

  head(): string[] {
    const { path, dataset, rows, where, labels, digest } = this.report;
    const facts = [
      rows === dataset.rows || dataset.rows === null
        ? this.text(rows === 1 ? message('1 row') : message('{0} rows', formatCount(rows)))
        : this.text(message('{0} of {1} rows', formatCount(rows), formatCount(dataset.rows))),
      this.text(
        dataset.columns.length === 1
          ? message('1 column')
          : message('{0} columns', formatCount(dataset.columns.length)),
      ),
      formatBytes(dataset.bytes),
      ...(dataset.files === 1 ? [] : [this.text(message('{0} files', formatCount(dataset.files)))]),
      dataset.compression === 'none' ? dataset.format : `${dataset.format} · ${dataset.compression}`,
    ];
    const lines = [this.paint('strong', this.fitLine(printable(path))), this.fitLine(facts.join(' · '))];
    if (where.trim() !== '') lines.push(this.fitLine(`${this.text(message('where'))} ${printable(where.trim())}`));
    if (labels) lines.push(this.labelLine(labels.column, labels.positive, labels.negative));
    if (digest) lines.push(this.digestLine(digest));
    return lines;
  }

  private labelLine(column: string, positive: number, negative: number): string {
    const share = positive + negative === 0 ? 0 : positive / (positive + negative);
    const counts = this.text(message('{0} positive, {1} negative', formatCount(positive), formatCount(negative)));
    const bar = shareBar(share, this.bars);
    const rate = positive + negative === 0 ? '' : ` ${formatPercent(share)}`;
    return this.fitLine(`${printable(column)}${gap}${bar}${rate}${gap}${counts}`);
  }

  /** The digest is never cut, so that two can be compared; the description of its columns may be. */
  private digestLine({ value, columns, algorithm }: RowsDigest): string {
    const all = this.report.dataset.columns.length;
    const covered =
      columns.length === all
        ? message('all columns')
        : message('{0} of {1} columns', formatCount(columns.length), formatCount(all));
    const line = `${this.text(message('digest'))} ${value}`;
    return (
      line + fitCells(`${gap}${this.text(covered)} · ${algorithm}`, Math.max(0, this.options.width - cellWidth(line)))
    );
  }

  columns(): string[] {
    const head: Cell[] = [
      { text: this.text(message('column')) },
      { text: this.text(message('type')) },
      { text: this.text(message('role')) },
      { text: this.text(message('nulls')), align: 'right' },
      { text: this.text(message('distinct')), align: 'right' },
      { text: '' },
      { text: this.text(message('values')) },
    ];
    const rows = this.report.columns.flatMap((c) => this.columnRows(c));
    const { columnsLeftOut } = this.report;
    const rest =
      columnsLeftOut === 0
        ? []
        : [
            this.paint(
              'faint',
              this.fitLine(message('{0} more columns; choose with --columns', formatCount(columnsLeftOut))),
            ),
          ];
    return [...this.table(head, rows, [32, 24, 14, 12, 12, this.bars, Infinity]), ...rest];
  }

  /** The line of a column. The first list of a sequence gives the lines of the sequence and of all its lists. */
  private columnRows(c: ColumnProfile): Cell[][] {
    const lists = this.sequences.get(c.list?.sequence?.name ?? '');
    if (lists === undefined) return [this.columnRow(c, '', histogramBars(c.histogram, this.bars), this.summary(c))];
    if (lists[0] !== c) return [];
    const times = lists.find(({ steps }) => steps?.order);
    const facts = listParts(c, times).map((part) => this.text(part));
    return [
      [
        { text: printable(c.list?.sequence?.name ?? ''), tone: 'strong' },
        { text: this.text(message('{0} lists', lists.length)), tone: 'faint' },
        { text: '' },
        { text: '' },
        { text: '' },
        { text: histogramBars(c.histogram, this.bars) },
        factsCell(facts),
      ],
      ...lists.map((list) => this.columnRow(list, '  ', '', { text: '' })),
    ];
  }

  private columnRow(c: ColumnProfile, indent: string, bars: string, summary: Cell): Cell[] {
    return [
      { text: indent + printable(c.name), tone: 'strong' },
      { text: printable(typeName(c.type)), tone: 'faint' },
      { text: c.role ? this.text(roleNames[c.role.role]) : '', tone: 'accent' },
      c.type.kind === 'unreadable'
        ? { text: '' }
        : c.nulls === 0
          ? { text: '–', align: 'right', tone: 'faint' }
          : { text: formatPercent(c.rows === 0 ? 0 : c.nulls / c.rows), align: 'right', tone: 'warning' },
      {
        text:
          c.type.kind === 'unreadable'
            ? ''
            : c.distinct.exact
              ? formatCount(c.distinct.value)
              : `≈ ${formatCompactCount(c.distinct.value, this.options.locale)}`,
        align: 'right',
      },
      { text: bars },
      summary,
    ];
  }

  /**
   * Range and mean for ordered types, else the most frequent values. Range ends are never cut; they may take two lines.
   */
  private summary(c: ColumnProfile): Cell {
    if (c.type.kind === 'unreadable') return { text: this.text(message('not readable')), tone: 'warning' };
    if (c.nulls === c.rows) return { text: '' };
    if (c.type.kind === 'list') {
      const norms = this.norms(c);
      const facts = listParts(c).map((part) => this.text(part));
      return factsCell(norms === '' ? facts : [...facts, norms]);
    }
    const words = c.type.kind === 'string' || c.type.kind === 'enum' || c.type.kind === 'boolean';
    const distinct = isAllDistinct(c);
    if (words && distinct) return { text: this.text(message('all distinct')) };
    if ((words || c.histogram.kind === 'parts') && !distinct && c.top.length > 0) {
      const shown = c.top
        .slice(0, 4)
        .map(
          ({ value, count }) =>
            `${fitCells(printable(scalarText(value, c.type)), 24)} ${formatPercent(count / c.rows)}`,
        );
      const variants = shown.map((_, i) => [(c.topExact ? '' : '≈ ') + shown.slice(0, shown.length - i).join(', ')]);
      return { text: variants.at(-1)?.[0] ?? '', variants };
    }
    if (c.min === null || c.max === null) return { text: '' };
    const ends = [scalarText(c.min, c.type), scalarText(c.max, c.type)].map(printable);
    const [min = '', max = ''] = c.type.kind === 'decimal' ? aligned(ends, c.type) : ends;
    if (min === max) return { text: min };
    const isId = c.role !== null && ['user', 'item', 'positive-item', 'request'].includes(c.role.role);
    const range = `${min} … ${max}`;
    const lines = [min, `… ${max}`];
    if (c.mean === null || isId) return { text: range, variants: [[range], lines] };
    const mean = this.text(message('mean {0}', formatFloat(c.mean)));
    return { text: range, variants: [[range + gap + mean], [range], lines] };
  }

  /** The ends of the bars of vectors. */
  private norms({ histogram }: ColumnProfile): string {
    if (histogram.kind !== 'range' || histogram.of !== 'norm') return '';
    const [from = '', to = ''] = [histogram.from, histogram.to].map((end) => formatFloat(Number(end)));
    return this.text(message('norm {0}', from === to ? from : `${from} … ${to}`));
  }

  groups(): string[] {
    const { groups } = this.report;
    if (groups === null) return [];
    const { title, head, rows, limits } = groupTable(groups, this.options.translate);
    return ['', this.fitLine(title), ...this.table(head, rows, limits)];
  }

  sample(): string[] {
    const { columns, rows } = this.report.sample;
    if (rows.length === 0) return [];
    const byColumn = columns.map(({ type }, i): Cell[] => {
      const align = isNumeric(type) ? 'right' : 'left';
      const texts = aligned(
        rows.map((row) => printable(scalarText(row[i] ?? null, type))),
        type,
      );
      return texts.map((text, r) =>
        ((row) => ((row?.[i] ?? null) === null ? { text, align, tone: 'faint' } : { text, align }))(rows[r]),
      );
    });
    const cells = rows.map((_, r) => byColumn.map((column): Cell => column[r] ?? { text: '' }));
    const widths = columns.map((c, i) =>
      Math.max(
        1,
        Math.min(32, Math.max(cellWidth(printable(c.name)), ...cells.map((row) => cellWidth(row[i]?.text ?? '')))),
      ),
    );
    let used = 0;
    const shown = widths.findIndex((w, i) => (used += w + (i === 0 ? 0 : gap.length)) > this.options.width);
    const count = Math.max(1, shown < 0 ? columns.length : shown);
    const head = columns
      .slice(0, count)
      .map((c, i): Cell => ({ text: printable(c.name), align: cells[0]?.[i]?.align ?? 'left' }));
    const title =
      rows.length === 1 ? this.text(message('First row')) : this.text(message('First {0} rows', rows.length));
    const hidden = columns.length - count + this.report.columnsLeftOut;
    return [
      '',
      this.fitLine(
        hidden === 0
          ? title
          : `${title} · ${this.text(message('columns that do not fit: {0}; choose with --columns', hidden))}`,
      ),
      ...this.table(
        head,
        cells.map((row) => row.slice(0, count)),
        widths.slice(0, count),
      ),
    ];
  }

  notices(): string[] {
    const { notices, format } = this.report.dataset;
    const ids = this.report.columns.flatMap((column) => {
      const note = integerTextsNote(column, traitsOf(format).isText);
      return note ? [printable(this.text(message('{0}: {1}', column.name, note)))] : [];
    });
    const lines = [...notices.map((n) => this.notice(n)), ...ids];
    return lines.length === 0 ? [] : ['', ...lines];
  }

  private notice(n: Notice): string {
    const text = printable(this.text(n.message));
    return n.severity === 'info' ? text : this.paint(n.severity, `! ${text}`);
  }
}

/** The groups of a text report: a title, the head and the rows of a table, and the widest cells of its columns. */
interface GroupTable {
  readonly title: string;
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  readonly limits: readonly number[];
}

function groupTable({ by, total, sources, list }: GroupsReport, translate: Translate): GroupTable {
  const text = (m: Parameters<typeof render>[0]): string => render(m, translate);
  const isFiltered = list.some(({ rows, all }) => rows < all);
  const right = (cell: string): Cell => ({ text: cell, align: 'right' });
  return {
    title: text(
      list.length === total
        ? total === 1
          ? message('1 group')
          : message('{0} groups', formatCount(total))
        : message('First {0} of {1} groups', formatCount(list.length), formatCount(total)),
    ),
    head: [
      ...by.map((name): Cell => ({ text: printable(name) })),
      right(text(message('rows'))),
      ...(isFiltered ? [right(text(message('of')))] : []),
      right(text(message('positives'))),
      right(''),
      { text: text(message('negatives')) },
    ],
    rows: list.map(({ key, rows, all, positives, mix }): Cell[] => [
      ...key.map((value): Cell => (value === null ? { text: 'NULL', tone: 'faint' } : { text: printable(value) })),
      right(formatCount(rows)),
      ...(isFiltered ? [right(formatCount(all))] : []),
      right(positives === null ? '–' : formatCount(positives)),
      right(positives === null || rows === 0 ? '' : formatPercent(positives / rows)),
      {
        text: mix.flatMap((n, k) => (n === 0 ? [] : [`${printable(sources[k] ?? '')} ${formatCount(n)}`])).join(', '),
      },
    ]),
    limits: [...by.map(() => 32), 14, ...(isFiltered ? [14] : []), 14, 8, Infinity],
  };
}

/**
 * A value as exact text with all digits, and with U+2212 as minus. Digits are not grouped, because ids are no amounts.
 */
function scalarText(value: Scalar, type?: LogicalType): string {
  if (value === null) return '∅';
  if (typeof value === 'number')
    return shortestFloat(value, type?.kind === 'float' ? type.bits : 64)
      .replace(/^-/, '−')
      .replace('e-', 'e−');
  if (typeof value === 'string' && (type?.kind === 'integer' || type?.kind === 'decimal'))
    return value.replace(/^-/, '−');
  return String(value);
}
