import { fail, FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { formatBytes } from '../../core/table/format.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';

/**
 * Memory for a row group, as a multiple of its compressed and uncompressed bytes. Measured when every page was a whole
 * column, which is the worst case.
 */
const HELD = 1.25;

/** Columns of a data set that are copied to the output. */
interface Carried {
  readonly tables: Tables;
  readonly ref: DatasetRef;
  readonly columns: readonly string[];
}
/** Compressed and uncompressed bytes of these columns, and the largest column. */
interface RowGroup {
  readonly path: string;
  readonly bytes: number;
  readonly widest: { readonly column: string; readonly bytes: number };
  /** Number of row groups. */
  readonly of: number;
}

/**
 * Reads copied columns. The memory for a row group depends on its pages, which the footer does not describe. So the
 * read is tried. If memory is too small and a row group may be the reason, the failure says so.
 * @throws what `read` throws
 */
export async function carrying<T>(carried: Carried, work: Work, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw await wideRowGroup(error, carried, work);
  }
}

/** @returns the error unchanged if it has another meaning */
async function wideRowGroup(error: unknown, carried: Carried, { signal }: Work): Promise<unknown> {
  if (!(error instanceof FailureError) || error.failure.code !== 'out-of-memory') return error;
  // An engine without memory may fail again; then the first error counts.
  const largest = await largestRowGroup(carried, { signal }).catch(() => null);
  if (largest === null) return error;
  const {
    tables: { threads, memoryBytes },
    ref,
  } = carried;
  const {
    path,
    bytes,
    widest: { column, bytes: most },
  } = largest;
  const reading = Math.min(threads, largest.of);
  const needed = neededOf(largest, reading);
  if (needed <= memoryBytes) return error;
  return fail(
    'out-of-memory',
    message(
      'A row group has {0} (compressed plus uncompressed), {1} of it in the column {2}. This is probably too much for {3} of memory',
      formatBytes(bytes),
      formatBytes(most),
      column,
      formatBytes(memoryBytes),
    ),
    {
      place: { path, column, dataset: ref.path },
      ...(error.failure.cause === undefined ? {} : { cause: error.failure.cause }),
      advice:
        reading > 1
          ? message(
              'Give the engine about {0} (--memory, or the setting recsample.engine.memoryLimit), or {1} with one thread (--threads 1, or recsample.engine.threads). Or leave out the column, or write the file with smaller row groups. Use Spark on a cluster if the data does not fit on one machine.',
              formatBytes(needed),
              formatBytes(neededOf(largest, 1)),
            )
          : message(
              'Give the engine about {0} (--memory, or the setting recsample.engine.memoryLimit), leave out the column, or write the file with smaller row groups. Use Spark on a cluster if the data does not fit on one machine.',
              formatBytes(needed),
            ),
    },
  );
}

/** This many are read at a time, and one more is sorted. */
function neededOf({ bytes }: RowGroup, reading: number): number {
  return HELD * (reading + 1) * bytes;
}

async function largestRowGroup({ tables, ref, columns }: Carried, work: Work): Promise<RowGroup | null> {
  const { files } = tables.fileSet(ref);
  const sql = columns.length === 0 ? undefined : tables.table(ref).largestRowGroup?.(columns);
  if (sql === undefined) return null;
  const [found] = await tables.rows(sql, work);
  if (!found) return null;
  const [name, bytes, column, most, of] = found;
  const file = files.find(({ realPath }) => realPath === name);
  return file
    ? { path: file.path, bytes: Number(bytes), widest: { column: String(column), bytes: Number(most) }, of: Number(of) }
    : null;
}
