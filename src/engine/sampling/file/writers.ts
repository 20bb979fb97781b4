import { open, rm } from 'node:fs/promises';
import type { SampleFormat } from '../../../protocol/sampling.ts';
import { appendBytes } from '../../files/appendFile.ts';
import { JoinedParquet } from '../../parquet/joinedParquet.ts';
import { CopyWriter, type CopyFormat } from './copyWriter.ts';
import { ArrowWriter } from './writeArrow.ts';
import type { Writer, Writing } from './writing.ts';

/** Values of a column that a row group has a dictionary for, at most, where ids are integers: of columns that are passed through, and of those of the sampler alone. */
const DICTIONARY_VALUES = { passed: 4096, own: 256 };
/** Sooner done than level 1, and about as small: most of what is packed is digits of log q. */
const ZSTD_LEVEL = -3;

const writers: { readonly [F in SampleFormat]: (writing: Writing) => Writer } = {
  parquet: (writing) => new CopyWriter(writing, new ParquetCopies(writing)),
  arrow: (writing) => new ArrowWriter(writing),
  csv: (writing) => new CopyWriter(writing, new TextCopies(writing.file, (first) => `FORMAT csv, HEADER ${String(first)}`)),
  jsonl: (writing) => new CopyWriter(writing, new TextCopies(writing.file, () => 'FORMAT json')),
};

/** Writes a file of a format so many rows at a time that memory holds them. */
export function writerOf(format: SampleFormat, writing: Writing): Writer {
  return writers[format](writing);
}

class ParquetCopies implements CopyFormat {
  readonly #joined: JoinedParquet;

  constructor(private readonly writing: Writing) {
    this.#joined = new JoinedParquet(writing.file);
  }

  options(_first: boolean, rowGroupRows: number): string {
    // Items and requests are many: integers are smaller as they are than as a dictionary of nearly all of them, and sooner written. Texts are not.
    const { integerIds, rows } = this.writing;
    const dictionary = integerIds ? `, DICTIONARY_SIZE_LIMIT ${DICTIONARY_VALUES[rows.joined ? 'passed' : 'own']}` : '';
    return `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL ${ZSTD_LEVEL}, ROW_GROUP_SIZE ${rowGroupRows}${dictionary}`;
  }

  async begin(): Promise<void> {
    await this.#joined.begin();
  }

  async append(path: string): Promise<void> {
    await this.#joined.append(path);
  }

  async finish(facts: Readonly<Record<string, string>>): Promise<void> {
    await this.#joined.finish(Object.fromEntries(Object.entries(facts).map(([key, value]) => [`recsample.${key}`, value])));
  }
}

/** Lines, which need nothing but to stand behind one another. */
class TextCopies implements CopyFormat {
  constructor(private readonly file: string, readonly options: (first: boolean) => string) {}

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
