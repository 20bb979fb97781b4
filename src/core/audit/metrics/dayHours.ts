import { message } from '../../message/message.ts';
import { defineMetric, type Measured } from '../metric.ts';

/** Rows of one hour of a local day. `from`, `to`: exact texts of the smallest and largest time in the file. */
export interface DayHour {
  readonly day: string;
  readonly hour: number;
  readonly rows: number;
  readonly positives: number;
  readonly from: string | null;
  readonly to: string | null;
}

export interface DayHourCounts {
  /** Hours with rows, ascending. */
  readonly hours: readonly DayHour[];
  /** Windows of the config as local texts; empty without a config. */
  readonly windows: readonly { readonly name: string; readonly from: string | null; readonly to: string | null }[];
  /** The time zone of the days and hours. */
  readonly timezone: string;
  /** Local hours between the first and the last that do not exist, because clocks went forward. */
  readonly skipped: number;
}

/** Hours that are listed: the last 400 days. */
const MAX_HOURS = 9600;
const DAY = 86_400_000;
const dayOf = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);

/** Rows and positives by hour of each local day, and hours between the first and the last row that have no row. */
export const dayHours = defineMetric({
  id: 'day_hours',
  title: message('Rows by day and hour'),
  measure({ hours, windows, timezone, skipped }: DayHourCounts): Measured {
    const [first, last] = [hours[0], hours.at(-1)];
    const spanned =
      first && last ? (dayOf(last.day) - dayOf(first.day)) * 24 + last.hour - first.hour + 1 - skipped : 0;
    return {
      figures: [
        { id: 'hours', label: message('hours with rows'), unit: 'count', value: hours.length },
        {
          id: 'empty',
          label: message('hours without rows in between'),
          unit: 'count',
          value: Math.max(0, spanned - hours.length),
        },
      ],
      tables: [
        {
          id: 'hours',
          shape: 'list' as const,
          isForCharts: true as const,
          columns: [
            { id: 'day', label: message('day'), unit: 'text' as const },
            { id: 'hour', label: message('hour'), unit: 'number' as const },
            { id: 'rows', label: message('rows'), unit: 'count' as const },
            { id: 'positives', label: message('positives'), unit: 'count' as const },
            { id: 'from', label: message('first'), unit: 'text' as const },
            { id: 'to', label: message('last'), unit: 'text' as const },
          ],
          rows: hours
            .slice(-MAX_HOURS)
            .map(({ day, hour, rows, positives, from, to }) => [day, hour, rows, positives, from, to]),
        },
        {
          id: 'windows',
          shape: 'list' as const,
          isForCharts: true as const,
          columns: [
            { id: 'window', label: message('window'), unit: 'text' as const },
            { id: 'from', label: message('from'), unit: 'text' as const },
            { id: 'to', label: message('to'), unit: 'text' as const },
          ],
          rows: windows.map(({ name, from, to }) => [name, from, to]),
        },
      ].filter((table) => table.rows.length > 0),
      notes: [
        ...(timezone === 'UTC' ? [] : [message('Days and hours of {0}', timezone)]),
        ...(hours.length > MAX_HOURS ? [message('The last {0} hours with rows are listed', MAX_HOURS)] : []),
      ],
    };
  },
});
