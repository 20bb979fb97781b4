import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { SampledTables } from './sampledTables.ts';
import { microseconds, within } from './world/bounds.ts';
import { anyEvent } from './world/counts.ts';
import type { Windows } from './world/loadedWorld.ts';

/**
 * SQL of all positives of the unit positive before `downsample_hot` and the cap, without repeated keys. Columns:
 * `"user"`, `item`, `time`, `request` (empty without one), and `event` as its index in the plan.
 */
export function positiveSql(
  sampled: SampledTables,
  { positives: { events } }: StagePlan,
  { split }: Pick<Windows, 'split'>,
): string {
  const names = events.map(({ name }) => name);
  const request = sampled.data.log.impressions.columns.request ? `coalesce(CAST(request AS VARCHAR), '')` : `''`;
  const event = `CASE ${names.map((name, k) => `WHEN ${sampled.event(name)} THEN ${k}`).join(' ')} END`;
  return `SELECT DISTINCT "user", item, time, ${request} AS request, ${event} AS event FROM ${sampled.log()} WHERE (${anyEvent(sampled, names)}) AND ${within('time', split)}`;
}

/**
 * SQL of the key of a positive, given the SQL of its parts: ids, the time, the request as text, and the index of its
 * event in the plan.
 */
export function positiveKeySql(
  { positives: { events } }: StagePlan,
  { user, item, time, request, event }: Readonly<Record<'user' | 'item' | 'time' | 'request' | 'event', string>>,
): string {
  const name = `CASE ${event} ${events.map((one, k) => `WHEN ${k} THEN ${quoteLiteral(one.name)}`).join(' ')} END`;
  // The time goes through a double, as in blocks of users.
  return `concat(${[`CAST(${user} AS VARCHAR)`, `CAST(${item} AS VARCHAR)`, `CAST(CAST(${microseconds(time)} AS BIGINT) AS VARCHAR)`, request, name].join(', chr(31), ')})`;
}
