/** Some records of a file, written so that DuckDB's reader cannot misunderstand them. */
export interface Part {
  readonly slices: readonly Buffer[];
  readonly records: number;
  readonly longest: number;
  readonly delimiter: string;
  /** How the records end; with quotes in them always LF, because DuckDB takes a quoted LF of a CRLF file for an end. */
  readonly newline: 'LF' | 'CRLF';
  /** Index of the column of the table for each field. */
  readonly columns: readonly number[];
}

/** Column names of a set of text files in order of first appearance, and where the fields of each file go. */
export class ColumnList {
  readonly names: string[] = [];
  readonly #index = new Map<string, number>();

  /** Index of a column by name, which is added where it is new. */
  add(name: string): number {
    const known = this.#index.get(name);
    if (known !== undefined) return known;
    const index = this.names.push(name) - 1;
    this.#index.set(name, index);
    return index;
  }
}
