import { Table, tableToIPC, vectorFromArray, Utf8 } from 'apache-arrow';
import type { Dice } from './dice.ts';
import { writeParquet } from './writeParquet.ts';

/** Columns of texts, by name. */
export type TextColumns = readonly { readonly name: string; readonly values: readonly string[] }[];

const delimited =
  (separator: string) =>
  (columns: TextColumns): Uint8Array => {
    const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    // A mark of byte order at the beginning of a file would not be part of the name.
    const isPlain = (cell: string): boolean => /^[^" \ufeff][^"\n]*[^" ]$/.test(cell) && !cell.includes(separator);
    const line = (cells: readonly string[]): string =>
      `${cells.map((cell) => (isPlain(cell) ? cell : quoted(cell))).join(separator)}\n`;
    const rows = (columns[0]?.values ?? []).map((_, row) => line(columns.map(({ values }) => values[row] ?? '')));
    return new TextEncoder().encode([line(columns.map(({ name }) => name)), ...rows].join(''));
  };

const writers = {
  '.csv': delimited(','),
  '.tsv': delimited('\t'),
  // Lone surrogates become escapes.
  '.jsonl': (columns) =>
    new TextEncoder().encode(
      (columns[0]?.values ?? [])
        .map((_, row) => {
          const pairs = columns.map(({ name, values }) => `${JSON.stringify(name)}:${JSON.stringify(values[row])}`);
          return `{${pairs.join(',')}}\n`;
        })
        .join(''),
    ),
  '.parquet': (columns) =>
    writeParquet(
      columns[0]?.values.length ?? 0,
      columns.map((column) => ({ ...column, kind: 'text' as const })),
    ),
  '.arrow': (columns) =>
    tableToIPC(
      new Table(Object.fromEntries(columns.map(({ name, values }) => [name, vectorFromArray(values, new Utf8())]))),
      'file',
    ),
} satisfies Readonly<Record<string, (columns: TextColumns) => Uint8Array>>;

export type Ending = keyof typeof writers;

export const endings = Object.keys(writers) as Ending[];

/** Only `.jsonl` can have lone surrogates. */
export function writeTable(ending: Ending, columns: TextColumns): Uint8Array {
  return writers[ending](columns);
}

/** Parts of texts that encodings, comparisons or dialects change. */
const parts = ['\ufeff', 'a', 'A', 'ß', 'ẞ', 'i', 'İ', 'é', 'e\u0301', ' ', '"', '\\', ',', '\u2028', '\ud83d\ude00'];

/** A short text; never empty, because text files have no empty texts. */
export function anyText(dice: Dice, more: readonly string[] = []): string {
  return Array.from({ length: 1 + dice.below(3) }, () => dice.pick([...parts, ...more])).join('');
}
