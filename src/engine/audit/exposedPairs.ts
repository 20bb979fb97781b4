import { message } from '../../core/message/message.ts';
import { columnOf } from '../answers/roleTable.ts';
import type { Work } from '../database/connections.ts';
import type { AuditWorld } from './auditWorld.ts';
import { idKindOf } from './sampleRelation.ts';

/** Whether the requests of the sample and of the log are integers. Others are compared as texts. */
export function hasIntegerRequests({ sample, tables, request }: AuditWorld): boolean {
  const impressions = request.data?.log.impressions;
  const asked = impressions?.columns.request;
  if (impressions === undefined || asked === undefined || sample.kind('request') !== 'integer') return false;
  return idKindOf(columnOf(tables.table(impressions.ref), asked.name).type, asked.type) === 'integer';
}

/** SQL of a request as a value that compares with those of the sample and of the log. */
export function requestSql(world: AuditWorld, x: string): string {
  const isRead = world.request.data?.log.impressions.columns.request !== undefined;
  return !isRead || hasIntegerRequests(world) ? x : `CAST(${x} AS VARCHAR)`;
}

/** Whether the log tells which request of the sample showed an item. */
export function hasRequests({ sample, request }: AuditWorld): boolean {
  return sample.has('user', 'request') && request.data?.log.impressions.columns.request !== undefined;
}

/**
 * Pairs of user and item with an exposure until the end of the split: `"user"`, `item`; `unclicked` and `clicked`, which
 * are true if an exposure without, and with, a positive event is among them.
 *
 * If the log tells which request of the sample showed an item, also the least and the largest request, `"least"` and
 * `"largest"`, and `several`, which is true if there may be others. Requests that are texts would take most of the
 * memory, so their pairs have only `several`.
 */
export async function exposedPairs(world: AuditWorld, work: Work): Promise<string> {
  const positive = world.isPositive();
  const requests = !hasRequests(world)
    ? ''
    : hasIntegerRequests(world)
      ? ', min(request) AS "least", max(request) AS "largest", count(request) > 2 AS several'
      : ', true AS several';
  return await world.once(
    `exposed pairs${requests}`,
    `SELECT "user", item, bool_or(NOT ${positive}) AS unclicked, bool_or(${positive}) AS clicked${requests} FROM ${world.inputs?.log() ?? ''} WHERE ${world.untilSplit('time')} GROUP BY "user", item`,
    message('Reading the log'),
    work,
  );
}
