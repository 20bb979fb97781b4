import type { Measured, Value } from '../../../src/core/audit/metric.ts';

/** The rows of a table of a metric; empty if it was not measured. */
export function rowsIn(metric: Measured | null, table: string): readonly (readonly Value[])[] {
  return metric?.tables.find(({ id }) => id === table)?.rows ?? [];
}

/** A figure of a metric as a number; null if there is none. */
export function figureIn(metric: Measured | null, figure: string): number | null {
  const value = metric?.figures.find(({ id }) => id === figure)?.value;
  return typeof value === 'number' ? value : null;
}

/** A column of a table by its name; null if the table or the column is missing. */
export function columnIn(metric: Measured | null, table: string, column: string): readonly Value[] | null {
  const metricTable = metric?.tables.find(({ id }) => id === table);
  const index = metricTable?.columns.findIndex(({ id }) => id === column) ?? -1;
  return metricTable && index >= 0 ? metricTable.rows.map((row) => row[index] ?? null) : null;
}
