import { residualSquares, type ClusterSums } from './ratioInterval.ts';
import { wilsonInterval, type Interval } from './wilsonInterval.ts';
import { Z99 } from './normalQuantile.ts';

/**
 * Rows with a property. `design`: how much the variance of their share exceeds that of independent rows, because rows of
 * one user are alike; at least 1.
 */
export interface Rate {
  readonly rows: number;
  readonly hits: number;
  readonly design: number;
}

/**
 * The rate of rows y with the property x, from sums over users. `design` is the variance of the share with rows of one user
 * dependent on each other, divided by that of independent rows (the ratio estimator with clusters; Cochran, Sampling
 * Techniques, 1977, section 6.3), to six digits. If no row or every row has the property, the rows do not show how alike
 * those of a user are. Then they count as equal: Σy² / Σy (Kish, Survey Sampling, 1965, section 5.4).
 */
export function clusteredRate({ x, y, ...sums }: Omit<ClusterSums, 'clusters'>): Rate {
  const share = y === 0 ? 0 : x / y;
  const independent = y * share * (1 - share);
  const design = independent > 0 ? residualSquares(sums, share) / independent : y > 0 ? sums.yy / y : 1;
  return { rows: y, hits: x, design: Math.max(1, Math.round(1e6 * design) / 1e6) };
}

/** Chance that a one-sided bound of 99 % does not hold. */
const ALPHA = 0.01;

/**
 * Share that is exceeded with 99 % confidence: the lower end of the Wilson interval, with as many independent rows as the
 * rows of the users are worth. If all rows have the property, the exact bound α^(1/n) (Clopper and Pearson, Biometrika
 * 1934), because there the Wilson interval is too wide.
 */
export function lowerShare({ rows, hits, design }: Rate): number {
  if (rows > 0 && hits === rows) return ALPHA ** (design / rows);
  return wilsonInterval(hits / design, rows / design, Z99).low;
}

/**
 * Whether the share is above a limit with 99 % confidence. If all rows of a single user have the property, a share at
 * the limit of 1 % would show that in 1 % of all cases, which is enough.
 */
export function exceeds(rate: Rate, limit: number): boolean {
  return rate.hits > 0 && lowerShare(rate) >= limit;
}

/** Share that is not reached with 99 % confidence: the same from above, 1 − α^(1/n) if no row has the property. */
export function upperShare({ rows, hits, design }: Rate): number {
  if (rows > 0 && hits === 0) return 1 - ALPHA ** (design / rows);
  return wilsonInterval(hits / design, rows / design, Z99).high;
}

/** The 95 % interval of the share. */
export function rateInterval({ rows, hits, design }: Rate): Interval {
  return wilsonInterval(hits / design, rows / design);
}
