import { setImmediate } from 'node:timers/promises';
import { cancelled } from '../../core/queue/cancelled.ts';
import { u32At } from '../../core/valueAt.ts';
import type { Columnar } from '../database/columnar.ts';
import type { Work } from '../database/connections.ts';

/** Most places of the table: 268 MB. */
const MOST_PLACES = 2 ** 26;
/** More hashes are not listed. */
const MOST_SUSPECTS = 10_000;
/** Chunks before other tasks may run: about 10 ms. */
const CHUNKS_BETWEEN_TURNS = 64;

/** Whether the hashes of so many rows fit into the table, which is at most two thirds full. */
export function fitsSuspects(rows: number): boolean {
  return placesFor(rows) <= MOST_PLACES;
}

/**
 * The 64-bit hashes in column 0 that may occur several times: all that do, and by chance a few others, about 1 in a
 * hundred files of 20 million rows. Null if there are many. DuckDB needs a table of all hashes with their counts for
 * that; here, each takes four bytes, so that most rows need one look-up.
 */
export async function suspectHashes(hashes: Columnar, { signal }: Work): Promise<readonly bigint[] | null> {
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
    if (suspects.size > MOST_SUSPECTS) return null;
    if (++chunks % CHUNKS_BETWEEN_TURNS > 0) continue;
    await setImmediate();
    if (signal?.aborted) throw cancelled();
  }
  return [...suspects];
}

function placesFor(rows: number): number {
  return 2 ** Math.max(10, Math.ceil(Math.log2(1.5 * rows)));
}
