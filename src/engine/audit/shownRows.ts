import { failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import type { AuditWorld } from './auditWorld.ts';
import { splitSql } from './byColumn.ts';
import { hasIntegerRequests, hasRequests, loggedPairs, requestSql } from './exposedPairs.ts';

export const exposuresLabel = message('Looking for exposures of negatives');

/**
 * Rows whose user has an exposure of the item until the end of the split, as a FROM item: `label`, `split`, `entry`,
 * `n`, and of these rows those with an exposure in their own request, `same`. The sample must have users and a label,
 * and ids that compare with those of the log.
 */
export async function exposedRowCounts(world: AuditWorld, work: Work): Promise<string> {
  // Without a column of the split, the times say what it is.
  const rows = await (world.sample.has('split') ? readableRows : loggedRows)(world, work);
  return `(SELECT label, split, entry, CAST(sum(shown) AS BIGINT) AS n, CAST(sum(same) AS BIGINT) AS same FROM ${rows} GROUP BY ALL HAVING n > 0)`;
}

/**
 * Negatives whose user chose the item at any time, as a FROM item: `entry`, `"user"`, `item`, and the number of such
 * rows, `n`. The sample must be as for `shownRows`.
 */
export async function chosenNegatives(world: AuditWorld, work: Work): Promise<string> {
  const rows = await readableRows(world, work);
  return `(SELECT entry, "chosen user" AS "user", "chosen item" AS item, CAST(sum(n) AS BIGINT) AS n FROM ${rows} WHERE "chosen user" IS NOT NULL GROUP BY ALL)`;
}

/** `loggedRows`; without times if one of them cannot be read, because the figure does not depend on it. */
async function readableRows(world: AuditWorld, work: Work): Promise<string> {
  try {
    return await loggedRows(world, work);
  } catch (error) {
    if (failureOf(error).code === 'bad-request') return await loggedRows(world, work, false);
    throw error;
  }
}

/**
 * Rows of the pairs of the log, counted in one pass: `label`, `split`, `entry`, `n`, those of `shownRows`, `shown` and
 * `same`; and for negatives that their user chose, these pairs. Without times, `split` is NULL if no column
 * has it.
 */
async function loggedRows(world: AuditWorld, work: Work, withTimes = true): Promise<string> {
  const { sample, inputs } = world;
  const hasRequest = hasRequests(world);
  const bounds = hasRequest && hasIntegerRequests(world) ? ['"least"', '"largest"'] : [];
  const pairs = await loggedPairs(world, work);
  const split = withTimes || sample.has('split') ? splitSql(world, 's') : null;
  const columns = [
    'label',
    's."user"',
    's.item',
    `${split ?? 'CAST(NULL AS VARCHAR)'} AS split`,
    `${sample.entryColumn() ?? 'CAST(NULL AS VARCHAR)'} AS entry`,
    `${hasRequest ? requestSql(world, 's.request') : 'NULL'} AS request`,
    'unclicked',
    'chosen AND label = false AS "is chosen"',
    ...bounds,
  ];
  const logged = `SELECT ${columns.join(', ')} FROM ${sample.sql} s JOIN ${pairs} e ON e."user" = s."user" AND e.item = s.item`;
  // Most pairs have one or two requests, and keep them if they are integers. Only requests of other pairs are joined.
  const requests = `SELECT DISTINCT "user", item, ${requestSql(world, 'request')} AS request FROM ${inputs?.log() ?? ''} l SEMI JOIN (SELECT "user", item FROM ${pairs} WHERE several) p USING ("user", item) WHERE ${world.untilSplit('time')} AND request IS NOT NULL`;
  const joined = hasRequest
    ? ` LEFT JOIN (${requests}) r ON r."user" = s."user" AND r.item = s.item AND r.request = s.request`
    : '';
  const isSame = [...bounds.map((bound) => `s.request = s.${bound}`), 'r.item IS NOT NULL'].join(' OR ');
  const same = hasRequest ? `count(*) FILTER (WHERE ${isSame})` : '0';
  const chosen = ['user', 'item'].map(
    (column) => `CASE WHEN s."is chosen" THEN s."${column}" END AS "chosen ${column}"`,
  );
  return await world.counted(
    withTimes ? 'rows in the log' : 'rows in the log without times',
    `SELECT s.label, s.split, s.entry, ${chosen.join(', ')}, count(*) AS n, count(s.unclicked) AS shown, ${same} AS same FROM (${logged}) s${joined} GROUP BY ALL`,
    exposuresLabel,
    work,
  );
}
