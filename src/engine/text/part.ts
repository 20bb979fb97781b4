/** Some records of a file, in a form that DuckDB's reader cannot misread. */
export interface Part {
  readonly slices: readonly Buffer[];
  readonly records: number;
  readonly longest: number;
  readonly delimiter: string;
  /**
   * The line ending of the records. Always LF if there are quotes, because DuckDB treats a quoted LF in a CRLF file as
   * a line ending.
   */
  readonly newline: 'LF' | 'CRLF';
  /** Index of the table column for each field. */
  readonly columns: readonly number[];
}

/** Most columns of a text file. With more, DuckDB takes minutes for every statement, and no interrupt ends it. */
export const MAX_COLUMNS = 20_000;

/** Column names of a set of text files in order of first appearance, and the column for each field of a file. */
export class ColumnList {
  readonly names: string[] = [];
  readonly #index = new Map<string, number>();

  /** Index of a column by name. A new name is added. */
  add(name: string): number {
    const known = this.#index.get(name);
    if (known !== undefined) return known;
    const index = this.names.push(name) - 1;
    this.#index.set(name, index);
    return index;
  }
}
