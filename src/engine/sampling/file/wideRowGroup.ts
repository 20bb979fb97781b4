import { fail, FailureError } from '../../../core/report/failure.ts';
import { message } from '../../../core/report/message.ts';
import { formatBytes } from '../../../core/table/format.ts';
import type { SampleOutput, SamplingData } from '../../../protocol/sampling.ts';
import type { Tables } from '../../answers/tables.ts';
import type { Work } from '../../database/connections.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { refsOf } from '../sampledTables.ts';

/** What is held of a row group, as parts of it packed and unpacked. Measured where every page was a whole column, the most there can be. */
const HELD = 1.25;

/** What is read, and with what. */
interface Reading {
  readonly tables: Tables;
  readonly data: SamplingData;
  readonly output: Pick<SampleOutput, 'passThrough'>;
  readonly threads: number;
}
/** Bytes of the columns that are read, packed and unpacked, and the column with most of them. */
interface RowGroup {
  readonly path: string;
  readonly bytes: number;
  readonly widest: { readonly column: string; readonly bytes: number };
}

/**
 * Why memory did not suffice to read the data sets, where a row group alone may be too much for it. How much of one is in memory depends on its pages, of which the footer says
 * nothing: so it is tried, and this is said when it fails.
 * @returns the error as it is where it means something else
 */
export async function wideRowGroup(error: unknown, { tables, data, output, threads }: Reading, work: Work): Promise<unknown> {
  if (!(error instanceof FailureError) || error.failure.code !== 'out-of-memory' || error.failure.cause === undefined) return error;
  const largest = await largestRowGroup(tables, data, output.passThrough, work);
  if (largest === null) return error;
  const needed = neededOf(largest, threads);
  if (needed <= tables.memoryBytes) return error;
  const { path, widest } = largest;
  return fail('out-of-memory', message('One row group of it takes {0}, packed and unpacked, {1} of them in the column {2}: too much for {3} of memory', formatBytes(largest.bytes), formatBytes(widest.bytes), widest.column, formatBytes(tables.memoryBytes)), {
    place: { path, column: widest.column },
    advice: threads > 1
      ? message('Give the engine about {0} (--memory, or the setting recsample.engine.memoryLimit), or {1} with --threads 1, leave out the column, or write the file with smaller row groups; what no single machine holds is for Spark on a cluster.', formatBytes(needed), formatBytes(neededOf(largest, 1)))
      : message('Give the engine about {0} (--memory, or the setting recsample.engine.memoryLimit), leave out the column, or write the file with smaller row groups; what no single machine holds is for Spark on a cluster.', formatBytes(needed)),
  });
}

/** Every thread reads one, and another is sorted. */
function neededOf({ bytes }: RowGroup, threads: number): number {
  return HELD * (threads + 1) * bytes;
}

/** Of the columns that are read of all Parquet files. */
async function largestRowGroup(tables: Tables, data: SamplingData, passThrough: readonly string[], work: Work): Promise<RowGroup | null> {
  const files = refsOf(data).flatMap((ref) => (tables.format(ref) === 'parquet' ? tables.filesOf(ref).map(({ realPath }) => realPath) : []));
  if (files.length === 0) return null;
  const { log, items, users, candidates, rejections } = data;
  const roles = [log.impressions, log.clicks, items, users, candidates, rejections].flatMap((table) => Object.values<{ readonly name: string } | undefined>(table?.columns ?? {}).flatMap((column) => (column ? [column.name] : [])));
  const names = [...roles, ...log.events.map(({ column }) => column), ...(items?.attributes ?? []), ...(users?.attributes ?? []), ...passThrough];
  // Parts of a nested column are named with its name first.
  const read = [...new Set(names)].map((name) => `path_in_schema = ${quoteLiteral(name)} OR starts_with(path_in_schema, ${quoteLiteral(`${name}, `)})`);
  const [found] = await tables.rows(`SELECT file_name, CAST(sum(bytes) AS DOUBLE), arg_max(name, bytes), CAST(max(bytes) AS DOUBLE) FROM (
    SELECT file_name, row_group_id, split_part(path_in_schema, ', ', 1) AS name, sum(total_compressed_size + total_uncompressed_size) AS bytes
    FROM parquet_metadata([${[...new Set(files)].map(quoteLiteral).join(', ')}]) WHERE ${read.join(' OR ')} GROUP BY ALL) GROUP BY file_name, row_group_id ORDER BY 2 DESC, 1, row_group_id LIMIT 1`, work);
  if (!found) return null;
  const [name, bytes, column, most] = found;
  return { path: String(name), bytes: Number(bytes), widest: { column: String(column), bytes: Number(most) } };
}
