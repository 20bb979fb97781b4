import { t } from './strings.ts';

/** How many notices are hidden. */
export function moreNotices(count: number): string {
  return count === 1 ? t('1 more notice') : t('{0} more notices', count);
}
