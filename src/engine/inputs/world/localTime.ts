import { message } from '../../../core/message/message.ts';
import { countUpTo } from '../../../core/sampling/kernel/search.ts';
import { f64At } from '../../../core/valueAt.ts';
import type { Tables } from '../../tables/tables.ts';
import type { Work } from '../../database/connections.ts';
import { quoteLiteral } from '../../sql/quote.ts';

/** Microseconds of a calendar day. A day with a change of the clocks is longer or shorter. */
export const microsecondsOfDay = 86_400_000_000;

/** SQL of the wall clock in a zone, as a TIMESTAMP, of a TIMESTAMP in UTC. */
export function wallClock(time: string, timezone: string): string {
  return timezone === 'UTC' ? time : `((${time} AT TIME ZONE 'UTC') AT TIME ZONE ${quoteLiteral(timezone)})`;
}

/**
 * The first instants at which the clock of a zone shows these times or, if it skips them, the next. A midnight that
 * occurs twice is its first occurrence, so that no instant of a day lies before the start of the day.
 * @param walls microseconds of the wall clock since 1970
 * @returns microseconds since 1970 UTC
 */
export async function firstInstants(
  tables: Tables,
  walls: readonly number[],
  timezone: string,
  work: Work,
): Promise<Float64Array> {
  if (timezone === 'UTC' || walls.length === 0) return Float64Array.from(walls);
  const zone = quoteLiteral(timezone);
  // The offset half a day earlier is that before a change of the clocks.
  const given = `((wall AT TIME ZONE ${zone}) AT TIME ZONE 'UTC')`;
  const earlier = `(given - INTERVAL 12 HOUR)`;
  const before = `(wall - (${wallClock(earlier, timezone)} - ${earlier}))`;
  const reached = (instant: string): string => `CASE WHEN ${wallClock(instant, timezone)} >= wall THEN ${instant} END`;
  const rows = await tables.columnar(
    `SELECT CAST(epoch_us(coalesce(least(${reached('given')}, ${reached('before')}), given)) AS DOUBLE)
      FROM (SELECT *, ${before} AS before FROM (SELECT *, ${given} AS given FROM
      (SELECT unnest(range(${walls.length})) AS k, make_timestamp(unnest([${walls.map((wall) => BigInt(wall)).join(', ')}])) AS wall))) ORDER BY k`,
    message('Reading the log'),
    work,
  );
  return rows.numbers(0);
}

/** The first instants of the local days of some instants, in microseconds since 1970 UTC. */
export async function dayStarts(
  tables: Tables,
  instants: Float64Array,
  timezone: string,
  work: Work,
): Promise<Float64Array> {
  if (instants.length === 0) return instants;
  const ends = [instants.reduce((a, b) => Math.min(a, b)), instants.reduce((a, b) => Math.max(a, b))];
  const starts = await startsOfDays(tables, ends, timezone, work);
  return instants.map((instant) => f64At(starts, countUpTo(starts, instant) - 1));
}

/** The first instant of each local day between two instants. */
export async function startsOfDays(
  tables: Tables,
  ends: readonly number[],
  timezone: string,
  work: Work,
): Promise<Float64Array> {
  const [first = 0, last = 0] = await Promise.all(
    ends.map(async (end) => Math.floor((await wallAt(tables, end, timezone, work)) / microsecondsOfDay)),
  );
  const days = Array.from({ length: last - first + 1 }, (_, k) => (first + k) * microsecondsOfDay);
  return await firstInstants(tables, days, timezone, work);
}

/** The wall clock of a zone at an instant, both in microseconds since 1970. */
export async function wallAt(tables: Tables, instant: number, timezone: string, work: Work): Promise<number> {
  if (timezone === 'UTC') return instant;
  const row = await tables.columnar(
    `SELECT CAST(epoch_us(${wallClock(`make_timestamp(${BigInt(instant)})`, timezone)}) AS DOUBLE)`,
    message('Reading the log'),
    work,
  );
  const [wall = NaN] = row.numbers(0);
  return wall;
}
