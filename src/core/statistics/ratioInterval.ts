import type { Interval } from './wilsonInterval.ts';
import { Z95 } from './normalQuantile.ts';

/** Sums over users of two amounts x and y of each user. `clusters`: number of users. */
export interface ClusterSums {
  readonly clusters: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

export interface Ratio extends Interval {
  readonly value: number;
}

/**
 * The ratio r = Σ x_u / Σ y_u with its 95 % interval, cluster-robust by user (Cochran, Sampling Techniques, 6.4):
 * Var(r) = U / (U − 1) · Σ (x_u − r y_u)² / (Σ y_u)². Null if Σ y is 0. With one user, the interval has no width.
 */
export function clusterRatio({ clusters, x, y, xx, xy, yy }: ClusterSums): Ratio | null {
  if (y === 0) return null;
  const value = x / y;
  const squares = residualSquares({ xx, xy, yy }, value);
  const half = clusters < 2 ? 0 : (Z95 * Math.sqrt((squares * clusters) / (clusters - 1))) / Math.abs(y);
  return { value, low: value - half, high: value + half };
}

/** Σ (x_u − r·y_u)², at least 0, because rounding could make it negative. */
export function residualSquares({ xx, xy, yy }: Pick<ClusterSums, 'xx' | 'xy' | 'yy'>, r: number): number {
  return Math.max(0, xx - 2 * r * xy + r * r * yy);
}
