/**
 * Standard error of an AUC over `positives` and `negatives` rows (Hanley and McNeil, Radiology 1982). It is at least
 * `byUser`, the error if rows of one user depend on each other. Null without positives or without negatives.
 */
export function aucError(auc: number, positives: number, negatives: number, byUser = 0): number | null {
  if (positives === 0 || negatives === 0) return null;
  const [q1, q2] = [auc / (2 - auc), (2 * auc * auc) / (1 + auc)];
  const variance = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  return Math.max(byUser, Math.sqrt(Math.max(0, variance) / (positives * negatives)));
}
