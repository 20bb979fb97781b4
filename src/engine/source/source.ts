import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Column, Dataset, FileFacts, GroupColumn, Notice, SkippedGroups } from '../../core/table/dataset.ts';
import type { Filter } from '../../core/table/filter.ts';
import type { BadRow } from '../../core/table/dataset.ts';
import type { AskedDays } from '../../protocol/askedTable.ts';
import type { Connections, Rows, Work } from '../database/connections.ts';
import type { FileSet, SourceFile } from '../files/fileSet.ts';

/** Current knowledge about an open data set: all of `Dataset` except the roles. */
export type SourceState = Omit<Dataset, 'columns'> & {
  readonly columns: readonly (Omit<Column, 'role'> & SourceColumn)[];
  readonly notices: readonly Notice[];
};

/** Values to read from each row: SQL over quoted column names, and the column names that it uses. */
export interface Selection {
  readonly sql: readonly string[];
  readonly columns: readonly string[];
}

/**
 * An open data set: a table whose rows are numbered from 0 in the order of the files. Every method may be called at any
 * time, also concurrently.
 */
export interface Source {
  state(): SourceState;
  /** Waits until row count and types are final. */
  settle(work: Work): Promise<SourceState>;
  /**
   * SQL of the whole table: a FROM item with all columns and `rowColumn`. Valid after `settle`.
   * @param days the rows of other folders may be missing
   */
  relation(days?: AskedDays): string;
  /** Whether `relation(days)` reads a file of the data set. */
  reads(file: SourceFile, days?: AskedDays): boolean;
  /** Name of the column of `relation()` with the row number. */
  readonly rowColumn: string;
  /** Rows first … first+count−1, in order. Each result row starts with its row number. */
  range(first: number, count: number, selection: Selection, work: Work): Promise<Rows>;
  /** Scattered rows, in any order. Each result row starts with its row number. */
  lookup(rows: readonly number[], selection: Selection, work: Work): Promise<Rows>;
  /**
   * Announces that scattered rows will be needed, so that a copy with fast access can be built. Never fails, never
   * waits.
   */
  prepareLookup(): void;
  /**
   * Exact text of the smallest and largest value of columns, by name, only from statistics. Columns without statistics
   * are omitted.
   */
  ranges(columns: readonly string[], work: Work): Promise<Record<string, { min: string; max: string }>>;
  facts(work: Work): Promise<FileFacts>;
  /** Statistics of a row group: place of the file, index of the group. Only formats with row groups have it. */
  groupStatistics?(
    file: number,
    index: number,
    work: Work,
  ): Promise<{ readonly total: number; readonly list: readonly GroupColumn[] }>;
  /**
   * SQL of the row group with the most bytes in these columns: path of its file, compressed plus uncompressed bytes, the
   * widest column and its bytes, number of row groups. Only formats with row groups have it.
   */
  largestRowGroup?(columns: readonly string[]): string;
  /** Row groups that readers skip for a filter. Only formats with row groups have it. */
  skippedGroups?(filter: Filter, work: Work): Promise<SkippedGroups>;
  badRows(limit: number, work: Work): Promise<{ total: number; list: BadRow[] }>;
}

/** The input of a reader. */
export interface Opening {
  readonly connections: Connections;
  readonly path: string;
  readonly files: FileSet;
  /** Folder for copies, removed with the data set. */
  readonly directory: string;
  readonly memoryBytes: number;
  /** Prefix that makes the tables of several data sets in one instance distinct. A single data set needs no prefix. */
  readonly prefix?: string;
}
