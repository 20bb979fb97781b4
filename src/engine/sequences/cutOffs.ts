import type { Sequence } from '../../core/data/sequences.ts';
import { countUpTo } from '../../core/sampling/kernel/search.ts';
import { f64At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { firstInstants, microsecondsOfDay, wallAt } from '../inputs/world/localTime.ts';

/** The cut-offs of a sequence at some read times, in microseconds. */
export async function cutOffsOf(
  { tables, timezone }: SampledTables,
  { availableAfter, asOf }: Sequence,
  readTimes: Float64Array,
  work: Work,
): Promise<Float64Array> {
  const instants = readTimes.map((time) => time - availableAfter);
  if (asOf === 'request' || instants.length === 0) return instants;
  const ends = [instants.reduce((a, b) => Math.min(a, b)), instants.reduce((a, b) => Math.max(a, b))];
  const [first = 0, last = 0] = await Promise.all(
    ends.map(async (end) => Math.floor((await wallAt(tables, end, timezone, work)) / microsecondsOfDay)),
  );
  const days = Array.from({ length: last - first + 1 }, (_, k) => (first + k) * microsecondsOfDay);
  const starts = await firstInstants(tables, days, timezone, work);
  return instants.map((instant) => f64At(starts, countUpTo(starts, instant) - 1));
}
