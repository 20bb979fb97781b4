import { ownValue } from '../ownValue.ts';
import { isDayFormat } from './dayFormat.ts';
import { momentOf } from './moment.ts';
import type { Meaning } from './shape.ts';
import { isTimeZone } from './timezone.ts';

export const durationForm = /^(\d+)([smhd])$/;
export const aboveLastClickForm = /^above_last_click\+(\d{1,9})$/;
const unitMilliseconds: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `12h`, `7d` in milliseconds; null if the text is not a duration, or is too long to be counted exactly. */
export function durationOf(text: string): number | null {
  const [, amount, unit = ''] = durationForm.exec(text) ?? [];
  const scale = ownValue(unitMilliseconds, unit);
  if (scale === undefined) return null;
  const milliseconds = Number(amount) * scale;
  return Number.isSafeInteger(milliseconds) ? milliseconds : null;
}

/** The k of `above_last_click+k`; null for any other text. */
export function aboveLastClickOf(text: string): number | null {
  const [, k] = aboveLastClickForm.exec(text) ?? [];
  return k === undefined ? null : Number(k);
}

/** True if a text has the form of its meaning. Names and paths may have any form; rules look them up. */
export function hasForm(text: string, meaning: Meaning): boolean {
  switch (meaning) {
    case 'duration':
      return durationOf(text) !== null;
    case 'period':
      return text === 'none' || durationOf(text) !== null;
    case 'day':
      return momentOf(text) !== null;
    case 'separator':
      return text !== '';
    case 'day-format':
      return isDayFormat(text);
    case 'timezone':
      return isTimeZone(text);
    case 'last-click':
      return aboveLastClickOf(text) !== null;
    default:
      return true;
  }
}
