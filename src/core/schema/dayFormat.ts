/** Letters of a day format, in any order, each once, with `-`, `_` or `.` in between. */
const parts = /^(yyyy|MM|dd)([-_.]?)(yyyy|MM|dd)([-_.]?)(yyyy|MM|dd)$/;
const day = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The format of a day in the config language itself. */
export const isoDayFormat = 'yyyy-MM-dd';

/** Whether a text is a format of days, such as `yyyyMMdd`. Different days have different texts. */
export function isDayFormat(text: string): boolean {
  const found = parts.exec(text);
  return found !== null && new Set([found[1], found[3], found[5]]).size === 3;
}

/**
 * A day in a format of `isDayFormat`.
 * @param iso the day as `2026-11-20`
 */
export function formatDay(iso: string, format: string): string {
  const [, year, month, date] = day.exec(iso) ?? [];
  if (year === undefined || month === undefined || date === undefined) throw new RangeError(`${iso} is not a day`);
  return format.replace('yyyy', year).replace('MM', month).replace('dd', date);
}
