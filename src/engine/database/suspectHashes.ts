import { setImmediate } from 'node:timers/promises';
import { failureOf } from '../../core/message/failure.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import { u32At } from '../../core/valueAt.ts';
import type { Columnar } from './columnar.ts';
import type { Work } from './connections.ts';

/** Share of the memory of DuckDB that the hashes and the table of their words may take. */
const MEMORY_SHARE = 0.25;
/** Places are numbered by 31 bits. */
const MOST_PLACES = 2 ** 31;
/** More hashes are not listed. */
const MOST_SUSPECTS = 500_000;
/** Chunks before other tasks may run: about 10 ms. */
const CHUNKS_BETWEEN_TURNS = 64;

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

/**
 * A query with the column `h`: all hashes that several rows have, and maybe a few others. Count again before rows count
 * as repeated.
 */
export async function suspectSql(
  { hash, from, rows, memoryBytes }: HashedRows,
  read: (sql: string) => Promise<Columnar>,
  work: Work,
): Promise<string> {
  const places = placesFor(rows);
  const isTooLarge = places > MOST_PLACES || 8 * rows + 4 * places > MEMORY_SHARE * memoryBytes;
  const suspects = isTooLarge ? null : await suspectsIn(() => read(`SELECT ${hash} FROM ${from}`), work);
  return suspects === null
    ? `SELECT h FROM (SELECT ${hash} AS h FROM ${from}) GROUP BY h HAVING count(*) > 1`
    : // A text is parsed much faster than a list of numbers.
      `SELECT CAST(unnest(string_split('${suspects.join(' ')}', ' ')) AS UBIGINT) AS h WHERE ${suspects.length > 0}`;
}

/** Null also if the hashes or the table of their words do not fit into memory. */
async function suspectsIn(read: () => Promise<Columnar>, work: Work): Promise<readonly bigint[] | null> {
  try {
    return await suspectHashes(await read(), work);
  } catch (error) {
    // V8 throws a RangeError if it cannot allocate an array.
    if (error instanceof RangeError || failureOf(error).code === 'out-of-memory') return null;
    throw error;
  }
}

/**
 * The 64-bit hashes in column 0 that may occur several times: all that do, and by chance one more in about 1 of
 * 300 files of 20 million rows. Null if there are many. DuckDB needs a table of all hashes with their counts for
 * that; here, each takes four bytes, so that most rows need one look-up.
 */
export async function suspectHashes(
  hashes: Columnar,
  { signal }: Work,
  most = MOST_SUSPECTS,
): Promise<readonly bigint[] | null> {
  const places = placesFor(hashes.rows);
  const mask = places - 1;
  // The low word of a hash says where to look for its high word. 0 is an empty place.
  const highWords = new Uint32Array(places);
  const suspects = new Set<bigint>();
  const add = (low: number, high: number): void => {
    const kept = high || 1;
    let place = low & mask;
    let found = u32At(highWords, place);
    while (found !== 0 && found !== kept) {
      place = (place + 1) & mask;
      found = u32At(highWords, place);
    }
    if (found === 0) highWords[place] = kept;
    else suspects.add((BigInt(high) << 32n) | BigInt(low));
  };
  let chunks = 0;
  for (const words of hashes.wordChunks(0)) {
    for (let at = 0; at < words.length; at += 2) add(u32At(words, at), u32At(words, at + 1));
    if (suspects.size > most) return null;
    if (++chunks % CHUNKS_BETWEEN_TURNS > 0) continue;
    await setImmediate();
    if (signal?.aborted) throw cancelled();
  }
  return [...suspects];
}

/** At most two thirds of the places are taken. */
function placesFor(rows: number): number {
  return 2 ** Math.max(10, Math.ceil(Math.log2(1.5 * rows)));
}
