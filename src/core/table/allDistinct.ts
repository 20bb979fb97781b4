import type { ColumnProfile } from './profile.ts';

/**
 * True if no value occurs twice, so a list of the most frequent values is useless. False if this is only an estimate,
 * or if there are fewer than two values.
 */
export function isAllDistinct({
  rows,
  nulls,
  distinct,
  top,
  topExact,
}: Pick<ColumnProfile, 'rows' | 'nulls' | 'distinct' | 'top' | 'topExact'>): boolean {
  const filled = rows - nulls;
  if (filled < 2) return false;
  if (distinct.exact) return distinct.value === filled;
  return topExact && top.length > 0 && top.every(({ count }) => count === 1);
}
