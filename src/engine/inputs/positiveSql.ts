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

/** SQL of the parts that every key of a group of one row begins with: ids, the time, and the request as text. */
type KeyParts = Readonly<Record<'user' | 'item' | 'time' | 'request', string>>;

/** SQL of the key of a positive. `event`: the index of its event in the plan. */
export function positiveKeySql(
  { positives: { events } }: StagePlan,
  { event, ...parts }: KeyParts & { readonly event: string },
): string {
  return keySql(
    parts,
    `CASE ${event} ${events.map((one, k) => `WHEN ${k} THEN ${quoteLiteral(one.name)}`).join(' ')} END`,
  );
}

/** @param last the last part of the key; NULL is empty */
export function keySql({ user, item, time, request }: KeyParts, last: string): string {
  // The time goes through a double, as in blocks of users.
  return `concat(${[`CAST(${user} AS VARCHAR)`, `CAST(${item} AS VARCHAR)`, `CAST(CAST(${microseconds(time)} AS BIGINT) AS VARCHAR)`, request, last].join(', chr(31), ')})`;
}
