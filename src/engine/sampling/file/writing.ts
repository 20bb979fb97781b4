import { message } from '../../../core/report/message.ts';
import type { Tables } from '../../answers/tables.ts';
import type { Work } from '../../database/connections.ts';
import type { DrawnPart } from './drawnTable.ts';
import type { OutputRows } from './outputRows.ts';

/** A file that is written, part by part. */
export interface Writing {
  readonly tables: Tables;
  readonly rows: OutputRows;
  /** Whether ids of items and users are integers. */
  readonly integerIds: boolean;
  /** Absolute: where it grows. There may be others that begin with its name, until it is whole. */
  readonly file: string;
  /** Rows at a time, where the caller knows. */
  readonly rowsAtOnce?: number | undefined;
  /** Parts that are written at the same time. */
  readonly threads: number;
  readonly work: Work;
}

/** Takes the parts of a file in their order. */
export interface Writer {
  /** Writes a part, or will: it is done when there is room for the next. Its table is dropped when it is no longer needed. */
  add(part: DrawnPart): Promise<void>;
  /** Writes what is left, and what the file says of itself. @param facts by name */
  finish(facts: Readonly<Record<string, string>>): Promise<void>;
  /** Waits until nothing is written any more, be it finished or not. */
  stop(): Promise<void>;
}

/** Tells how far it is with what is left to write. */
export function tellWriting({ progress }: Work, fraction: number): void {
  progress?.({ fraction, message: message('Writing the file'), phase: 'writing' });
}
