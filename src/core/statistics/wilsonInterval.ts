import { Z95 } from './normalQuantile.ts';

/** Both ends of an interval, as shares from 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Confidence interval of a share: `count` of `total` independent rows have a property (Wilson, JASA 1927). 95 % unless
 * `z` is another quantile of the normal distribution. Unlike the normal approximation, it stays within 0 and 1, and
 * holds for few rows and for shares near 0 or 1. If `total` is 0, the interval is 0 to 1.
 */
export function wilsonInterval(count: number, total: number, z = Z95): Interval {
  if (total <= 0) return { low: 0, high: 1 };
  const share = count / total;
  const spread = (z * z) / total;
  const middle = (share + spread / 2) / (1 + spread);
  const half = (z / (1 + spread)) * Math.sqrt((share * (1 - share)) / total + spread / (4 * total));
  return { low: count === 0 ? 0 : Math.max(0, middle - half), high: count === total ? 1 : Math.min(1, middle + half) };
}
