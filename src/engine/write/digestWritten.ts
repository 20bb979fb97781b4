import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { isDigested, type RowsDigest } from '../../core/table/rowsDigest.ts';
import { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { digestRows } from '../digest/digestRows.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import type { WrittenFile } from './placedWriter.ts';

/**
 * Digest of the rows of files in one folder, as `recsample inspect --digest` computes it for the folder. Undefined if
 * the files have no columns: JSON Lines without rows.
 */
export async function digestWritten(
  files: readonly WrittenFile[],
  options: DatasetOptions,
  work: Work,
): Promise<RowsDigest | undefined> {
  const [first] = files;
  if (first === undefined) return undefined;
  // A single file has other files next to it.
  const path = files.length === 1 ? first.path : dirname(first.path);
  const ref = { id: path, path };
  let tables: Tables;
  try {
    tables = await Tables.open([ref], join(options.temporaryDirectory, randomUUID()), options, work);
  } catch (error) {
    if (error instanceof FailureError && files.every(({ rows }) => rows === 0)) return undefined;
    throw error;
  }
  try {
    const table = tables.table(ref);
    return await digestRows(
      table.relation(),
      table.columns.filter(isDigested),
      async (sql) => await tables.statement(sql, message('Computing the digest'), work),
    );
  } finally {
    await tables.close();
  }
}
