const millisecondsPerDay = 86_400_000;
const dayForm = /^(\d{4})-?(\d{2})-?(\d{2})$/;

/**
 * Number of days from 1970-01-01 to a day such as `2026-03-14` or `20260314`, without a time zone. Null for other
 * texts, and for days that do not exist.
 */
export function dayNumber(text: string): number | null {
  const parts = dayForm.exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / millisecondsPerDay : null;
}

/** The text of a day number: 2026-03-14. */
export function dayText(day: number): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}

/** A range of day numbers, both inclusive. Null: no bound. */
export interface DayRange {
  readonly from: number | null;
  readonly to: number | null;
}

/** True if a text is a day in the range, or is not a day. */
export function isWithin(text: string | null, { from, to }: DayRange): boolean {
  const day = text === null ? null : dayNumber(text);
  return day === null || ((from === null || day >= from) && (to === null || day <= to));
}

/** Days in a duration of microseconds, rounded up. */
export function wholeDays(duration: number): number {
  return Math.ceil(duration / (millisecondsPerDay * 1000));
}
