import { residualSquares, type ClusterSums } from './ratioInterval.ts';
import { wilsonInterval, type Interval } from './wilsonInterval.ts';
import { Z99 } from './normalQuantile.ts';

/**
 * Rows with a property. `design`: the design effect, at least 1. It is the variance of the share ÷ the variance with
 * independent rows, and exceeds 1 because rows of one user are alike.
 */
export interface Rate {
  readonly rows: number;
  readonly hits: number;
  readonly design: number;
}

/**
 * The rate of rows y with the property x, from sums over users. The variance behind `design` treats rows of one user as
 * dependent (the ratio estimator with clusters; Cochran, Sampling Techniques, 1977, section 6.3). Six digits. If no row
 * or every row has the property, the data do not show how alike the rows of a user are. Then they count as equal: Σy² /
 * Σy (Kish, Survey Sampling, 1965, section 5.4).
 */
export function clusteredRate({ x, y, ...sums }: Omit<ClusterSums, 'clusters'>): Rate {
  const share = y === 0 ? 0 : x / y;
  const independent = y * share * (1 - share);
  const design = independent > 0 ? residualSquares(sums, share) / independent : y > 0 ? sums.yy / y : 1;
  return { rows: y, hits: x, design: Math.max(1, Math.round(1e6 * design) / 1e6) };
}

/** Probability that a one-sided 99 % bound is wrong. */
const ALPHA = 0.01;

/**
 * Lower 99 % bound of the share: the Wilson interval with rows ÷ design independent rows. If all rows have the
 * property, the exact bound α^(1/n) (Clopper and Pearson, Biometrika 1934), because the Wilson interval is too wide
 * there.
 */
export function lowerShare({ rows, hits, design }: Rate): number {
  if (rows > 0 && hits === rows) return ALPHA ** (design / rows);
  return wilsonInterval(hits / design, rows / design, Z99).low;
}

/**
 * True if the share is above a limit with 99 % confidence. If all rows of a single user have the property, the bound is
 * 1 %, so a limit of 1 % counts as exceeded.
 */
export function exceeds(rate: Rate, limit: number): boolean {
  return rate.hits > 0 && lowerShare(rate) >= limit;
}

/** Upper 99 % bound of the share; the exact bound 1 − α^(1/n) if no row has the property. */
export function upperShare({ rows, hits, design }: Rate): number {
  if (rows > 0 && hits === 0) return 1 - ALPHA ** (design / rows);
  return wilsonInterval(hits / design, rows / design, Z99).high;
}

/** The 95 % interval of the share. */
export function rateInterval({ rows, hits, design }: Rate): Interval {
  return wilsonInterval(hits / design, rows / design);
}
