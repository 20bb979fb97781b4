import { DuckDBDataChunk, BIGINT, VARCHAR, type DuckDBConnection, type DuckDBType } from '@duckdb/node-api';
import ddb from '@duckdb/node-bindings';
import { quoteIdentifier } from '../sql/quote.ts';
import { fillConstant, fillVector } from '../ipc/fillVector.ts';
import type { Slice } from '../ipc/ipcFile.ts';

const CHUNK_ROWS = 2048;

/** The columns of a table: row number, own columns, then one text for each partition column. */
export interface ArrowTable {
  /** SQL name. */
  readonly table: string;
  /** Name for the appender. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: DuckDBType }[];
}

/** Creates an empty table. */
export async function createTable(connection: DuckDBConnection, { table, columns }: ArrowTable): Promise<void> {
  const list = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type.toString()}`);
  await connection.run(`CREATE TABLE ${table} (${list.join(', ')})`);
}

/** Appends rows, numbered from `first`, and makes them visible to other connections. */
export async function appendSlices(
  connection: DuckDBConnection,
  { name, columns }: ArrowTable,
  slices: readonly Slice[],
  first: number,
  partition: readonly (string | null)[],
): Promise<void> {
  const appender = await connection.createAppender(name);
  try {
    const chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
    let row = first;
    for (const slice of slices) {
      for (let from = 0; from < slice.rows; from += CHUNK_ROWS) {
        const count = Math.min(CHUNK_ROWS, slice.rows - from);
        chunk.reset();
        chunk.rowCount = count;
        const vector = (k: number): ReturnType<typeof ddb.data_chunk_get_vector> =>
          ddb.data_chunk_get_vector(chunk.chunk, k);
        const numbers = BigInt64Array.from({ length: count }, (_, k) => BigInt(row + k));
        ddb.copy_data_to_vector(vector(0), 0, numbers.buffer, 0, numbers.byteLength);
        slice.columns.forEach((column, k) => {
          fillVector(vector(k + 1), column, from, count);
        });
        partition.forEach((text, k) => {
          fillConstant(vector(k + 1 + slice.columns.length), text, count);
        });
        appender.appendDataChunk(chunk);
        row += count;
      }
    }
  } finally {
    appender.closeSync();
  }
}

/** Memory of a row number, and as much for the time that a row takes even without values. */
const NUMBER_BYTES = 16;
/** Memory of a text, without its characters. */
const TEXT_BYTES = 16;

/** Bytes of a row beyond the columns of its file. `partition`: values of its folders. */
export function addedBytes(partition: readonly (string | null)[]): number {
  return partition.reduce((sum, text) => sum + TEXT_BYTES + (text?.length ?? 0), NUMBER_BYTES);
}

/** Types of the columns that every table has before and after its own. */
export const rowType = BIGINT;
export const partitionType = VARCHAR;
