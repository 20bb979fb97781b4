import type { Message } from '../../core/message/message.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { SourceFile } from '../files/fileSet.ts';
import type { Opening, Source } from '../source/source.ts';

/** First bytes of a file, and the content that they show. */
export interface Signature {
  readonly content: string;
  readonly bytes: readonly number[];
}

/** Facts that the first and last bytes of a file show. */
export interface FileEnds {
  readonly path: string;
  readonly bytes: number;
  /** At most the first 512 bytes. */
  readonly head: Uint8Array;
  /** At most the last 16 bytes. */
  readonly tail: Uint8Array;
  /** Name of the content by the first bytes. */
  readonly content: string;
  /** True if a signature decides the content, false if it only looks like text or binary data. */
  readonly isSigned: boolean;
}

/** A file format. What the layers above the engine know about it is in `core/table/sampleName.ts`. */
export interface Reader {
  readonly signatures: readonly Signature[];
  /** What is wrong with a file of 0 bytes, and the advice, if there is more to say than that. */
  readonly emptyFile?: { readonly message: Message; readonly advice: Message };
  /**
   * Checks that a file that is not empty and not compressed as a whole has the content of this format.
   * @throws FailureError `wrong-format`, `encrypted`, `truncated`, `corrupt`, `unsupported`
   */
  checkEnds(ends: FileEnds): Promise<void>;
  /** Opens the files of a data set, which have this format. */
  open(opening: Opening, work: Work): Promise<Source>;
  /** True if the log of a table format may define which rows of such files are valid. */
  readonly mayBeInLakeTable: boolean;
  /**
   * Reads all values of a file.
   * Absent if reading reports a damaged file with its path.
   * @throws DuckDB's error if a value cannot be read
   */
  readAll?(connections: Connections, file: SourceFile, work: Work): Promise<void>;
}
