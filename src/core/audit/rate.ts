import { wilsonInterval, type Interval } from './wilsonInterval.ts';

/**
 * Rows with a property. `design`: how much the variance of their share exceeds that of independent rows, because rows of
 * one user are alike; at least 1.
 */
export interface Rate {
  readonly rows: number;
  readonly hits: number;
  readonly design: number;
}

/** Quantile of the normal distribution for a one-sided bound of 99 %. */
const Z99 = 2.3263478740408408;

/**
 * Share that is exceeded with 99 % confidence: the lower end of the Wilson interval, with as many independent rows as the
 * rows of the users are worth.
 */
export function lowerShare({ rows, hits, design }: Rate): number {
  return wilsonInterval(hits / design, rows / design, Z99).low;
}

/** The 95 % interval of the share. */
export function rateInterval({ rows, hits, design }: Rate): Interval {
  return wilsonInterval(hits / design, rows / design);
}
