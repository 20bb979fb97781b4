import { message } from '../../../core/report/message.ts';
import type { Tables } from '../../answers/tables.ts';
import type { Work } from '../../database/connections.ts';
import type { OutputRows, RowsPart } from './outputRows.ts';

export const writingText = message('Writing the file');

/** What is written where. */
export interface Writing {
  readonly tables: Tables;
  readonly rows: OutputRows;
  /** All rows, in their order, so many at a time that memory holds them. Null: all of them. */
  readonly parts: readonly (RowsPart | null)[];
  readonly file: string;
  /** Go into the file where the format has a place for them. */
  readonly facts: Readonly<Record<string, string>>;
  /** Of the file: samples, or groups in layouts of one row a group. */
  readonly rowGroupRows: number;
  readonly work: Work;
}
