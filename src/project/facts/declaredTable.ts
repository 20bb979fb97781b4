import { declaredColumns, partsOfTable } from '../../core/data/catalogTable.ts';
import type { DatasetEntry } from '../../core/data/dataColumns.ts';
import type { DatasetFacts } from '../../core/data/facts.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';

/** True if an entry of `data` is a Spark table. */
export function isTable({ path, table }: DatasetEntry): boolean {
  return table !== undefined && path === undefined;
}

/** A table of Spark by its declared columns, for a job that reads it. */
export function declaredFacts(entry: DatasetEntry): DatasetFacts {
  const refused = (problem: Message): DatasetFacts => ({
    state: 'unreadable',
    failure: { code: 'bad-request', message: problem },
  });
  const { table = '', types = {} } = entry;
  if (table.includes('${')) return { state: 'closed', reason: 'path' };
  if (partsOfTable(table) === null) return refused(message('{0} is not the name of a table', table));
  const columns: { readonly name: string; readonly type: LogicalType }[] = [];
  for (const { name, type } of declaredColumns(entry)) {
    if (type === null) return refused(message('column {0} has the unknown type {1}', name, types[name] ?? ''));
    columns.push({ name, type });
  }
  const day = entry.partition?.column;
  return {
    state: 'known',
    columns: columns.map((column) => ({ ...column, role: null, partition: column.name === day })),
    rows: null,
    files: 0,
    bytes: 0,
    fingerprint: '',
    ranges: {},
    unevenPartitions: [],
    textual: false,
  };
}

/** How a request of the engine names a table of Spark. */
export function tableRef({ table = '' }: DatasetEntry, columns: NonNullable<DatasetRef['columns']>): DatasetRef {
  return {
    id: `table ${table}\0${JSON.stringify(columns)}`,
    path: table,
    columns: columns.map(({ name, type, partition }) => ({ name, type, partition })),
  };
}
