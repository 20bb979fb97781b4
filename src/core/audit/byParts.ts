import { message } from '../message/message.ts';
import type { MetricOutcome, MetricTable, TableColumn, Value } from './metric.ts';

/** The metrics of the rows with one value of the column of `--by`. */
export interface MeasuredPart {
  readonly value: string | null;
  readonly outcomes: readonly MetricOutcome[];
}

type MeasuredOutcome = Extract<MetricOutcome, { readonly state: 'measured' }>;

const valueColumn: TableColumn = { id: 'value', label: message('by value'), unit: 'text' };

/**
 * Adds the figures and lists of each part to a metric. The table `by_value` has a row for each value and a column for
 * each figure. The table `<id>_by_value` has the rows of the table `<id>` of every value.
 */
export function withParts(total: MetricOutcome, parts: readonly MeasuredPart[]): MetricOutcome {
  if (total.state !== 'measured' || total.metric === 'by') return total;
  const measured = parts.flatMap(({ value, outcomes }) => {
    const outcome = outcomes.find(({ metric }) => metric === total.metric);
    return outcome?.state === 'measured' ? [{ value, outcome }] : [];
  });
  if (measured.length === 0) return total;
  return { ...total, tables: [...total.tables, ...figureTable(measured), ...listTables(measured)] };
}

type Parts = readonly { readonly value: string | null; readonly outcome: MeasuredOutcome }[];

function figureTable(parts: Parts): MetricTable[] {
  const columns = new Map<string, TableColumn>();
  for (const { outcome } of parts)
    for (const { id, label, unit } of outcome.figures) if (!columns.has(id)) columns.set(id, { id, label, unit });
  if (columns.size === 0) return [];
  return [
    {
      id: 'by_value',
      shape: 'list',
      columns: [valueColumn, ...columns.values()],
      rows: parts.map(({ value, outcome: { figures } }): Value[] => [
        value,
        ...[...columns.keys()].map((id) => figures.find((figure) => figure.id === id)?.value ?? null),
      ]),
    },
  ];
}

function listTables(parts: Parts): MetricTable[] {
  const lists = new Map<string, MetricTable>();
  for (const { outcome } of parts)
    for (const table of outcome.tables) if (table.shape === 'list' && !lists.has(table.id)) lists.set(table.id, table);
  return [...lists.values()].map(({ id, columns }) => ({
    id: `${id}_by_value`,
    shape: 'list',
    columns: [valueColumn, ...columns],
    rows: parts.flatMap(({ value, outcome }) =>
      (outcome.tables.find((table) => table.id === id)?.rows ?? []).map((row) => [value, ...row]),
    ),
  }));
}
