import type { LogicalType } from '../../core/table/type.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { rowColumnName } from '../source/rowColumn.ts';
import { sqlType } from '../sql/filter.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { OpenTable } from './tables.ts';

/** A table of Spark: its declared columns, and no rows. */
export function catalogTable({ path, columns = [] }: DatasetRef): OpenTable {
  const own = columns.map(({ name, type, partition }) => ({ name, type, sqlType: nullType(type), partition }));
  const values = [
    ...own.map((column) => `CAST(NULL AS ${column.sqlType}) AS ${quoteIdentifier(column.name)}`),
    `0 AS ${quoteIdentifier(rowColumnName(own.map(({ name }) => name)))}`,
  ];
  return {
    relation: () => `(SELECT ${values.join(', ')} WHERE false)`,
    reads: () => false,
    columns: own,
    path,
    facts: () => Promise.reject(new Error(`${path} has no files`)),
    notices: [],
  };
}

function nullType(type: LogicalType): string {
  if (type.kind === 'list') return `${nullType(type.item)}[]`;
  return type.kind === 'binary' ? 'BLOB' : sqlType(type);
}
