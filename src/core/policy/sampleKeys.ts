import type { StageView } from '../config/entries.ts';

/** Columns that identify one impression, or one request, in a sample file; null if its columns cannot. */
export type ImpressionKey = readonly ('user' | 'request' | 'item' | 'time' | 'position')[];

/**
 * Columns that identify an item within one impression or request. Without a request, the time replaces it. User and
 * item alone are not enough: a user may see an item again and then choose it. If every impression is a row, the
 * position and the time distinguish two showings within one request, which may be a session. The time also does if the
 * unit is not known.
 */
export function impressionKey({ unit }: Pick<StageView, 'unit'>, roles: readonly string[]): ImpressionKey | null {
  if (roles.includes('request'))
    return [
      'request',
      'item',
      ...(unit === 'impression' && roles.includes('position') ? (['position'] as const) : []),
      ...(unit !== 'positive' && unit !== 'request' && roles.includes('time') ? (['time'] as const) : []),
    ];
  return roles.includes('user') && roles.includes('time') ? ['user', 'item', 'time'] : null;
}

/**
 * Columns that join sample rows to their impressions. Times and positions are left out, because one side may be rounded
 * or counted from another start.
 */
export function joinKey(
  sample: readonly string[],
  log: readonly string[],
): readonly ('user' | 'request' | 'item')[] | null {
  const isShared = (role: string): boolean => sample.includes(role) && log.includes(role);
  return isShared('request') ? ['request', 'item'] : isShared('user') ? ['user', 'item'] : null;
}

/** Columns that identify a group in a sample file; null if its columns cannot. */
export type GroupKey = readonly ('user' | 'request' | 'time' | 'positive_item' | 'item' | 'position')[];

/**
 * Columns that identify a group. Unit positive: the positive, which the row of the positive also names. Unit impression:
 * the exposure.
 */
export function groupKey({ unit }: Pick<StageView, 'unit'>, roles: readonly string[]): GroupKey | null {
  const has = (role: string): boolean => roles.includes(role);
  if (unit === 'impression') return impressionKey({ unit }, roles);
  if (unit === 'request') return has('request') ? ['request'] : has('user') && has('time') ? ['user', 'time'] : null;
  if (!has('user') || !has('positive_item') || !(has('request') || has('time'))) return null;
  return [
    'user',
    ...(has('request') ? (['request'] as const) : []),
    ...(has('time') ? (['time'] as const) : []),
    'positive_item',
  ];
}

export type DuplicateKey = readonly (
  | 'user'
  | 'request'
  | 'item'
  | 'time'
  | 'position'
  | 'positive_item'
  | 'source'
  | 'entry'
  | 'label'
)[];

/**
 * Columns whose combination is unique in a sample file: group, item and entry; in fine ranking, the impression. Null if
 * the file does not identify its groups, because equal rows may then belong to different groups.
 */
export function duplicateKey(
  { unit, entries }: Pick<StageView, 'unit' | 'entries'>,
  roles: readonly string[],
): DuplicateKey | null {
  if (unit === 'impression') return impressionKey({ unit }, roles);
  const moment = roles.includes('request')
    ? unit !== 'request' && roles.includes('time')
      ? (['request', 'time'] as const)
      : (['request'] as const)
    : roles.includes('time') && roles.includes('user')
      ? (['time'] as const)
      : null;
  const byPositive = unit === 'positive' || (unit === undefined && roles.includes('positive_item'));
  if (!moment || (byPositive && !roles.includes('positive_item'))) return null;
  const entry = roles.includes('entry') ? ['entry' as const] : roles.includes('source') ? ['source' as const] : [];
  // The same item may come from two entries.
  if (entry.length === 0 && entries.length > 1) return null;
  return [
    ...(roles.includes('user') ? ['user' as const] : []),
    ...moment,
    ...(byPositive ? ['positive_item' as const] : []),
    'item',
    'label',
    ...entry,
  ];
}

/** Names of entries with no exclusion in the columns `source` and `entry`. Their rows may be positives elsewhere. */
export function exemptSources({ entries }: Pick<StageView, 'entries'>): string[] {
  const free = entries.filter(({ exclude }) => exclude === 'none');
  const bound = new Set(entries.filter(({ exclude }) => exclude !== 'none').map(({ source }) => source?.name));
  return [
    ...new Set(free.flatMap(({ name, source }) => (source && !bound.has(source.name) ? [name, source.name] : [name]))),
  ];
}
