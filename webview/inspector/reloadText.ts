import type { Dataset } from '../../src/core/table/dataset.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { typeName } from '../../src/core/table/type.ts';
import { t } from '../strings.ts';

/** Maximum number of names listed; the others are only counted. */
const listed = 3;

/** The difference of two versions of a data set in words: `Rows 74,425 → 71,362, columns +1 (score)`. */
export function reloadText(before: Dataset, after: Dataset): string {
  const types = ({ columns }: Dataset): Map<string, string> =>
    new Map(columns.map(({ name, type }) => [name, typeName(type)]));
  const [old, renewed] = [types(before), types(after)];
  const added = [...renewed.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !renewed.has(name));
  const retyped = [...renewed].flatMap(([name, type]) => {
    const was = old.get(name);
    return was === undefined || was === type ? [] : [`${name}: ${was} → ${type}`];
  });
  const rows = before.rows === null || after.rows === null ? null : ([before.rows, after.rows] as const);
  const parts = [
    ...(rows && rows[0] !== rows[1] ? [t('rows {0} → {1}', formatCount(rows[0]), formatCount(rows[1]))] : []),
    ...(added.length === 0 ? [] : [t('columns +{0} ({1})', added.length, namesOf(added))]),
    ...(removed.length === 0 ? [] : [t('columns −{0} ({1})', removed.length, namesOf(removed))]),
    ...(retyped.length === 0 ? [] : [t('types {0}', namesOf(retyped))]),
  ];
  const [first = '', ...others] = parts;
  if (first !== '') return [first.charAt(0).toUpperCase() + first.slice(1), ...others].join(' · ');
  return rows ? t('Its columns and the number of rows are the same.') : '';
}

function namesOf(names: readonly string[]): string {
  const first = names.slice(0, listed).join(', ');
  return names.length <= listed ? first : `${first}, ${t('{0} more', names.length - listed)}`;
}
