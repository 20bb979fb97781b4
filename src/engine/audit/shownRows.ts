import { message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import type { AuditWorld } from './auditWorld.ts';
import { splitSql } from './byColumn.ts';
import { exposedPairs, hasIntegerRequests, hasRequests, requestSql } from './exposedPairs.ts';

const label = message('Looking for exposures of negatives');

/**
 * Rows whose user has an exposure of the item until the end of the split, counted in one pass, as a FROM item: `label`,
 * `split`, `entry`, `n`, and of these rows those with an exposure in their own request, `same`. The sample must have
 * users and a label, and ids that compare with those of the log.
 */
export async function shownRows(world: AuditWorld, work: Work): Promise<string> {
  const { sample, inputs } = world;
  const hasRequest = hasRequests(world);
  const bounds = hasRequest && hasIntegerRequests(world) ? ['"least"', '"largest"'] : [];
  const pairs = await exposedPairs(world, work);
  const columns = [
    'label',
    's."user"',
    's.item',
    `${splitSql(world, 's') ?? 'CAST(NULL AS VARCHAR)'} AS split`,
    `${sample.entryColumn() ?? 'CAST(NULL AS VARCHAR)'} AS entry`,
    ...(hasRequest ? [`${requestSql(world, 's.request')} AS request`, ...bounds] : []),
  ];
  const shown = `SELECT ${columns.join(', ')} FROM ${sample.sql} s JOIN ${pairs} e ON e."user" = s."user" AND e.item = s.item`;
  // Most pairs have one or two requests, and keep them if they are integers. Only requests of other pairs are joined.
  const requests = `SELECT DISTINCT "user", item, ${requestSql(world, 'request')} AS request FROM ${inputs?.log() ?? ''} l SEMI JOIN (SELECT "user", item FROM ${pairs} WHERE several) p USING ("user", item) WHERE ${world.untilSplit('time')} AND request IS NOT NULL`;
  const joined = hasRequest
    ? ` LEFT JOIN (${requests}) r ON r."user" = s."user" AND r.item = s.item AND r.request = s.request`
    : '';
  const isSame = [...bounds.map((bound) => `s.request = s.${bound}`), 'r.item IS NOT NULL'].join(' OR ');
  const same = `count(*) FILTER (WHERE ${isSame})`;
  return await world.counted(
    'shown rows',
    `SELECT s.label, s.split, s.entry, count(*) AS n, ${hasRequest ? same : '0'} AS same FROM (${shown}) s${joined} GROUP BY ALL`,
    label,
    work,
  );
}
