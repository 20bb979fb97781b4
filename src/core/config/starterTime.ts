import { epochUnit } from '../table/epoch.ts';

const MS_PER_DAY = 86_400_000;

interface ValueRange {
  readonly min: string;
  readonly max: string;
}

/** First day, last day and the day before it as `2026-11-20`, in UTC; null for fewer than two days. */
export function windowDays(
  range: ValueRange | undefined,
): { readonly first: string; readonly beforeLast: string; readonly last: string } | null {
  const first = dayOf(range?.min);
  const last = dayOf(range?.max);
  if (first === null || last === null || first >= last) return null;
  return { first: text(first), beforeLast: text(last - MS_PER_DAY), last: text(last) };
}

/** First and last day in UTC; null if they are not known. */
export function firstAndLastDay(
  range: ValueRange | undefined,
): { readonly first: string; readonly last: string } | null {
  const first = dayOf(range?.min);
  const last = dayOf(range?.max);
  return first === null || last === null ? null : { first: text(first), last: text(last) };
}

/** Midnight of the day of a time, which is ISO 8601 text or a number since 1970. */
function dayOf(time: string | undefined): number | null {
  if (time === undefined) return null;
  const [, day] = /^(\d{4}-\d{2}-\d{2})/.exec(time) ?? [];
  const instant =
    day !== undefined
      ? Date.parse(`${day}T00:00:00Z`)
      : /^\d{9,19}(\.\d+)?$/.test(time)
        ? Number(time) / { s: 0.001, ms: 1, us: 1000 }[epochUnit(time)]
        : NaN;
  return Number.isFinite(instant) ? Math.floor(instant / MS_PER_DAY) * MS_PER_DAY : null;
}

function text(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
