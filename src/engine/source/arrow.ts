import type { Progress } from '../../protocol/engine.ts';
import { setImmediate } from 'node:timers/promises';
import type { DuckDBType } from '@duckdb/node-api';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { valueAt } from '../../core/valueAt.ts';
import { ownValue } from '../../core/ownValue.ts';
import type { Notice } from '../../core/table/dataset.ts';
import { typeName } from '../../core/table/type.ts';
import type { Connections, Rows, Work } from '../database/connections.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import { changedFile, readFailure } from './readFailure.ts';
import { SharedJob } from '../../core/queue/sharedJob.ts';
import { Expansion } from '../files/expansion.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { fingerprintOf } from '../files/fingerprint.ts';
import { mapFiles } from '../files/mapFiles.ts';
import { IpcFile, type Slice } from '../ipc/ipcFile.ts';
import type { IpcLayout } from '../ipc/layout.ts';
import { rowBytes } from '../ipc/valueBytes.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { arrowFacts } from './arrowFacts.ts';
import { arrowShape, shapeNotices, type ArrowShape } from './arrowShape.ts';
import { addedBytes, appendSlices, createTable, partitionType, rowType, type ArrowTable } from './arrowTables.ts';
import { partitionColumns, renamedBesideFolders } from './besidePartitions.ts';
import { rowColumnName } from './rowColumn.ts';
import { unite } from './shape.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Opening, Selection, Source, SourceState } from './source.ts';
import { markTwins, withoutTwins } from '../database/twinNames.ts';
import { outOfRangeReason, unreadableNotices, unreadableSql } from '../database/unreadable.ts';

/** Data sets up to this size are read completely when they are opened. */
const SMALL_BYTES = 1 << 20;
/** Maximum rows and bytes that become visible at once. */
const GROUP_ROWS = 122_880;
const GROUP_BYTES = 64 << 20;
/** With fewer rows, a scan for row numbers is as fast as an index. */
const INDEX_ROWS = 1_000_000;

interface ArrowSourceFile extends SourceFile {
  readonly layout: IpcLayout;
  readonly shape: ArrowShape;
  readonly first: number;
}

/** Consecutive files of one shape, and the table that holds their rows. */
interface Run extends ArrowTable {
  readonly shape: ArrowShape;
  readonly files: ArrowSourceFile[];
}

/**
 * Arrow IPC files and streams. Types and the number of rows come from the metadata. With the first page, all rows are
 * copied into tables in the background; each page is shown as soon as its rows are there.
 */
export class ArrowSource implements Source {
  readonly rowColumn: string;
  readonly #connections: Connections;
  #state: SourceState;
  readonly #runs: readonly Run[];
  readonly #expansion: Expansion;
  #whole: SharedJob<SourceState, Progress> | null = null;
  /** Rows that can be queried. */
  #loaded = 0;
  #waiting: { readonly rows: number; readonly wake: () => void }[] = [];
  #isIndexed = false;

  private constructor(
    private readonly opening: Opening,
    private readonly files: readonly ArrowSourceFile[],
    columns: readonly SourceColumn[],
    notices: readonly Notice[],
  ) {
    const { connections, path, files: set } = opening;
    this.#connections = connections;
    this.rowColumn = rowColumnName(columns.map(({ name }) => name));
    const last = files.at(-1);
    this.#state = {
      path,
      format: set.format,
      compression: set.compression,
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      rows: last === undefined ? 0 : last.first + last.layout.rows,
      columns,
      notices: [...set.notices, ...notices],
      fingerprint: fingerprintOf(files),
    };
    this.#expansion = new Expansion(path, this.#state.bytes);
    this.#runs = this.#runsOf(files);
  }

  /** Reads only metadata, except of small files. */
  static async open(opening: Opening, work: Work): Promise<ArrowSource> {
    const { files: set } = opening;
    try {
      const layouts = await mapFiles(set.files, async (file) => await IpcFile.layout(file, work));
      const shapes = new Map<string, ArrowShape>();
      let first = 0;
      const files = set.files.flatMap((file, k): ArrowSourceFile[] => {
        const layout = layouts[k];
        if (!layout) return [];
        const made = arrowShape(file.path, layout.schema, set.partitionColumns);
        const shape = shapes.get(made.key) ?? made;
        shapes.set(made.key, shape);
        first += layout.rows;
        return [{ ...file, layout, shape, first: first - layout.rows }];
      });
      const empty = files.find(({ shape }) => shape.columns.length === 0);
      if (empty)
        throw fail('unsupported', message('The Arrow file has no columns'), {
          place: { path: empty.path },
          advice: message('Write the file again with at least one column.'),
        });
      const united = unite([...shapes.values()]);
      const columns = markTwins([...united.columns, ...partitionColumns(set)]);
      const all = [
        ...united.notices,
        ...shapeNotices([...shapes.values()]),
        ...unreadableNotices(columns),
        ...renamedBesideFolders([...shapes.values()]),
      ];
      const source = new ArrowSource(opening, files, columns, all);
      source.#checkRows();
      if (source.#state.bytes <= SMALL_BYTES) await source.settle(work);
      return source;
    } catch (error) {
      throw (await changedFile(set.files)) ?? (await readFailure(error, set.files));
    }
  }

  state(): SourceState {
    return this.#state;
  }

  async settle(work: Work): Promise<SourceState> {
    return await this.#start().wait(work);
  }

  reads(): boolean {
    return true;
  }

  relation(): string {
    const [only, ...others] = this.#runs;
    return only && others.length === 0 && this.#state.columns.every(({ type }) => type.kind !== 'unreadable')
      ? only.table
      : `(${this.#runs.map((run) => this.#selectFrom(run)).join(' UNION ALL ')})`;
  }

  async range(first: number, count: number, selection: Selection, work: Work): Promise<Rows> {
    const end = Math.min(first + count, this.#state.rows ?? 0);
    if (end <= first) return [];
    await this.#reach(end, work);
    const row = quoteIdentifier(this.rowColumn);
    return await this.#connections.rows(
      `SELECT ${[row, ...selection.sql].join(', ')} FROM ${this.relation()} WHERE ${row} BETWEEN ${first} AND ${end - 1} ORDER BY ${row}`,
      work,
    );
  }

  async lookup(rows: readonly number[], selection: Selection, work: Work): Promise<Rows> {
    await this.settle(work);
    const row = quoteIdentifier(this.rowColumn);
    return await this.#connections.rows(
      `SELECT ${[row, ...selection.sql].join(', ')} FROM ${this.relation()} WHERE ${row} IN (${rows.join(', ')})`,
      work,
    );
  }

  prepareLookup(): void {
    if (this.#isIndexed || (this.#state.rows ?? 0) < INDEX_ROWS) return;
    this.#isIndexed = true;
    // Only for speed: without the index, a scan finds the same rows.
    const index = async (): Promise<void> => {
      await this.settle({});
      for (const { name, table } of this.#runs)
        await this.#connections.long(
          `CREATE INDEX ${quoteIdentifier(`${name}_row`)} ON ${table} (${quoteIdentifier(this.rowColumn)})`,
          message('Preparing sorted pages'),
        );
    };
    index().catch(() => undefined);
  }

  async ranges(): ReturnType<Source['ranges']> {
    return {};
  }

  async facts(): ReturnType<Source['facts']> {
    return arrowFacts(this.files, this.opening.files.partitionColumns);
  }

  async badRows(): ReturnType<Source['badRows']> {
    return { total: 0, list: [] };
  }

  /** Checks the least memory that the rows need, known from their number and types before any row is copied. */
  #checkRows(): void {
    const needed = this.files.reduce(
      (sum, { layout, shape: { fields, readable }, partition }) =>
        readable.reduce(
          (width, { position }) => width + rowBytes(valueAt(fields, position)),
          addedBytes(Object.values(partition)),
        ) *
          layout.rows +
        sum,
      0,
    );
    if (needed > this.#expansion.limit) throw this.#expansion.refusal(needed);
  }

  #runsOf(files: readonly ArrowSourceFile[]): Run[] {
    const runs: Run[] = [];
    for (const file of files) {
      const last = runs.at(-1);
      if (last?.shape === file.shape) {
        last.files.push(file);
        continue;
      }
      const name = `${this.opening.prefix ?? ''}@arrow${runs.length}`;
      const columns: { readonly name: string; readonly type: DuckDBType }[] = [
        { name: this.rowColumn, type: rowType },
        ...file.shape.readable.map(({ name: own, type }) => ({ name: own, type })),
        ...withoutTwins(partitionColumns(this.opening.files)).map(({ name: own }) => ({
          name: own,
          type: partitionType,
        })),
      ];
      runs.push({ name, table: quoteIdentifier(name), columns, shape: file.shape, files: [file] });
    }
    return runs;
  }

  #selectFrom({ table, shape }: Run): string {
    const expressions = withoutTwins(this.#state.columns).map((column) => {
      const alias = quoteIdentifier(column.name);
      if (column.type.kind === 'unreadable') return unreadableSql(column);
      if (column.partition) return alias;
      const own = shape.byName.get(column.name);
      if (own === undefined) return `CAST(NULL AS ${column.sqlType}) AS ${alias}`;
      return own.sqlType === column.sqlType ? alias : `CAST(${alias} AS ${column.sqlType}) AS ${alias}`;
    });
    return `SELECT ${[quoteIdentifier(this.rowColumn), ...expressions].join(', ')} FROM ${table}`;
  }

  #start(): SharedJob<SourceState, Progress> {
    return (this.#whole ??= new SharedJob(async (work) => await this.#load(work)));
  }

  /** Waits until the rows before `end` can be queried. */
  async #reach(end: number, work: Work): Promise<void> {
    const whole = this.#start();
    if (this.#loaded >= end) return;
    const reached = new Promise<void>((wake) => this.#waiting.push({ rows: end, wake }));
    await Promise.race([reached, whole.wait(work)]);
  }

  async #load(work: Work): Promise<SourceState> {
    try {
      for (const run of this.#runs) {
        await this.#connections.use(async (connection) => await createTable(connection, run), work);
        for (const file of run.files) await this.#loadFile(run, file, work);
      }
      return this.#state;
    } catch (error) {
      throw (await changedFile(this.files)) ?? (await readFailure(error, this.files));
    }
  }

  async #loadFile(run: Run, file: ArrowSourceFile, work: Work): Promise<void> {
    const before = this.files.slice(0, this.files.indexOf(file)).reduce((sum, { bytes }) => sum + bytes, 0);
    const partition = withoutTwins(partitionColumns(this.opening.files)).map(
      ({ name }) => ownValue(file.partition, name) ?? null,
    );
    const reader = await IpcFile.open(file, this.opening.directory, this.#expansion);
    try {
      let read = 0;
      let held: Slice[] = [];
      let row = file.first;
      const flush = async (): Promise<void> => {
        const slices = held;
        held = [];
        if (slices.length === 0) return;
        await this.#connections.use(async (c) => await appendSlices(c, run, slices, row, partition), work);
        row += slices.reduce((sum, { rows }) => sum + rows, 0);
        this.#reached(row);
        work.progress?.({
          fraction: Math.min(1, (before + read) / Math.max(1, this.#state.bytes)),
          message: message('Reading the file'),
        });
      };
      for await (const slice of reader.slices(
        file.layout,
        run.shape.readable.map(({ position }) => position),
      )) {
        // Converting a slice blocks the process, so let other tasks and signals run before.
        await setImmediate();
        if (work.signal?.aborted) throw cancelled();
        this.#refuse(run.shape, reader.outOfRange);
        this.#expansion.take(slice.rows * addedBytes(partition));
        held.push(slice);
        read += slice.bytes;
        const rows = held.reduce((sum, one) => sum + one.rows, 0);
        const bytes = held.reduce((sum, one) => sum + one.held, 0);
        // The first page is shown at once.
        if (row === 0 || rows >= GROUP_ROWS || bytes >= GROUP_BYTES) await flush();
      }
      await flush();
    } finally {
      await reader.close();
    }
  }

  /** Makes columns unreadable, before their meaningless values can be queried. */
  #refuse({ readable }: ArrowShape, outOfRange: ReadonlyMap<number, bigint>): void {
    const names = new Map(readable.map(({ name, position }) => [name, outOfRange.get(position)]));
    const isNew = ({ name, type }: SourceColumn): boolean =>
      names.get(name) !== undefined && type.kind !== 'unreadable';
    if (!this.#state.columns.some(isNew)) return;
    const refused: SourceColumn[] = [];
    const columns = this.#state.columns.map((column) => {
      if (!isNew(column)) return column;
      const reason = outOfRangeReason(String(names.get(column.name)));
      const unreadable = {
        ...column,
        type: { kind: 'unreadable', name: typeName(column.type), reason },
        sqlType: 'VARCHAR',
      } as const;
      refused.push(unreadable);
      return unreadable;
    });
    this.#state = { ...this.#state, columns, notices: [...this.#state.notices, ...unreadableNotices(refused)] };
  }

  #reached(rows: number): void {
    this.#loaded = rows;
    for (const one of this.#waiting) if (one.rows <= rows) one.wake();
    this.#waiting = this.#waiting.filter((one) => one.rows > rows);
  }
}
