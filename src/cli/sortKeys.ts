import { message } from '../core/message/message.ts';
import type { SortKey } from '../core/table/filter.ts';
import { chooseColumns, splitNames } from './columnList.ts';
import { usageError } from './usage.ts';

const directionSuffix = /:(asc|desc)$/;

/**
 * The sort keys of `--sort`. A value is one key or a comma-separated list. A key is a column name with an optional
 * `:asc` or `:desc`. A column name that contains a comma or ends in `:asc` wins, so every column can be named.
 * @throws FailureError for a column that does not exist, or that is named twice
 */
export function parseSortKeys(values: readonly string[], names: readonly string[], help: string): SortKey[] {
  const isWholeKey = (text: string): boolean =>
    names.includes(text) || names.includes(text.replace(directionSuffix, ''));
  const keys = values
    .flatMap((value) => splitNames(value, isWholeKey))
    .map((key) => {
      const suffix = names.includes(key) ? null : directionSuffix.exec(key);
      const name = suffix === null ? key : key.slice(0, suffix.index);
      const [index = 0] = chooseColumns([name], names, help);
      return { column: names[index] ?? name, descending: suffix?.[1] === 'desc' };
    });
  const duplicate = keys.find(({ column }, index) => keys.findIndex((other) => other.column === column) < index);
  if (duplicate) throw usageError(message('--sort names the column {0} twice', duplicate.column), { help });
  return keys;
}
