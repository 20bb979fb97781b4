import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { anyUnmatched, unexposedPositives } from './events/unmatchedSql.ts';
import type { SampledTables } from './sampledTables.ts';
import { microseconds, within } from './world/within.ts';
import { anyEvent } from './world/counts.ts';
import type { Windows } from './world/windows.ts';

/**
 * SQL of all positives of the unit positive before `downsample_hot` and the cap, without repeated keys. Columns:
 * `"user"`, `item`, `time`, `request` (empty without one), and `event` as its index in the plan.
 */
export function positiveSql(
  sampled: SampledTables,
  { positives: { events } }: StagePlan,
  { split, knownUntil }: Pick<Windows, 'split' | 'knownUntil'>,
): string {
  const names = events.map(({ name }) => name);
  const request = sampled.data.log.impressions.columns.request ? `coalesce(CAST(request AS VARCHAR), '')` : `''`;
  const event = `CASE ${names.map((name, k) => `WHEN ${sampled.event(name, knownUntil)} THEN ${k}`).join(' ')} END`;
  const exposed = `SELECT DISTINCT "user", item, time, ${request} AS request, ${event} AS event FROM ${sampled.log()} WHERE (${anyEvent(sampled, names, knownUntil)}) AND ${within('time', split)}`;
  const unexposed = unexposedPositives(sampled, events, { split, knownUntil });
  if (unexposed === null) return exposed;
  const own = `CASE ${names.map((name, k) => `WHEN ${anyUnmatched(sampled, [name])} THEN ${k}`).join(' ')} END`;
  return `${exposed} UNION ALL SELECT DISTINCT "user", item, time, coalesce(request, '') AS request, ${own} AS event FROM ${unexposed}`;
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
