import type { Sequence } from '../../core/data/sequences.ts';
import type { Work } from '../database/connections.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { dayStarts } from '../inputs/world/localTime.ts';

/** The cut-offs of a sequence at some read times, in microseconds. */
export async function cutOffsOf(
  { tables, timezone }: SampledTables,
  { availableAfter, asOf }: Sequence,
  readTimes: Float64Array,
  work: Work,
): Promise<Float64Array> {
  const instants = readTimes.map((time) => time - availableAfter);
  return asOf === 'request' ? instants : await dayStarts(tables, instants, timezone, work);
}
