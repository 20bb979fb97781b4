/** A day or a time of a config, in milliseconds since 1970. */
export interface Moment {
  readonly first: number;
  /** Last millisecond of a day; for a time, the time itself. */
  readonly last: number;
  /** True if the text contains its time zone. Otherwise the zone of the config applies. */
  readonly zoned: boolean;
}

const form = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
export const millisecondsOfDay = 86_400_000;

/** Parses `2026-11-20` or `2026-11-20T10:00:00`; null for any other text. */
export function momentOf(text: string): Moment | null {
  const parts = form.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone] = parts;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (dayText(midnight) !== `${year}-${month}-${day}`) return null;
  if (hour === undefined) return { first: midnight, last: midnight + millisecondsOfDay - 1, zoned: false };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const time =
    midnight +
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second) + Number(`0.${fraction}`)) * 1000 -
    offsetOf(zone);
  return { first: time, last: time, zoned: zone !== undefined };
}

/** The UTC day of a moment in the form that a config uses. */
export function dayText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function offsetOf(zone: string | undefined): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  return parts ? (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) * 60_000 : 0;
}
