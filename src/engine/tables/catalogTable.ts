import { duckdbView } from '../../core/viewSql/duckdbView.ts';
import type { FileFacts } from '../../core/table/dataset.ts';
import type { Message } from '../../core/message/message.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { rowColumnName } from '../source/rowColumn.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** A table of Spark as an `OpenTable`: its declared columns, and no rows. */
export function catalogTable({ path, columns = [] }: DatasetRef): {
  readonly relation: () => string;
  readonly reads: () => boolean;
  readonly columns: readonly SourceColumn[];
  readonly rowColumn: string;
  readonly path: string;
  readonly facts: () => Promise<FileFacts>;
  readonly notices: readonly Message[];
} {
  const own = columns.map(({ name, type, partition }) => ({
    name,
    type,
    sqlType: duckdbView.type(type) ?? 'VARCHAR',
    partition,
  }));
  const rowColumn = rowColumnName(own.map(({ name }) => name));
  const values = [
    ...own.map((column) => `CAST(NULL AS ${column.sqlType}) AS ${quoteIdentifier(column.name)}`),
    `0 AS ${quoteIdentifier(rowColumn)}`,
  ];
  return {
    relation: () => `(SELECT ${values.join(', ')} WHERE false)`,
    reads: () => false,
    columns: own,
    rowColumn,
    path,
    facts: () => Promise.reject(new Error(`${path} has no files`)),
    notices: [],
  };
}
