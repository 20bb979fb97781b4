import { open, rm } from 'node:fs/promises';
import type { SampleFormat } from '../../protocol/sampling.ts';
import { appendBytes } from '../files/appendFile.ts';
import { JoinedParquet } from '../parquet/joinedParquet.ts';
import { CopyWriter, type CopyFormat } from './copyWriter.ts';
import { ArrowWriter } from './writeArrow.ts';
import type { Writer, Writing } from './writing.ts';

/**
 * How columns are compressed. There are many distinct ids and requests. Plain integers are smaller and faster to write
 * than a dictionary of nearly all of them; texts are not.
 * Without copied columns, most bytes are digits of log q, and a higher compression level does not shrink these.
 */
const packings = {
  texts: 'COMPRESSION_LEVEL 1',
  passed: 'COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 4096',
  numbers: 'COMPRESSION_LEVEL -3, DICTIONARY_SIZE_LIMIT 256',
} as const;

const writers: { readonly [F in SampleFormat]: (writing: Writing) => Writer } = {
  parquet: (writing) => new CopyWriter(writing, new ParquetCopies(writing)),
  arrow: (writing) => new ArrowWriter(writing),
  csv: (writing) =>
    new CopyWriter(writing, new TextCopies(writing.file, (first) => `FORMAT csv, HEADER ${String(first)}`)),
  jsonl: (writing) => new CopyWriter(writing, new TextCopies(writing.file, () => 'FORMAT json')),
};

/** Writes a file in a format, with as many rows at a time as fit into memory. */
export function writerOf(format: SampleFormat, writing: Writing): Writer {
  return writers[format](writing);
}

class ParquetCopies implements CopyFormat {
  readonly #joined: JoinedParquet;

  constructor(private readonly writing: Writing) {
    this.#joined = new JoinedParquet(writing.file);
  }

  options(_first: boolean, rowGroupRows: number): string {
    const { integerIds, rows } = this.writing;
    return `FORMAT parquet, COMPRESSION zstd, ${packings[!integerIds ? 'texts' : rows.hasCopies ? 'passed' : 'numbers']}, ROW_GROUP_SIZE ${rowGroupRows}`;
  }

  async begin(): Promise<void> {
    await this.#joined.begin();
  }

  async append(path: string): Promise<void> {
    await this.#joined.append(path);
  }

  async finish(facts: Readonly<Record<string, string>>): Promise<void> {
    await this.#joined.finish(
      Object.fromEntries(Object.entries(facts).map(([key, value]) => [`recsample.${key}`, value])),
    );
  }
}

/** Lines of text, which only need to be concatenated. */
class TextCopies implements CopyFormat {
  constructor(
    private readonly file: string,
    readonly options: (first: boolean) => string,
  ) {}

  begin(): Promise<void> {
    return Promise.resolve();
  }

  async append(path: string): Promise<void> {
    const target = await open(this.file, 'a');
    try {
      const source = await open(path, 'r');
      try {
        await appendBytes(source, 0, (await source.stat()).size, target);
      } finally {
        await source.close();
      }
    } finally {
      await target.close();
    }
    await rm(path);
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }
}
