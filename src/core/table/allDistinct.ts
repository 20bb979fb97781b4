import type { ColumnProfile } from './profile.ts';

/**
 * True where no value occurs twice: the most frequent values then say nothing. False where that is an estimate, or
 * where there is one value.
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
