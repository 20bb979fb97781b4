import type { FileFacts } from '../../core/table/dataset.ts';
import type { Block } from './blocks.ts';
import type { Candidate } from './infer.ts';
import type { Part } from './part.ts';

/** Turns the blocks of one file into parts. */
export interface BlockReader {
  /** The whole records of a block, as many as one step takes, and how many of its bytes they took: 0 where more bytes are needed. */
  convert(block: Block): { part: Part; consumed: number };
}

/** A text format: what the head of a file says, and how the rest is read. One reader a data set. */
export interface TextReader {
  /** Columns by now; grows while files are read. */
  readonly names: readonly string[];
  /** Reads the head of a file; must be called before its blocks. `final`: the bytes are the whole file. */
  begin(path: string, head: Buffer, final: boolean): { reader: BlockReader; rows: (string | null)[][] };
  /** Types that column `index` may have, by what was seen of it. */
  candidates(index: number): readonly Candidate[];
  /** True where a column holds nested JSON values only. */
  isJson(index: number): boolean;
  facts(): Omit<NonNullable<FileFacts['text']>, 'badRows'>;
}
