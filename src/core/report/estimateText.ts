import { message, type Message } from '../message/message.ts';
import type { Estimate } from './inferredFacts.ts';

/** The number with the fewest decimals inside of the interval. */
export function shortest({ value, low, high }: Estimate): number {
  for (let digits = 1; digits <= 5; digits++) {
    const rounded = Number(value.toFixed(digits));
    if (rounded >= low && rounded <= high && (rounded !== 0 || low <= 0)) return rounded;
  }
  return Number(value.toPrecision(4));
}

const short = (value: number): number => Number(value.toPrecision(4));
/** Three significant digits. */
export const percent = (share: number): number => Number((100 * share).toPrecision(3));

export function figures({ value, low, high }: Estimate): Message {
  return message('{0} ({1} to {2})', short(value), short(low), short(high));
}

export function range({ value, low, high }: Estimate): Message {
  return message('{0} % ({1} to {2})', percent(value), percent(low), percent(high));
}
