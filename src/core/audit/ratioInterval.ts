import type { Interval } from './wilsonInterval.ts';

/** Sums over users u of two amounts x and y of each user. */
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

const Z = 1.959963984540054;

/**
 * The ratio r = Σ x_u / Σ y_u with its 95 % interval, cluster-robust by user (Cochran, Sampling Techniques, 6.4):
 * Var(r) = U / (U − 1) · Σ (x_u − r y_u)² / (Σ y_u)². Null if Σ y is 0; the interval is the ratio alone for one user.
 */
export function clusterRatio({ clusters, x, y, xx, xy, yy }: ClusterSums): Ratio | null {
  if (y === 0) return null;
  const value = x / y;
  const squares = Math.max(0, xx - 2 * value * xy + value * value * yy);
  const half = clusters < 2 ? 0 : (Z * Math.sqrt((squares * clusters) / (clusters - 1))) / Math.abs(y);
  return { value, low: value - half, high: value + half };
}
