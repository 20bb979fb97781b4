import type { Figure, MetricOutcome, MetricTable } from '../audit/metric.ts';
import { valueAt } from '../valueAt.ts';
import { message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { formatCount } from '../table/format.ts';
import type { AuditReport } from './auditReport.ts';
import { AuditSummary } from './auditSummary.ts';
import { auditCell, auditValue } from './auditValue.ts';
import { findingLines } from './findingLines.ts';
import { TextWriter, type TextOptions } from './textWriter.ts';
import { findingDrift } from './findingDrift.ts';
import { metricCurve, type MetricCurve } from './metricCurve.ts';
import { notMeasured } from './notMeasured.ts';
import { sampleRoles } from './sampleRoles.ts';
import { sparkline } from './sparkline.ts';
import { type Cell } from './textTable.ts';

/** Rows of a list that a terminal shows; JSON has all of them. */
const MAX_ROWS = 20;
const CURVE_CELLS = 50;
const indent = '  ';

/**
 * Terminal report: findings and verdicts, in at most 25 lines. With `details`, also the roles of the columns, every
 * metric, and what could not be measured and why.
 */
export function auditText(report: AuditReport, options: TextOptions & { readonly details: boolean }): string {
  const lines = options.details ? new Writer(report, options).lines() : new AuditSummary(report, options).lines();
  return lines.map((line) => `${line}\n`).join('');
}

class Writer extends TextWriter {
  readonly #summary: AuditSummary;

  constructor(
    private readonly report: AuditReport,
    options: TextOptions,
  ) {
    super(options);
    this.#summary = new AuditSummary(report, options);
  }

  lines(): string[] {
    const { findings, metrics, sample } = this.report;
    return [
      ...this.#summary.head(),
      ...this.wrapped(message('columns: {0}', printable(sampleRoles(sample))), 'faint'),
      ...this.#summary.verdict(),
      ...findingLines(findings, this.options).flatMap(({ head, details }) => [...head, ...details.flat()]),
      ...this.#baseline(),
      ...this.#summary.figures(),
      ...metrics.flatMap((outcome) => this.#metric(outcome)),
      ...this.#notRun(),
    ];
  }

  #baseline(): string[] {
    const { baseline } = this.report;
    if (!baseline) return [];
    const lines = findingDrift(baseline).flatMap((line) => this.wrapped(line, null, indent));
    return this.section(message('Since {0}', printable(baseline.path)), lines);
  }

  #metric(outcome: MetricOutcome): string[] {
    if (outcome.state === 'not-run') return [];
    const { figures, tables, notes } = outcome;
    return this.section(outcome.title, [
      ...this.#figures(figures),
      ...tables.filter(({ isForCharts }) => isForCharts !== true).flatMap((table) => this.#tableOf(table)),
      ...notes.flatMap((note) => this.wrapped(note, 'faint', indent)),
    ]);
  }

  #figures(figures: readonly Figure[]): string[] {
    if (figures.length === 0) return [];
    const rows = figures.map(({ label, value, unit, low, high }): Cell[] => [
      { text: this.text(label) },
      { text: auditValue(value, unit), align: 'right' },
      {
        text:
          low === undefined || high === undefined
            ? ''
            : this.text(message('{0} to {1}', auditValue(low, unit), auditValue(high, unit))),
        tone: 'faint',
      },
    ]);
    return this.table([{ text: '' }, { text: '' }, { text: '' }], rows, [60, 32, 40], indent).slice(1);
  }

  #tableOf(table: MetricTable): string[] {
    const curve = metricCurve(table, (m) => this.text(m));
    if (curve) return this.#curve(curve);
    const { columns, rows } = table;
    const visibleRows = rows.slice(0, MAX_ROWS);
    const head: Cell[] = columns.map(({ label, unit }) => ({
      text: this.text(label),
      align: unit === 'text' ? 'left' : 'right',
    }));
    const cells = visibleRows.map((row) =>
      columns.map((column, k): Cell => ({
        text: auditCell(column, valueAt(row, k), (m) => this.text(m)),
        align: column.unit === 'text' ? 'left' : 'right',
      })),
    );
    const remaining = rows.length - visibleRows.length;
    return [
      ...this.table(
        head,
        cells,
        columns.map(() => 40),
        indent,
      ),
      ...(remaining === 0
        ? []
        : this.wrapped(message('{0} more rows in the JSON', formatCount(remaining)), 'faint', indent)),
    ];
  }

  /** A line of bars for each column of the table, except the first one. */
  #curve({ xName, x, lines, textOfX }: MetricCurve): string[] {
    const cells = lines.map(({ label, values }): Cell[] => {
      const numbers = values.map((value) => value ?? 0);
      return [{ text: label }, { text: sparkline(numbers.length > CURVE_CELLS ? mergeNeighbours(numbers) : numbers) }];
    });
    const bars = this.table([{ text: '' }, { text: '' }], cells, [40, CURVE_CELLS + 1], indent).slice(1);
    const [first, last] = [valueAt(x, 0), valueAt(x, x.length - 1)];
    const along = message('{0}: {1} to {2}', xName, textOfX(first), textOfX(last));
    return [...bars, ...this.wrapped(along, 'faint', indent)];
  }

  #notRun(): string[] {
    const reasons = new Map<string, string[]>();
    for (const { name, because } of notMeasured(this.report)) {
      const reason = printable(this.text(because));
      reasons.set(reason, [...(reasons.get(reason) ?? []), this.text(name)]);
    }
    if (reasons.size === 0) return [];
    return this.section(
      message('Not measured'),
      [...reasons].flatMap(([reason, names]) =>
        this.wrapped(message('{0}: {1}', names.join(', '), reason), null, indent),
      ),
    );
  }
}

/** Means of neighbouring values, so that the curve fits into the line. */
function mergeNeighbours(values: readonly number[]): number[] {
  const size = Math.ceil(values.length / CURVE_CELLS);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, k) => {
    const neighbours = values.slice(k * size, (k + 1) * size);
    return neighbours.reduce((sum, value) => sum + value, 0) / neighbours.length;
  });
}
