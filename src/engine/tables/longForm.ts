import { negativeName } from '../../core/data/columnOwner.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { AskedSamples } from '../../protocol/answers.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { OpenTable } from './tables.ts';

/**
 * A sample file as a table with one row per sample, in the columns `names`.
 *
 * `grouped`: lists are unnested together. `wide`: the column `x` is the value of the positive, and the list
 * `negative_x` has those of the negatives. Without such a list, all rows of the group share `x`; without `x`, it is NULL
 * for the positive. The label follows from the place.
 */
export function longForm(table: OpenTable, { layout, columns }: AskedSamples, names: readonly string[]): OpenTable {
  if (layout === 'long') return table;
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const found = [...new Set(names)].flatMap((name): LongColumn[] => {
    if (layout === 'wide' && name === columns.label.name) return [];
    const own = byName.get(name);
    const list = layout === 'wide' ? byName.get(negativeName(name)) : undefined;
    const column = own ?? list;
    return column ? [{ name, own, list, column: { ...column, name, ...elementOf(column) } }] : [];
  });
  const one = quoteIdentifier;
  const ownSql = ({ name, own, column }: LongColumn): string =>
    own === undefined
      ? `CAST(NULL AS ${column.sqlType}) AS ${one(name)}`
      : own.type.kind === 'list'
        ? `unnest(${one(name)}) AS ${one(name)}`
        : one(name);
  const negativeSql = ({ name, own, list }: LongColumn): string =>
    list === undefined
      ? own?.type.kind === 'list'
        ? `unnest(${one(name)}) AS ${one(name)}`
        : one(name)
      : list.type.kind === 'list'
        ? `unnest(${one(list.name)}) AS ${one(name)}`
        : `${one(list.name)} AS ${one(name)}`;
  const label: SourceColumn = {
    name: columns.label.name,
    type: { kind: 'boolean' },
    sqlType: 'BOOLEAN',
    partition: false,
  };
  const select = (sql: (column: LongColumn) => string, value: string): string =>
    [...found.map(sql), ...(layout === 'wide' ? [`${value} AS ${one(label.name)}`] : [])].join(', ');
  return {
    ...table,
    columns: [...found.map(({ column }) => column), ...(layout === 'wide' ? [label] : [])],
    relation: (days) => {
      const from = table.relation(days);
      return layout === 'wide'
        ? `(SELECT ${select(ownSql, 'true')} FROM ${from} UNION ALL SELECT ${select(negativeSql, 'false')} FROM ${from})`
        : `(SELECT ${select(ownSql, '')} FROM ${from})`;
    },
  };
}

interface LongColumn {
  readonly name: string;
  /** The column of that name in the file. */
  readonly own: SourceColumn | undefined;
  /** The list of the negatives. */
  readonly list: SourceColumn | undefined;
  /** The column of the long form. */
  readonly column: SourceColumn;
}

/** The type of one value of a column; for a list, the type of its elements. */
function elementOf({ type, sqlType }: SourceColumn): { readonly type: LogicalType; readonly sqlType: string } {
  return type.kind === 'list' ? { type: type.item, sqlType: sqlType.replace(/\[\d*\]$/, '') } : { type, sqlType };
}
