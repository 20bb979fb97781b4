import { join } from 'node:path';
import type { Notice } from '../../core/table/dataset.ts';
import type { Filter } from '../../core/table/filter.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { AskedDays } from '../../protocol/askedTable.ts';
import type { Connections, Rows, Work } from '../database/connections.ts';
import { readFailure } from './readFailure.ts';
import type { FileSet, SourceFile } from '../files/fileSet.ts';
import { fingerprintOf } from '../files/fingerprint.ts';
import { writeFooter } from '../parquet/joinedParquet.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { repeatedNotices } from '../text/dialect.ts';
import { fileList } from './fileList.ts';
import { isWithin } from '../../core/table/day.ts';
import { FILE_COLUMN, Mirror } from './mirror.ts';
import { checkedTimes } from './parquetTimes.ts';
import { parquetFacts } from './parquetFacts.ts';
import { parquetFooters } from './parquetFooters.ts';
import { parquetRanges } from './parquetRanges.ts';
import { groupStatistics, largestRowGroup, skippedGroups } from './parquetStatistics.ts';
import { rowColumnName } from './rowColumn.ts';
import { partitionColumns, renamedBesideFolders } from './besidePartitions.ts';
import type { ParquetShape } from './readShapes.ts';
import { unite } from './shape.ts';
import { markTwins, withoutTwins } from '../database/twinNames.ts';
import { narrowedNotices, unreadableNotices, unreadableSql } from '../database/unreadable.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Selection, Source, SourceState } from './source.ts';
import { ownValue } from '../../core/ownValue.ts';

/** A file with the number of its first row in the data set. */
export interface ParquetFile extends SourceFile {
  readonly first: number;
  readonly rows: number;
  readonly shape: ParquetShape;
  /** A copy of the footer that DuckDB can read, if it cannot read that of the file. */
  readonly footerPath?: string;
}

/**
 * A Parquet data set. Rows are numbered across the files in their order. Any range is read only from the row groups
 * that contain it.
 */
export class ParquetSource implements Source {
  readonly rowColumn: string;
  readonly #state: SourceState;
  readonly #byName: ReadonlyMap<string, SourceColumn>;
  #mirror: Mirror | null = null;

  private constructor(
    private readonly connections: Connections,
    readonly files: readonly ParquetFile[],
    private readonly columns: readonly SourceColumn[],
    set: FileSet,
    notices: readonly Notice[],
    path: string,
    private readonly mirrorBytes: number,
  ) {
    this.rowColumn = rowColumnName(columns.map((c) => c.name));
    this.#byName = new Map(columns.map((c) => [c.name, c]));
    const last = files.at(-1);
    this.#state = {
      path,
      format: 'parquet',
      compression: set.compression,
      files: files.length,
      bytes: files.reduce((sum, f) => sum + f.bytes, 0),
      rows: last === undefined ? 0 : last.first + last.rows,
      columns,
      notices: [...set.notices, ...notices],
      fingerprint: fingerprintOf(files),
    };
  }

  /** Reads only the footers, unless they are known. `mirrorBytes`: maximum size of a copy for scattered access. */
  static async open(
    connections: Connections,
    path: string,
    set: FileSet,
    { directory, mirrorBytes }: { readonly directory: string; readonly mirrorBytes: number },
    work: Work,
  ): Promise<ParquetSource> {
    try {
      const footers = await parquetFooters(connections, path, set, work);
      let first = 0;
      const files: ParquetFile[] = [];
      for (const [k, f] of set.files.entries()) {
        const rows = valueAt(footers.rows, k);
        const { shape, cleaned } = valueAt(footers.files, k);
        const footerPath = join(directory, `footer-${k}.parquet`);
        if (cleaned !== null) await writeFooter(footerPath, cleaned);
        files.push({ ...f, first, rows, shape, ...(cleaned === null ? {} : { footerPath }) });
        first += rows;
      }
      const shapes = [...new Set(files.map((f) => f.shape))];
      const { columns: united, notices } = unite(shapes);
      const columns = markTwins([...united, ...partitionColumns(set)]);
      const narrowed = new Set(shapes.flatMap((shape) => shape.narrowed));
      for (const { name, type } of columns) if (type.kind === 'unreadable') narrowed.delete(name);
      notices.push(...narrowedNotices(narrowed), ...unreadableNotices(columns), ...footers.counts);
      notices.push(...renamedBesideFolders(shapes));
      notices.push(...repeatedNotices(new Set(shapes.flatMap(({ renamed }) => renamed))));
      return new ParquetSource(connections, files, columns, set, notices, path, mirrorBytes);
    } catch (error) {
      throw await readFailure(error, set.files);
    }
  }

  state(): SourceState {
    return this.#state;
  }

  async settle(): Promise<SourceState> {
    return this.#state;
  }

  relation(days?: AskedDays): string {
    if (days !== undefined) return this.#scan(this.files.filter((file) => this.reads(file, days)));
    return this.#mirror?.ready === true ? this.#mirror.relation() : this.#scan(this.files);
  }

  reads({ partition }: SourceFile, days?: AskedDays): boolean {
    // If the folders disagree about their names, none of them is a column.
    if (days === undefined || this.#byName.get(days.column)?.partition !== true) return true;
    return isWithin(ownValue(partition, days.column) ?? null, days);
  }

  /** SQL of all rows of some files. `withFile` adds the file number. */
  #scan(files: readonly ParquetFile[], withFile = false): string {
    const runs: ParquetFile[][] = [];
    for (const file of files) {
      const run = runs.at(-1);
      if (run?.[0]?.shape === file.shape) run.push(file);
      else runs.push([file]);
    }
    const names = this.columns.map((c) => c.name);
    if (runs.length === 0) return `(${this.#selectFrom(this.files.slice(0, 1), names, 'false', withFile)})`;
    return `(${runs.map((run) => this.#selectFrom(run, names, undefined, withFile)).join(' UNION ALL ')})`;
  }

  async range(first: number, count: number, selection: Selection, work: Work): Promise<Rows> {
    const end = first + count;
    const rows: Rows = [];
    for (const file of this.files) {
      const from = Math.max(first, file.first);
      const to = Math.min(end, file.first + file.rows);
      if (from >= to) continue;
      const where = `file_row_number BETWEEN ${from - file.first} AND ${to - 1 - file.first}`;
      for (const row of await this.#read(this.#selectFrom([file], selection.columns, where), selection, [file], work))
        rows.push(row);
    }
    return rows;
  }

  async lookup(wanted: readonly number[], selection: Selection, work: Work): Promise<Rows> {
    if (this.#mirror?.ready === true) return await this.#mirror.lookup(wanted, selection, work);
    const byFile = new Map<ParquetFile, number[]>();
    const sorted = [...wanted].sort((a, b) => a - b);
    let k = 0;
    for (const file of this.files) {
      const local: number[] = [];
      for (; k < sorted.length && valueAt(sorted, k) < file.first + file.rows; k++)
        local.push(valueAt(sorted, k) - file.first);
      if (local.length > 0) byFile.set(file, local);
    }
    if (byFile.size === 0) return [];
    const parts = [...byFile].map(([file, local]) =>
      this.#selectFrom(
        [file],
        selection.columns,
        `file_row_number BETWEEN ${valueAt(local, 0)} AND ${local.at(-1) ?? 0} AND file_row_number IN (${local.join(', ')})`,
      ),
    );
    return await this.#read(parts.join(' UNION ALL '), selection, [...byFile.keys()], work);
  }

  prepareLookup(): void {
    if (this.#mirror !== null) return;
    const rows = this.#state.rows ?? 0;
    if (Mirror.estimate(this.columns, rows, this.#state.bytes) > this.mirrorBytes) return;
    this.#mirror = new Mirror(
      this.connections,
      this.#scan(this.files, true),
      this.rowColumn,
      this.columns,
      this.files,
      rows,
    );
  }

  async ranges(columns: readonly string[], work: Work): ReturnType<Source['ranges']> {
    try {
      return await parquetRanges(
        this.connections,
        this.files,
        columns.flatMap((name) => this.#byName.get(name) ?? []),
        work,
      );
    } catch (error) {
      throw await readFailure(error, this.files);
    }
  }

  async facts(work: Work): ReturnType<Source['facts']> {
    try {
      return await parquetFacts(
        this.connections,
        this.files,
        this.columns.filter((c) => c.partition).map((c) => c.name),
        work,
      );
    } catch (error) {
      throw await readFailure(error, this.files);
    }
  }

  async groupStatistics(file: number, index: number, work: Work): ReturnType<NonNullable<Source['groupStatistics']>> {
    const own = this.files[file];
    if (own === undefined) return { total: 0, list: [] };
    try {
      return await groupStatistics(this.connections, own, index, work);
    } catch (error) {
      throw await readFailure(error, [own]);
    }
  }

  largestRowGroup(columns: readonly string[]): string {
    return largestRowGroup(this.files, columns);
  }

  async skippedGroups(filter: Filter, work: Work): ReturnType<NonNullable<Source['skippedGroups']>> {
    try {
      return await skippedGroups(this.connections, this.files, this.columns, filter, work);
    } catch (error) {
      throw await readFailure(error, this.files);
    }
  }

  async badRows(): ReturnType<Source['badRows']> {
    return { total: 0, list: [] };
  }

  async #read(from: string, selection: Selection, files: readonly ParquetFile[], work: Work): Promise<Rows> {
    try {
      return await this.connections.rows(
        `SELECT ${[quoteIdentifier(this.rowColumn), ...selection.sql].join(', ')} FROM (${from})`,
        work,
      );
    } catch (error) {
      throw await readFailure(error, files);
    }
  }

  /** A query over files of one shape, with the columns of the whole data set and the row number. */
  #selectFrom(files: readonly ParquetFile[], names: readonly string[], where?: string, withFile = false): string {
    const only = files.length === 1 ? files[0] : undefined;
    const pick = (values: readonly string[]): string => `([${values.join(', ')}])[CAST(file_index AS BIGINT) + 1]`;
    const row =
      only === undefined
        ? `${pick(files.map((f) => String(f.first)))} + file_row_number`
        : `${only.first} + file_row_number`;
    const shape = files[0]?.shape;
    const paths = (): string[] => files.map(({ realPath }) => quoteLiteral(realPath));
    const expressions = withoutTwins(names.map((name) => ({ name }))).map(({ name }) => {
      const column = this.#byName.get(name);
      const alias = quoteIdentifier(name);
      if (column?.type.kind === 'unreadable') return unreadableSql(column);
      if (column?.partition === true) {
        const values = files.map((f) => nullableLiteral(ownValue(f.partition, name) ?? null));
        return `${only === undefined && new Set(values).size > 1 ? pick(values) : `CAST(${values[0] ?? 'NULL'} AS VARCHAR)`} AS ${alias}`;
      }
      const own = shape?.byName.get(name);
      const sqlType = column?.sqlType ?? 'VARCHAR';
      if (own === undefined) return `CAST(NULL AS ${sqlType}) AS ${alias}`;
      const path = (): string => (only === undefined ? pick(paths()) : quoteLiteral(only.realPath));
      const value = checkedTimes(quoteIdentifier(own.name), own, path);
      return own.sqlType === sqlType ? `${value} AS ${alias}` : `CAST(${value} AS ${sqlType}) AS ${alias}`;
    });
    if (withFile)
      expressions.push(
        `CAST(${Math.max(
          0,
          this.files.findIndex((f) => f === files[0]),
        )} + file_index AS INTEGER) AS ${FILE_COLUMN}`,
      );
    return `SELECT ${[`CAST(${row} AS BIGINT) AS ${quoteIdentifier(this.rowColumn)}`, ...expressions].join(', ')} FROM read_parquet(${fileList(files)}, hive_partitioning = false)${where === undefined ? '' : ` WHERE ${where}`}`;
  }
}

function nullableLiteral(value: string | null): string {
  return value === null ? 'NULL' : quoteLiteral(value);
}
