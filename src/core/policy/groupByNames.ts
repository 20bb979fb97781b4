import type { ConfigPath } from '../config/tree.ts';
import type { OptionValues } from '../source/source.ts';

/** The user attributes under `group_by` of an entry, each with its place: one name, or a list of names. */
export function groupByNames(
  { group_by: groupBy }: OptionValues,
  path: ConfigPath,
): { readonly name: string; readonly at: ConfigPath }[] {
  const at = [...path, 'group_by'];
  if (typeof groupBy === 'string') return [{ name: groupBy, at }];
  if (!Array.isArray(groupBy)) return [];
  return groupBy.flatMap((name: unknown, k) => (typeof name === 'string' ? [{ name, at: [...at, k] }] : []));
}
