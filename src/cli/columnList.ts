import { message } from '../core/message/message.ts';
import { nearest, usageError } from './usage.ts';

/**
 * Indices of the columns that `--columns` names, in that order, each once. A value is one whole column name, or names
 * separated by commas. A name that contains a comma must be a value of its own. Throws a usage failure for an unknown
 * name.
 */
export function chooseColumns(values: readonly string[], names: readonly string[], help: string): number[] {
  if (values.length === 0) return names.map((_, i) => i);
  const selected = values.flatMap((value) => splitNames(value, (text) => names.includes(text)));
  return [...new Set(selected.map((name) => columnIndex(name, names, help)))];
}

/** A value that is one name, or the names in it separated by commas. */
export function splitNames(value: string, isName: (text: string) => boolean): string[] {
  return isName(value) ? [value] : value.split(',').map((text) => (isName(text) ? text : text.trim()));
}

/** The index of a column. Throws a usage failure for an unknown name. */
export function columnIndex(name: string, names: readonly string[], help: string): number {
  const index = names.indexOf(name);
  if (index < 0) throw usageError(message('Unknown column {0}', name === '' ? '""' : name), nearest(name, names, help));
  return index;
}
