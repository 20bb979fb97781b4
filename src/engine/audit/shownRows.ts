import { message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import type { AuditWorld } from './auditWorld.ts';
import { columnOf } from '../answers/roleTable.ts';
import { splitSql } from './byColumn.ts';
import { exposedPairs } from './inferredClass.ts';
import { idKindOf } from './sampleRelation.ts';

const label = message('Looking for exposures of negatives');

/** SQL of a request as a value that compares with those of the sample and of the log. */
function requestSql(world: AuditWorld, x: string): string {
  const { sample, tables, request } = world;
  const impressions = request.data?.log.impressions;
  const asked = impressions?.columns.request;
  if (impressions === undefined || asked === undefined) return x;
  const kind = idKindOf(columnOf(tables.table(impressions.ref), asked.name).type, asked.type);
  return kind === 'integer' && sample.kind('request') === 'integer' ? x : `CAST(${x} AS VARCHAR)`;
}

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
    `${sample.entryColumn() ?? 'CAST(NULL AS VARCHAR)'} AS entry`,
    ...(hasRequest ? [`${requestSql(world, 's.request')} AS request`] : []),
  ];
  const shown = `SELECT ${columns.join(', ')} FROM ${sample.sql} s SEMI JOIN ${await exposedPairs(world, work)} e ON e."user" = s."user" AND e.item = s.item`;
  const requests = `SELECT DISTINCT "user", item, ${requestSql(world, 'request')} AS request FROM ${inputs?.log() ?? ''} WHERE ${world.untilSplit('time')} AND request IS NOT NULL`;
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
