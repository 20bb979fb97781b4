/** A day format: yyyy, MM and dd in any order, with `-`, `_` or `.` or nothing in between. */
const parts = /^(yyyy|MM|dd)([-_.]?)(yyyy|MM|dd)([-_.]?)(yyyy|MM|dd)$/;
const day = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The format of days in a config. */
export const isoDayFormat = 'yyyy-MM-dd';

/** True for a format of days, such as `yyyyMMdd`. Each part occurs once, so different days have different texts. */
export function isDayFormat(text: string): boolean {
  const match = parts.exec(text);
  return match !== null && new Set([match[1], match[3], match[5]]).size === 3;
}

/**
 * A day in a format that `isDayFormat` accepts.
 * @param iso the day as `2026-11-20`
 */
export function formatDay(iso: string, format: string): string {
  const [, year, month, date] = day.exec(iso) ?? [];
  if (year === undefined || month === undefined || date === undefined) throw new RangeError(`${iso} is not a day`);
  return format.replace('yyyy', year).replace('MM', month).replace('dd', date);
}
