/**
 * Times of the demo world are doubles: microseconds since the epoch, UTC. They stay below 2^53, so every one is exact.
 */
export const second = 1_000_000;
export const hour = 3600 * second;
export const day = 24 * hour;

/** 2026-11-22T00:00:00Z: the first instant after the log, whatever the scale. */
export const endOfLog = 1_795_305_600 * second;

/** Start of a day of the log, counted from 0. */
export function startOfDay(days: number, index: number): number {
  return endOfLog - (days - index) * day;
}

/** `2026-11-21` of a time. */
export function dateText(time: number): string {
  // Civil date from a day number: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  const z = Math.floor(time / day) + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const d = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const m = mp < 10 ? mp + 3 : mp - 9;
  const y = yoe + era * 400 + (m <= 2 ? 1 : 0);
  return `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
}

/** Requests by local hour, relative: a trough before dawn, a lunch shoulder, an evening peak. */
const hourly = [
  0.42, 0.24, 0.14, 0.09, 0.08, 0.12, 0.28, 0.55, 0.8, 0.92, 0.98, 1.06, 1.28, 1.18, 1.02, 0.98, 1.0, 1.08, 1.24, 1.5,
  1.78, 1.9, 1.62, 0.95,
];

/** Relative traffic at a minute of the UTC day for a place so many hours east of Greenwich; linear between hours. */
export function traffic(minute: number, offsetHours: number): number {
  const local = (minute + offsetHours * 60 + 2880) % 1440;
  const at = Math.floor(local / 60);
  const part = (local - at * 60) / 60;
  return (hourly[at] ?? 0) * (1 - part) + (hourly[(at + 1) % 24] ?? 0) * part;
}

/** Relative traffic of a whole day: weekends are busier, and the log grows slowly. */
export function dayWeight(start: number, index: number): number {
  const weekday = (Math.floor(start / day) + 4) % 7;
  return (weekday === 0 || weekday === 6 ? 1.18 : 1) * (1 + index * 0.006);
}
