/**
 * Standard error of the area under the curve of `positives` against `negatives` (Hanley and McNeil, Radiology 1982), at
 * least `byUser`: the error with rows of one user dependent on each other. Null without both.
 */
export function aucError(auc: number, positives: number, negatives: number, byUser = 0): number | null {
  if (positives === 0 || negatives === 0) return null;
  const [q1, q2] = [auc / (2 - auc), (2 * auc * auc) / (1 + auc)];
  const variance = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  return Math.max(byUser, Math.sqrt(Math.max(0, variance) / (positives * negatives)));
}
