/**
 * A time in microseconds since 1970 UTC as ISO 8601 with all six digits: `2026-11-20T10:00:00.000001Z`. Outside the
 * range of dates: the number of microseconds.
 */
export function isoTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  if (!(Math.abs(milliseconds) <= 8.64e15)) return String(microseconds);
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(microseconds - milliseconds * 1000).padStart(3, '0')}Z`;
}

/** The microseconds since 1970 UTC of a text of `isoTime`; NaN for other texts. */
export function microsecondsOfIso(text: string): number {
  const outside = Number(text);
  if (!Number.isNaN(outside)) return outside;
  const [, part = '000'] = /\.\d{3}(\d{3})Z$/.exec(text) ?? [];
  return Date.parse(text) * 1000 + Number(part);
}
