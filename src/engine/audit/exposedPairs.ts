import { message } from '../../core/message/message.ts';
import { columnOf } from '../tables/roleTable.ts';
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
 * Pairs of user and item with an exposure until the end of the split, as a FROM item: `"user"`, `item`; `unclicked` and
 * `clicked`, which are true if an exposure without, and with, a positive event is among them.
 */
export async function exposedPairs(world: AuditWorld, work: Work): Promise<string> {
  return `(SELECT "user", item, unclicked, clicked FROM ${await loggedPairs(world, work)} WHERE unclicked IS NOT NULL)`;
}

/**
 * `exposedPairs`, and the pairs with a positive event at any time, which have `chosen`. Pairs without an exposure until
 * the end of the split have NULL in `unclicked` and `clicked`.
 *
 * If the log tells which request of the sample showed an item, also the least and the largest request until the end of
 * the split, `"least"` and `"largest"`, and `several`, which is true if there may be others. Requests that are texts
 * would take most of the memory, so their pairs have only `several`.
 */
export async function loggedPairs(world: AuditWorld, work: Work): Promise<string> {
  const [positive, until] = [world.isPositive(), world.untilSplit('time')];
  const inSplit = (x: string): string => (until === 'true' ? x : `CASE WHEN ${until} THEN ${x} END`);
  const request = inSplit('request');
  const requests = !hasRequests(world)
    ? ''
    : hasIntegerRequests(world)
      ? `, min(${request}) AS "least", max(${request}) AS "largest", count(${request}) > 2 AS several`
      : ', true AS several';
  return await world.once(
    `logged pairs${requests}`,
    `SELECT "user", item, bool_or(${inSplit(`NOT ${positive}`)}) AS unclicked, bool_or(${inSplit(positive)}) AS clicked, bool_or(${positive}) AS chosen${requests} FROM ${world.inputs?.log() ?? ''} WHERE ${until} OR ${positive} GROUP BY "user", item`,
    message('Reading the log'),
    work,
  );
}
