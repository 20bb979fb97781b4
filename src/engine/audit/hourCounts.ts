import { message } from '../../core/message/message.ts';
import type { AskedPeriod } from '../../protocol/askedTable.ts';
import { withinPeriodSql } from '../tables/log.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { AuditWorld } from './auditWorld.ts';
import { localSql } from './localTime.ts';

const label = message('Counting rows by time');

/**
 * Rows by local day and hour, counted in one pass, as a FROM item: `day` and `h`, NULL for rows without a time; `n`
 * rows, `p` positives; `first` and `last`, in UTC, and the same as local times, `"local first"` and `"local last"`; the
 * smallest and largest value of the file, `from` and `to`.
 */
export async function hourCounts(world: AuditWorld, work: Work): Promise<string> {
  const { sample, request } = world;
  const { timezone } = request;
  const local = localSql('time', timezone);
  // Only rows of the layout long can be selected by a value of the file.
  const values = sample.hasPlainTime ? ['first', 'last'] : ['min("time@value")', 'max("time@value")'];
  const [from, to] = sample.found.layout === 'long' ? values : ['NULL', 'NULL'];
  const localEnds = timezone === 'UTC' ? ['first', 'last'] : [`min(${local})`, `max(${local})`];
  const columns = [
    `CAST(${local} AS DATE) AS day`,
    `hour(${local}) AS h`,
    'count(*) AS n',
    `${sample.hasLabel() ? 'count(*) FILTER (WHERE label)' : '0'} AS p`,
    'min(time) AS first',
    'max(time) AS last',
    `${localEnds[0]} AS "local first"`,
    `${localEnds[1]} AS "local last"`,
    `${from} AS "from"`,
    `${to} AS "to"`,
  ];
  return await world.counted('hours', `SELECT ${columns.join(', ')} FROM ${sample.sql} GROUP BY day, h`, label, work);
}

/** Number of rows in a window. Rows are only read if an hour is partly inside. */
export async function rowsWithin(world: AuditWorld, window: AskedPeriod, work: Work): Promise<number> {
  const { timezone } = world.request;
  const { from, to } = window;
  const isWhole = `${withinPeriodSql('first', window, timezone)} AND ${withinPeriodSql('last', window, timezone)}`;
  const reaches = `${withinPeriodSql('last', from === undefined ? {} : { from }, timezone)} AND ${withinPeriodSql('first', to === undefined ? {} : { to }, timezone)}`;
  const [row] = await world.rows(
    `SELECT coalesce(sum(n) FILTER (WHERE ${isWhole}), 0), coalesce(bool_or(${reaches} AND NOT (${isWhole})), false) FROM ${await hourCounts(world, work)} WHERE first IS NOT NULL`,
    label,
    work,
  );
  if (row?.[1] !== true) return numberIn(row);
  const inside = withinPeriodSql('time', window, timezone);
  const [counted] = await world.rows(`SELECT count(*) FROM ${world.sample.sql} WHERE ${inside}`, label, work);
  return numberIn(counted);
}

/** The window of the split, and that of the other one; null without one. */
export function windowsOf({ request: { plan } }: AuditWorld): {
  readonly own: AskedPeriod | null;
  readonly other: AskedPeriod | null;
} {
  if (plan === null) return { own: null, other: null };
  const { train, eval: evaluated } = plan.window;
  return plan.split === 'eval' ? { own: evaluated, other: train } : { own: train, other: evaluated };
}
