import { failureOf } from '../../core/message/failure.ts';
import type { Columnar } from './columnar.ts';
import type { Work } from './connections.ts';
import { bytesOfHashes, HashPartitions } from './hashPartitions.ts';

/** Share of the memory of DuckDB that the hashes may take. */
const MEMORY_SHARE = 0.25;
/** More hashes are not listed. */
const MAX_SUSPECTS = 500_000;

/** Rows that are compared by hashes. */
interface HashedRows {
  /** SQL of the 64-bit hash of a row. */
  readonly hash: string;
  /** A FROM item, with a condition. */
  readonly from: string;
  /** At least their number. */
  readonly rows: number;
  /** Memory limit of DuckDB. If the hashes take too much of it, DuckDB compares them, and writes them to disk. */
  readonly memoryBytes: number;
}

type Read = (sql: string) => Promise<Columnar>;

/** A query with the column `h`: all hashes that several rows have. */
export async function suspectSql(hashed: HashedRows, read: Read, work: Work): Promise<string> {
  const { hash, from } = hashed;
  const suspects = await fromHashes(hashed, read, async (hashes) => await suspectHashes(hashes, work));
  return suspects === null
    ? `SELECT h FROM (SELECT ${hash} AS h FROM ${from}) GROUP BY h HAVING count(*) > 1`
    : // A text is parsed much faster than a list of numbers.
      `SELECT CAST(unnest(string_split('${suspects.join(' ')}', ' ')) AS UBIGINT) AS h WHERE ${suspects.length > 0}`;
}

/**
 * Rows, and their different hashes. Null if DuckDB must count them, which takes about twice as long: each of its
 * look-ups waits for the memory.
 */
export async function distinctHashes(
  hashed: HashedRows,
  read: Read,
  work: Work,
): Promise<{ readonly rows: number; readonly distinct: number } | null> {
  return await fromHashes(hashed, read, async (hashes) => {
    const partitions = await HashPartitions.of(hashes, work);
    const distinct = await partitions.distinct(work);
    return distinct === null ? null : { rows: hashes.rows, distinct };
  });
}

/** The result of `take`. Null also if the hashes do not fit into memory. */
async function fromHashes<T>(
  { hash, from, rows, memoryBytes }: HashedRows,
  read: Read,
  take: (hashes: Columnar) => Promise<T | null>,
): Promise<T | null> {
  if (bytesOfHashes(rows) > MEMORY_SHARE * memoryBytes) return null;
  try {
    return await take(await read(`SELECT ${hash} FROM ${from}`));
  } catch (error) {
    // V8 throws a RangeError if it cannot allocate an array.
    if (error instanceof RangeError || failureOf(error).code === 'out-of-memory') return null;
    throw error;
  }
}

/**
 * The 64-bit hashes in column 0 that occur several times. Null if there are many. DuckDB needs a table of all hashes
 * with their counts for that.
 */
export async function suspectHashes(
  hashes: Columnar,
  work: Work,
  most = MAX_SUSPECTS,
): Promise<readonly bigint[] | null> {
  const suspects = new Set<bigint>();
  const partitions = await HashPartitions.of(hashes, work);
  const distinct = await partitions.distinct(
    work,
    (low, high) => suspects.add((BigInt(high) << 32n) | BigInt(low)),
    () => suspects.size <= most,
  );
  return distinct === null ? null : [...suspects];
}
