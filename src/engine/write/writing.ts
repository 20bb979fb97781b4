import { message } from '../../core/message/message.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import type { DrawnPart } from './drawnTable.ts';
import type { OutputRows } from './outputRows.ts';

/** A file that is written part by part. */
export interface Writing {
  readonly tables: Tables;
  readonly rows: OutputRows;
  /** True if the ids of items and users are integers. */
  readonly integerIds: boolean;
  /**
   * Absolute path while it is written. Until the file is complete, other files may exist whose names begin with this
   * path.
   */
  readonly file: string;
  /** Rows at a time, if the caller knows it. */
  readonly rowsAtOnce?: number | undefined;
  /** Number of parts that are written at the same time. */
  readonly threads: number;
  readonly work: Work;
}

/** Takes the parts of a file, in order. */
export interface Writer {
  /**
   * Writes a part or schedules it. Resolves when the next part can be accepted. The part's table is dropped when it is
   * no longer needed.
   */
  add(part: DrawnPart): Promise<void>;
  /**
   * Writes the rest, and the metadata of the file.
   * @param facts metadata by name
   */
  finish(facts: Readonly<Record<string, string>>): Promise<void>;
  /** Waits until no write is running, whether the file is complete or not. */
  stop(): Promise<void>;
}

/** Reports the progress of writing the rest. */
export function reportWriting({ progress }: Work, fraction: number): void {
  progress?.({ fraction, message: message('Writing the file'), phase: 'writing' });
}
