import type { MetricTable } from '../audit/metric.ts';
import type { Message } from '../message/message.ts';
import { valueAt } from '../valueAt.ts';
import { auditCell, auditValue } from './auditValue.ts';
import type { ChartLine } from './lineLayout.ts';

/** Fewest rows of a curve; fewer rows are clearer as a table. */
const MIN_ROWS = 4;

/** A table of a metric as lines over its first column. */
export interface MetricCurve {
  readonly xName: string;
  /** Ascending: the values of the first column, or the number of the row if those are texts. */
  readonly x: readonly number[];
  /** True if `x` are row numbers, because the first column has texts. */
  readonly isText: boolean;
  readonly lines: readonly ChartLine[];
  readonly textOfX: (value: number) => string;
  readonly textOfY: (value: number) => string;
}

/** The curve of a table; null for a table that is shown as a table only. `text` renders a message. */
export function metricCurve(
  { shape, columns, rows }: MetricTable,
  text: (message: Message) => string,
): MetricCurve | null {
  const [first, ...others] = columns;
  if (shape !== 'curve' || rows.length < MIN_ROWS || !first) return null;
  const along = rows.map((row) => valueAt(row, 0));
  const isText = typeof along[0] === 'string';
  const unit = others[0]?.unit ?? 'number';
  return {
    xName: text(first.label),
    isText,
    x: along.map((value, k) => (typeof value === 'number' ? value : k)),
    lines: others.map(({ label }, k) => ({
      label: text(label),
      values: rows.map((row) => {
        const value = valueAt(row, k + 1);
        return typeof value === 'number' && Number.isFinite(value) ? value : null;
      }),
    })),
    textOfX: (x) => (isText ? auditCell(first, valueAt(along, x), text) : auditValue(x, first.unit)),
    textOfY: (y) => auditValue(y, unit),
  };
}
