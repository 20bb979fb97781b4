import type { Column, Dataset, FileFacts, Notice } from '../../core/table/dataset.ts';
import type { BadRow } from '../../core/table/dataset.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { Connections, Rows, Work } from '../database/connections.ts';
import type { FileSet } from '../files/discover.ts';

/** A column of an opened data set. */
export interface SourceColumn {
  readonly name: string;
  readonly type: LogicalType;
  /** DuckDB's name of the type, to write NULLs and casts of it. */
  readonly sqlType: string;
  readonly partition: boolean;
}

/** What is known of an opened data set by now: all of `Dataset` but the roles. */
export type SourceState = Omit<Dataset, 'columns'> & {
  readonly columns: readonly (Omit<Column, 'role'> & SourceColumn)[];
  readonly notices: readonly Notice[];
};

/** What is read of each row: SQL over quoted column names, and the names that it uses. */
export interface Selection {
  readonly sql: readonly string[];
  readonly columns: readonly string[];
}

/**
 * An opened data set: a table whose rows are numbered from 0 in the order of the files. Every method may be called at any time, also several at once.
 */
export interface Source {
  state(): SourceState;
  /** Waits until rows and types are final. */
  settle(work: Work): Promise<SourceState>;
  /** SQL of the whole table: a FROM item with all columns and `rowColumn`. Valid after `settle`. */
  relation(): string;
  /** Name of the column of `relation()` that holds the row number. */
  readonly rowColumn: string;
  /** Rows first … first+count−1 in order; each result row starts with its row number. */
  range(first: number, count: number, selection: Selection, work: Work): Promise<Rows>;
  /** Scattered rows, in any order; each result row starts with its row number. */
  lookup(rows: readonly number[], selection: Selection, work: Work): Promise<Rows>;
  /** Told that scattered rows will be asked for, so that a copy with fast access may be made. Never fails, never waits. */
  prepareLookup(): void;
  /** Exact text of the smallest and largest value of columns, by name, from statistics alone; columns without them are left out. */
  ranges(columns: readonly string[], work: Work): Promise<Record<string, { min: string; max: string }>>;
  facts(work: Work): Promise<FileFacts>;
  badRows(limit: number, work: Work): Promise<{ total: number; list: BadRow[] }>;
}

/** What a reader is given. */
export interface Opening {
  readonly connections: Connections;
  readonly path: string;
  readonly files: FileSet;
  /** Folder for copies, removed with the session. */
  readonly directory: string;
  readonly memoryBytes: number;
  /** Tells the tables of several data sets in one instance apart; alone, a data set needs none. */
  readonly prefix?: string;
}
