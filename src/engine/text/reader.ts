import type { Message } from '../../core/message/message.ts';
import type { FileFacts, Notice } from '../../core/table/dataset.ts';
import type { Block } from './blocks.ts';
import type { Candidate } from './infer.ts';
import type { Part } from './part.ts';

/** Converts the blocks of one file to parts. */
export interface BlockReader {
  /**
   * The complete records of a block, as many as one step allows, and how many bytes they used: 0 if more bytes are
   * needed.
   */
  convert(block: Block): { part: Part; consumed: number };
}

/** A text format: reads the head of a file and then its blocks. One reader per data set. */
export interface TextReader {
  /** Columns found so far; grows while files are read. */
  readonly names: readonly string[];
  /** Reads the head of a file. Call it before reading its blocks. `final`: the bytes are the whole file. */
  begin(path: string, head: Buffer, final: boolean): { reader: BlockReader; rows: (string | null)[][] };
  /** Types that column `index` may have, according to the values seen so far. */
  candidates(index: number): readonly Candidate[];
  /** True if a column contains only nested JSON values. */
  isJson(index: number): boolean;
  facts(): Omit<NonNullable<FileFacts['text']>, 'badRows'>;
  /** Notices about column names that were changed, and about columns of mixed values. */
  notices(): Notice[];
  /** Why files that hold only bad rows have no column; null if the format has no own reason. */
  noColumns(): { readonly message: Message; readonly advice: Message } | null;
}
