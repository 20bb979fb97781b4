import { message } from '../../../core/message/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { UnknownCounts } from '../../../core/sampling/unknownCounts.ts';
import { dayText } from '../../../core/table/day.ts';
import { f64At } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import type { SampledTables } from '../sampledTables.ts';
import { dayOf } from '../users/dayOf.ts';
import { anyEvent } from './counts.ts';
import type { Windows } from './windows.ts';
import { within } from './within.ts';

/** Impressions of the split whose label is unknown, by event and day. Ordered by event, then by day. */
export async function unknownEvents(
  sampled: SampledTables,
  { positives: { events, unknown = [] } }: StagePlan,
  { split, knownUntil }: Windows,
  work: Work,
): Promise<UnknownCounts[]> {
  if (unknown.length === 0) return [];
  const positive = anyEvent(
    sampled,
    events.map(({ name }) => name),
    knownUntil,
  );
  const counts = unknown.map(
    ({ name }) => `CAST(count(*) FILTER (WHERE ${sampled.event(name, knownUntil)}) AS DOUBLE)`,
  );
  const rows = await sampled.tables.columnar(
    `SELECT ${dayOf('time', sampled.timezone)} AS day, ${counts.join(', ')} FROM ${sampled.log()}
      WHERE (${anyEvent(
        sampled,
        unknown.map(({ name }) => name),
        knownUntil,
      )}) AND NOT (${positive}) AND ${within('time', split)} GROUP BY day ORDER BY day`,
    message('Counting events'),
    work,
  );
  const days = rows.numbers(0);
  return unknown.flatMap(({ event }, k) => {
    const impressions = rows.numbers(k + 1);
    return Array.from(days, (day, row) => ({
      event,
      day: dayText(day),
      impressions: f64At(impressions, row),
    })).filter((one) => one.impressions > 0);
  });
}
