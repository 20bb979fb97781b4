import { Z99 } from './normalQuantile.ts';
import { residualSquares, type ClusterSums } from './ratioInterval.ts';

/** A difference of two shares with its standard error. */
export interface Difference {
  readonly value: number;
  readonly error: number;
}

/**
 * The share Σx/Σy of a group of users minus the share of all users, the group included. Each share is a ratio estimator
 * over users (Cochran, Sampling Techniques, 1977, section 6.3). The users of the group are in both shares, so their
 * covariance is subtracted. Null if one share has no rows.
 */
export function groupDifference(
  group: Omit<ClusterSums, 'clusters'>,
  all: Omit<ClusterSums, 'clusters'>,
): Difference | null {
  if (group.y === 0 || all.y === 0) return null;
  const [p, q] = [group.x / group.y, all.x / all.y];
  // Σ over the group of (x − p·y)(x − q·y).
  const shared = group.xx - (p + q) * group.xy + p * q * group.yy;
  const variance =
    residualSquares(group, p) / group.y ** 2 - (2 * shared) / (group.y * all.y) + residualSquares(all, q) / all.y ** 2;
  return { value: p - q, error: Math.sqrt(Math.max(0, variance)) };
}

/** Mean of differences that were measured on different users, and its lower 99 % bound. */
export function meanDifference(differences: readonly Difference[]): { readonly value: number; readonly low: number } {
  const value = differences.reduce((sum, part) => sum + part.value, 0) / differences.length;
  const error = Math.sqrt(differences.reduce((sum, part) => sum + part.error ** 2, 0)) / differences.length;
  return { value, low: value - Z99 * error };
}
