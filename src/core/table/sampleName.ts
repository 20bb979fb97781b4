import { message, type Message } from '../message/message.ts';

/** Properties of a file format for the layers above the engine. The readers are in `src/engine/readers`. */
interface FormatTraits {
  /** Name for people. */
  readonly label: string;
  /** Extensions without the dot, the most common first. */
  readonly endings: readonly string[];
  /** Extensions under which sample files are written; empty if the format is only read. */
  readonly written: readonly string[];
  /** Text: an editor can show it, ids in it have no type, and the whole file may be compressed. */
  readonly isText: boolean;
  /** True if files contain the smallest and largest value of columns. */
  readonly hasStatistics: boolean;
  /**
   * True if DuckDB reads the files. Other formats are copied into a table, so DuckDB's errors are not about the files.
   */
  readonly isReadInPlace: boolean;
  /** Columns can hold lists. */
  readonly hasLists: boolean;
}

const text = { isText: true, hasStatistics: false, isReadInPlace: false };

/** Every format that is read, in the order of reports. Tests compare package.json and the documentation with it. */
export const formatTraits = {
  parquet: {
    label: 'Parquet',
    endings: ['parquet', 'parq', 'pqt', 'pq'],
    written: ['parquet', 'parq', 'pqt', 'pq'],
    isText: false,
    hasStatistics: true,
    isReadInPlace: true,
    hasLists: true,
  },
  arrow: {
    label: 'Arrow',
    endings: ['arrow', 'feather', 'ipc', 'arrows'],
    // `.arrows` names a stream, but files are written.
    written: ['arrow', 'feather', 'ipc'],
    isText: false,
    hasStatistics: false,
    isReadInPlace: false,
    hasLists: true,
  },
  csv: { label: 'CSV', endings: ['csv'], written: ['csv'], ...text, hasLists: false },
  tsv: { label: 'TSV', endings: ['tsv', 'tab'], written: [], ...text, hasLists: false },
  jsonl: { label: 'JSONL', endings: ['jsonl', 'ndjson'], written: ['jsonl', 'ndjson'], ...text, hasLists: true },
} as const satisfies Readonly<Record<string, FormatTraits>>;

export type Format = keyof typeof formatTraits;
export type Compression = 'none' | 'gzip' | 'zstd';
/** A format that sample files are written in. */
export type SampleFormat = {
  [F in Format]: (typeof formatTraits)[F]['written'] extends readonly [] ? never : F;
}[Format];

export const formats = Object.keys(formatTraits) as Format[];

export function traitsOf(format: Format): FormatTraits {
  return formatTraits[format];
}

function isWritten(format: Format): format is SampleFormat {
  return traitsOf(format).written.length > 0;
}

export const sampleFormats: readonly SampleFormat[] = formats.filter(isWritten);

/** Extensions that follow the extension of a text format. Other formats compress inside the file. */
export const codecEndings: Readonly<Record<Exclude<Compression, 'none'>, readonly string[]>> = {
  gzip: ['gz'],
  zstd: ['zst', 'zstd'],
};

const codecs = Object.values(codecEndings).flat();
const endingsOf = (isText: boolean): string[] =>
  formats.map(traitsOf).flatMap((traits) => (traits.isText === isText ? traits.endings : []));

/** Extensions by how VS Code opens the file: in the inspector by default (binary and compressed text), or as text. */
export const binaryEndings: readonly string[] = endingsOf(false);
export const plainTextEndings: readonly string[] = endingsOf(true);
export const compressedTextEndings: readonly string[] = plainTextEndings.flatMap((ending) =>
  codecs.map((codec) => `${ending}.${codec}`),
);
export const textEndings: readonly string[] = [...plainTextEndings, ...compressedTextEndings];
export const sampleEndings: readonly string[] = [...binaryEndings, ...textEndings];

/** Format and compression that a file's name indicates. */
export interface NamedFormat {
  readonly format: Format;
  readonly compression: Compression;
}

/** Format by file name, in any letter case; null if the name indicates no readable format. */
export function formatOfName(path: string): NamedFormat | null {
  for (const format of formats) {
    const { endings, isText } = traitsOf(format);
    if (hasEnding(path, endings)) return { format, compression: 'none' };
    if (!isText) continue;
    for (const compression of ['gzip', 'zstd'] as const) {
      const compressedEndings = endings.flatMap((ending) =>
        codecEndings[compression].map((codec) => `${ending}.${codec}`),
      );
      if (hasEnding(path, compressedEndings)) return { format, compression };
    }
  }
  return null;
}

/** Endings of the files that can be written, for people. */
export const writableEndings = sampleFormats
  .flatMap((format) => traitsOf(format).written.map((ending) => `.${ending}`))
  .join(', ');

/** The message for a name without a writable format. */
export function noWritableFormat(name: string): Message {
  return message('No writable format matches the file name {0}. Writable formats: {1}', name, writableEndings);
}

/** The format in which a sample file of that name is written; null if the name indicates none. */
export function sampleFormatOfName(path: string): SampleFormat | null {
  return sampleFormats.find((format) => hasEnding(path, traitsOf(format).written)) ?? null;
}

function hasEnding(path: string, endings: readonly string[]): boolean {
  const name = path.toLowerCase();
  return endings.some((ending) => name.endsWith(`.${ending}`));
}

export function isSampleName(path: string): boolean {
  return formatOfName(path) !== null;
}

/** True for a name of binary data, which stays binary after decompression. */
export function isBinaryName(path: string): boolean {
  return hasEnding(path, binaryEndings);
}

/** True for text that an editor can show: not binary, not compressed. */
export function isPlainText(path: string): boolean {
  return hasEnding(path, plainTextEndings);
}

/** A glob for names with these extensions in any case, `*.{[cC][sS][vV],…}`: globs of VS Code are case-sensitive. */
export function nameGlob(endings: readonly string[]): string {
  return `*.{${endings.map((ending) => ending.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)).join(',')}}`;
}
