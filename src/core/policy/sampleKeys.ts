import type { StageView } from '../config/entries.ts';

/** What tells one impression, or one request, from another in a sample file; null where its columns do not. */
export type ImpressionKey = readonly ('user' | 'request' | 'item' | 'time' | 'position')[];

/**
 * Columns that name an item within one impression or request. Without a request the time stands for it: user and item alone do not do, for a user
 * may be shown an item again and then choose it. Where every impression is a row, the position tells two showings within one request apart.
 */
export function impressionKey({ unit }: Pick<StageView, 'unit'>, roles: readonly string[]): ImpressionKey | null {
  if (roles.includes('request'))
    return unit === 'impression' && roles.includes('position') ? ['request', 'item', 'position'] : ['request', 'item'];
  return roles.includes('user') && roles.includes('time') ? ['user', 'item', 'time'] : null;
}

/**
 * Columns by which sample rows find their impressions. Times and positions are left out: one of the two may be rounded, or counted from
 * another start.
 */
export function joinKey(
  sample: readonly string[],
  log: readonly string[],
): readonly ('user' | 'request' | 'item')[] | null {
  const both = (role: string): boolean => sample.includes(role) && log.includes(role);
  return both('request') ? ['request', 'item'] : both('user') ? ['user', 'item'] : null;
}

export type DuplicateKey = readonly (
  'user' | 'request' | 'item' | 'time' | 'position' | 'positive_item' | 'source' | 'entry' | 'label'
)[];

/**
 * Columns that occur together once in a sample file: group, item and entry; of fine ranking the impression. Null where the file does not name its
 * groups: then equal rows may be samples of different groups.
 */
export function duplicateKey(
  { unit, entries }: Pick<StageView, 'unit' | 'entries'>,
  roles: readonly string[],
): DuplicateKey | null {
  if (unit === 'impression') return impressionKey({ unit }, roles);
  const moment = roles.includes('request')
    ? ('request' as const)
    : roles.includes('time') && roles.includes('user')
      ? ('time' as const)
      : null;
  if (!moment || (unit === 'positive' && !roles.includes('positive_item'))) return null;
  const entry = roles.includes('entry') ? ['entry' as const] : roles.includes('source') ? ['source' as const] : [];
  // The same item may come from two entries.
  if (entry.length === 0 && entries.length > 1) return null;
  return [
    ...(roles.includes('user') ? ['user' as const] : []),
    moment,
    ...(unit === 'positive' ? ['positive_item' as const] : []),
    'item',
    'label',
    ...entry,
  ];
}

/** Names under which rows of entries that exclude nothing stand in the columns `source` and `entry`: such rows may be positives elsewhere. */
export function exemptSources({ entries }: Pick<StageView, 'entries'>): string[] {
  const free = entries.filter(({ exclude }) => exclude === 'none');
  const bound = new Set(entries.filter(({ exclude }) => exclude !== 'none').map(({ source }) => source?.name));
  return [
    ...new Set(free.flatMap(({ name, source }) => (source && !bound.has(source.name) ? [name, source.name] : [name]))),
  ];
}
