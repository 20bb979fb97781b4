import { dayHours, type DayHourCounts } from '../../../core/audit/metrics/dayHours.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { hourCounts } from '../hourCounts.ts';
import { localSql } from '../localTime.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows by hour');

/** Rows by hour of each local day. */
export const dayHoursPhase: Phase = {
  label,
  metrics: ['day_hours'],
  needs: ['time'],
  async run(world, work) {
    const found = await world.rows(
      `SELECT CAST(day AS VARCHAR), h, n, p, CAST("from" AS VARCHAR), CAST("to" AS VARCHAR) FROM ${await hourCounts(world, work)} WHERE first IS NOT NULL ORDER BY first`,
      label,
      work,
    );
    return {
      day_hours: dayHours.measure({
        hours: found.map((row) => ({
          day: textIn(row) ?? '',
          hour: numberIn(row, 1),
          rows: numberIn(row, 2),
          positives: numberIn(row, 3),
          from: textIn(row, 4),
          to: textIn(row, 5),
        })),
        windows: windowsOf(world),
        timezone: world.request.timezone,
        skipped: await skippedHours(world, work),
      }),
    };
  },
};

/**
 * Local hours between the first and the last row that do not exist, because clocks went forward. The zone's offsets are
 * looked up once a day; beyond a century, they are not.
 */
async function skippedHours(world: AuditWorld, work: Work): Promise<number> {
  const { timezone } = world.request;
  if (timezone === 'UTC') return 0;
  const [row] = await world.rows(
    `WITH ends AS (SELECT min(first) AS low, least(max(last), min(first) + INTERVAL 100 YEAR) AS high FROM ${await hourCounts(world, work)} WHERE isfinite(first) AND isfinite(last)),
      moments AS (SELECT unnest(generate_series(low, high, INTERVAL 1 DAY)) AS t FROM ends UNION SELECT high FROM ends),
      offsets AS (SELECT date_diff('minute', t, ${localSql('t', timezone)}) AS minutes, t FROM moments WHERE t IS NOT NULL)
    SELECT coalesce(sum(greatest(forward // 60, 0)), 0) FROM (SELECT minutes - lag(minutes) OVER (ORDER BY t) AS forward FROM offsets)`,
    label,
    work,
  );
  return numberIn(row);
}

function windowsOf({ request: { plan } }: AuditWorld): DayHourCounts['windows'] {
  if (plan === null) return [];
  return (['train', 'eval'] as const).flatMap((name) => {
    const window = plan.window[name];
    return window ? [{ name, from: window.from ?? null, to: window.to ?? null }] : [];
  });
}
