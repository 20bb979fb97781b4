import type { Compression, Format } from './dataset.ts';

/**
 * Extensions of sample files, without the dot. The first one of each format is the usual one. A test compares
 * package.json with this list.
 */
export const formatEndings: Readonly<Record<Format, readonly string[]>> = {
  parquet: ['parquet', 'parq', 'pqt', 'pq'],
  csv: ['csv'],
  tsv: ['tsv', 'tab'],
  jsonl: ['jsonl', 'ndjson'],
};

/** Extensions after that of a text format. Parquet compresses its pages, so it has none. */
export const codecEndings: Readonly<Record<Exclude<Compression, 'none'>, readonly string[]>> = {
  gzip: ['gz'],
  zstd: ['zst', 'zstd'],
};

const { parquet, ...texts } = formatEndings;
const codecs = Object.values(codecEndings).flat();

/** Extensions by how VS Code opens the file: in the inspector by default (Parquet and compressed text), or as text. */
export const parquetEndings: readonly string[] = parquet;
export const plainTextEndings: readonly string[] = Object.values(texts).flat();
export const compressedTextEndings: readonly string[] = plainTextEndings.flatMap((ending) =>
  codecs.map((codec) => `${ending}.${codec}`),
);
export const textEndings: readonly string[] = [...plainTextEndings, ...compressedTextEndings];
export const sampleEndings: readonly string[] = [...parquetEndings, ...textEndings];

/** Format and compression that a file's name indicates. */
export interface NamedFormat {
  readonly format: Format;
  readonly compression: Compression;
}

/** Format by file name, in any letter case; null if the name indicates no readable format. */
export function formatOfName(path: string): NamedFormat | null {
  const name = path.toLowerCase();
  const has = (ending: string): boolean => name.endsWith(`.${ending}`);
  for (const format of Object.keys(formatEndings) as Format[]) {
    for (const ending of formatEndings[format]) {
      if (has(ending)) return { format, compression: 'none' };
      if (format === 'parquet') continue;
      for (const compression of ['gzip', 'zstd'] as const) {
        if (codecEndings[compression].some((codec) => has(`${ending}.${codec}`))) return { format, compression };
      }
    }
  }
  return null;
}

export function isSampleName(path: string): boolean {
  return formatOfName(path) !== null;
}

/** True for text that an editor can show: not Parquet, not compressed. */
export function isPlainText(path: string): boolean {
  const named = formatOfName(path);
  return named !== null && named.format !== 'parquet' && named.compression === 'none';
}

/**
 * A glob for names with one of these extensions, in any letter case: `*.{[cC][sS][vV],…}`. Globs of VS Code are
 * case-sensitive on Linux.
 */
export function nameGlob(endings: readonly string[]): string {
  return `*.{${endings.map((ending) => ending.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)).join(',')}}`;
}
