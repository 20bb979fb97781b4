import { valueAt } from '../../valueAt.ts';

/** Fields of a date or time text, as digits without any computation. */
export interface TemporalText {
  readonly date: string | null;
  /** `HH:MM:SS`; the digits of the fraction are separate. */
  readonly time: string | null;
  readonly fraction: string;
  /** `Z` or `±HH:MM`; null if the text has none. */
  readonly offset: string | null;
}

const pattern =
  /^(?:(\d{4})-(\d{2})-(\d{2}))?(?:(^|[T ])(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Parses `2026-11-20`, `2026-11-20 08:30[:15[.123456789]][Z|+08:00]` (also with `T`) or `08:30:15`; else null. */
export function readTemporal(text: string): TemporalText | null {
  const match = pattern.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, separator, hour, minute, second = '00', fraction = '', offset] = match;
  const hasDate = year !== undefined && month !== undefined && day !== undefined;
  const hasTime = hour !== undefined && minute !== undefined;
  if (!hasDate && !hasTime) return null;
  if (hasDate === (separator === '')) return null;
  if (hasDate && !isDay(Number(year), Number(month), Number(day))) return null;
  if (hasTime && (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)) return null;
  if (offset !== undefined && offset.length > 1 && (Number(offset.slice(1, 3)) > 15 || Number(offset.slice(-2)) > 59))
    return null;
  return {
    date: hasDate ? `${year}-${month}-${day}` : null,
    time: hasTime ? `${hour}:${minute}:${second}` : null,
    fraction: fraction.replace(/0+$/, ''),
    offset: offset === undefined ? null : normalOffset(offset),
  };
}

function normalOffset(offset: string): string {
  if (/^z$/i.test(offset)) return '+00:00';
  return `${offset.slice(0, 3)}:${offset.length > 3 ? offset.slice(-2) : '00'}`;
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= valueAt([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], month - 1);
}
