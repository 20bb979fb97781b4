import { message } from '../core/message/message.ts';
import type { SortKey } from '../core/table/filter.ts';
import { chooseColumns } from './columnList.ts';
import { usageError } from './usage.ts';

const direction = /:(asc|desc)$/;

/**
 * The sort keys of `--sort`. A value is one key, or keys separated by commas. A key is a column name, with `:desc` or
 * `:asc` after it. A whole column name wins over both, so every name can be given.
 * @throws FailureError for a column that does not exist, or that is named twice
 */
export function parseSortKeys(values: readonly string[], names: readonly string[], help: string): SortKey[] {
  const isKey = (text: string): boolean => names.includes(text) || names.includes(text.replace(direction, ''));
  const keys = values
    .flatMap((value) => (isKey(value) ? [value] : value.split(',').map((key) => (isKey(key) ? key : key.trim()))))
    .map((key) => {
      const ended = names.includes(key) ? null : direction.exec(key);
      const name = ended === null ? key : key.slice(0, ended.index);
      const [index = 0] = chooseColumns([name], names, help);
      return { column: names[index] ?? name, descending: ended?.[1] === 'desc' };
    });
  const twice = keys.find(({ column }, k) => keys.findIndex((one) => one.column === column) < k);
  if (twice) throw usageError(message('--sort names the column {0} twice', twice.column), { help });
  return keys;
}
