import { dayHours, type DayHourCounts } from '../../../core/audit/metrics/dayHours.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { hourCounts } from '../hourCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows by hour');

/** Rows by hour of each local day. */
export const dayHoursPhase: Phase = {
  label,
  metrics: ['day_hours'],
  lacks: ({ sample }) => (sample.has('time') ? null : message('there is no time column')),
  async run(world, work) {
    const found = await world.rows(
      `SELECT CAST(day AS VARCHAR), h, n, p, CAST("from" AS VARCHAR), CAST("to" AS VARCHAR) FROM ${await hourCounts(world, work)} WHERE first IS NOT NULL ORDER BY first`,
      label,
      work,
    );
    return {
      day_hours: dayHours.of({
        hours: found.map((row) => ({
          day: textIn(row) ?? '',
          hour: numberIn(row, 1),
          rows: numberIn(row, 2),
          positives: numberIn(row, 3),
          from: textIn(row, 4),
          to: textIn(row, 5),
        })),
        windows: windowsOf(world),
      }),
    };
  },
};

function windowsOf({ request: { plan } }: AuditWorld): DayHourCounts['windows'] {
  if (plan === null) return [];
  return (['train', 'eval'] as const).flatMap((name) => {
    const window = plan.window[name];
    return window ? [{ name, from: window.from ?? null, to: window.to ?? null }] : [];
  });
}
