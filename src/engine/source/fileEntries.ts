import type { FileFacts, KeyValue } from '../../core/table/dataset.ts';
import type { SourceFile } from '../files/fileSet.ts';

/** Maximum lengths of lists and values in the tab *File*. `total` and `bytes` show how much is omitted. */
export const FACT_LIMITS = {
  files: 1000,
  rowGroups: 1000,
  columns: 10_000,
  keyValues: 200,
  valueCharacters: 4000,
} as const;

/** The files of a data set, for the tab *File*. `rows`: null if they are not known. */
export function fileEntries(files: readonly (SourceFile & { readonly rows: number | null })[]): FileFacts['files'] {
  return {
    total: files.length,
    list: files.slice(0, FACT_LIMITS.files).map(({ path, bytes, rows, modified, partition }) => ({
      path,
      bytes,
      rows,
      modified,
      partition: Object.fromEntries(Object.entries(partition).map(([name, value]) => [name, value ?? ''])),
    })),
  };
}

/** A key and its value, which is cut if it is long. */
export function keyValue(key: string, value: string): KeyValue {
  return value.length <= FACT_LIMITS.valueCharacters
    ? { key, value }
    : { key, value: value.slice(0, FACT_LIMITS.valueCharacters), bytes: Buffer.byteLength(value) };
}
