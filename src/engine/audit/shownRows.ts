import { message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import type { AuditWorld } from './auditWorld.ts';
import { splitSql } from './byColumn.ts';
import { exposedPairs } from './inferredClass.ts';
import { entryColumn } from './phases/mix.ts';

const label = message('Looking for exposures of negatives');

/** Whether the log tells which request of the sample showed an item. */
export function hasRequests({ sample, request }: AuditWorld): boolean {
  return sample.has('user', 'request') && request.data?.log.impressions.columns.request !== undefined;
}

/**
 * Rows whose user has an exposure of the item until the end of the split, counted in one pass, as a FROM item: `label`,
 * `split`, `entry`, `n`, and of these rows those with an exposure in their own request, `same`. The sample must have
 * users and a label, and ids that compare with those of the log.
 */
export async function shownRows(world: AuditWorld, work: Work): Promise<string> {
  const { sample, inputs } = world;
  const hasRequest = hasRequests(world);
  const columns = [
    'label',
    's."user"',
    's.item',
    `${splitSql(world, 's') ?? 'CAST(NULL AS VARCHAR)'} AS split`,
    `${entryColumn(world) ?? 'CAST(NULL AS VARCHAR)'} AS entry`,
    ...(hasRequest ? ['CAST(request AS VARCHAR) AS request'] : []),
  ];
  const shown = `SELECT ${columns.join(', ')} FROM ${sample.sql} s SEMI JOIN ${await exposedPairs(world, work)} e ON e."user" = s."user" AND e.item = s.item`;
  const requests = `SELECT DISTINCT "user", item, CAST(request AS VARCHAR) AS request FROM ${inputs?.log() ?? ''} WHERE ${world.untilSplit('time')} AND request IS NOT NULL`;
  const joined = hasRequest
    ? ` LEFT JOIN (${requests}) r ON r."user" = s."user" AND r.item = s.item AND r.request = s.request`
    : '';
  return await world.counted(
    'shown rows',
    `SELECT s.label, s.split, s.entry, count(*) AS n, ${hasRequest ? 'count(r.item)' : '0'} AS same FROM (${shown}) s${joined} GROUP BY ALL`,
    label,
    work,
  );
}
