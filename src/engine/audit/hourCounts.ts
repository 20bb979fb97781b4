import { message } from '../../core/message/message.ts';
import type { AskedPeriod } from '../../protocol/askedTable.ts';
import { insideSql } from '../answers/log.ts';
import type { Work } from '../database/connections.ts';
import type { AuditWorld } from './auditWorld.ts';
import { localSql } from './localTime.ts';

const label = message('Counting rows by time');

/**
 * Rows by local day and hour, counted in one pass, as a FROM item: `day` and `h`, NULL for rows without a time; `n` rows,
 * `p` positives; `first` and `last`, in UTC, and the same as local times, `"local first"` and `"local last"`; the smallest
 * and largest value of the file, `from` and `to`; rows outside the window of the split, `outside`, and in that of the
 * other, `other`, NULL without such a window.
 */
export async function hourCounts(world: AuditWorld, work: Work): Promise<string> {
  const { sample, request } = world;
  const { timezone, plan } = request;
  const local = localSql('time', timezone);
  const { own, other } = windowsOf(world);
  const count = (holds: string | null): string => (holds === null ? 'NULL' : `count(*) FILTER (WHERE ${holds})`);
  // Only rows of the layout long can be selected by a value of the file.
  const [from, to] = sample.found.layout === 'long' ? ['min("time@value")', 'max("time@value")'] : ['NULL', 'NULL'];
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
    `${count(plan === null || own === null ? null : `time IS NOT NULL AND NOT ${insideSql('time', own, timezone)}`)} AS outside`,
    `${count(other && insideSql('time', other, timezone))} AS other`,
  ];
  return await world.counted('hours', `SELECT ${columns.join(', ')} FROM ${sample.sql} GROUP BY day, h`, label, work);
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
