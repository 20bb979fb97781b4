import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBType } from '@duckdb/node-api';
import { refuse, FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { AskedDays, AskedTable } from '../../protocol/askedTable.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { FileFacts } from '../../core/table/dataset.ts';
import type { Columnar } from '../database/columnar.ts';
import { Connections, type Rows, type Work } from '../database/connections.ts';
import { createLockedInstance, type InstanceOptions } from '../database/instance.ts';
import { readFailure, reasonOf } from '../source/readFailure.ts';
import type { FileSet, SourceFile } from '../files/fileSet.ts';
import type { FoundFile } from '../files/digestFiles.ts';
import { writtenInto } from '../files/lists.ts';
import { isBelow, pathBelow, realPlace } from '../files/pathBelow.ts';
import { damagedFile } from '../readers/damagedFile.ts';
import { readers } from '../readers/readers.ts';
import { isMilliseconds } from '../source/parquetTimes.ts';
import { unreadableColumnOf } from '../database/unreadable.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { catalogTable } from './catalogTable.ts';
import type { CountedSample } from './countedSample.ts';
import { dataNotices } from './dataNotices.ts';
import { misreadValue } from './misreadValue.ts';
import { changed, isSameSet, openedSet, type OpenedSet } from './openedSet.ts';

/** A data set within a question. */
export interface OpenTable {
  /** A FROM item with all columns. `days`: the rows of other folders may be missing. */
  relation(days?: AskedDays): string;
  /** Whether `relation(days)` reads a file of the data set. */
  reads(file: SourceFile, days?: AskedDays): boolean;
  readonly columns: readonly SourceColumn[];
  /** Name of the column of `relation()` with the row number. */
  readonly rowColumn: string;
  readonly path: string;
  /** How the files are written. */
  facts(work: Work): Promise<FileFacts>;
  /** See `Source.largestRowGroup`. */
  readonly largestRowGroup?: (columns: readonly string[]) => string;
  /** Notices for the user about how the rows were read. */
  readonly notices: readonly Message[];
}

/**
 * All data sets of one question, open together in a separate DuckDB instance that can read only their folders. A data
 * set opened alone is locked in an instance that sees no other data set.
 */
export class Tables {
  private constructor(
    private readonly connections: Connections,
    private readonly byId: ReadonlyMap<string, OpenTable>,
    private readonly sets: readonly OpenedSet[],
    /** For temporary files of this question. `close` removes it. */
    readonly directory: string,
    /** Memory limit of DuckDB, in bytes. */
    readonly memoryBytes: number,
    /** Threads of DuckDB. */
    readonly threads: number,
    /** What an audit has counted, by path of the sample file. */
    readonly counts = new Map<string, CountedSample>(),
  ) {}

  /**
   * Opens the data sets together.
   * `directory`: a folder for this question only; created here, removed by `close`. `target`: a folder that is written
   * to. Fails with `changed` if a fingerprint no longer matches.
   */
  static async open(
    refs: readonly DatasetRef[],
    directory: string,
    options: Omit<InstanceOptions, 'temporaryDirectory' | 'files' | 'target'>,
    work: Work,
    target?: string,
  ): Promise<Tables> {
    const distinct = [...new Map(refs.map((ref) => [ref.id, ref])).values()];
    const sets: OpenedSet[] = [];
    for (const ref of distinct) sets.push(await openedSet(ref));
    await mkdir(directory, { recursive: true });
    let connections: Connections | null = null;
    try {
      const { instance, reporting } = await createLockedInstance({
        ...options,
        temporaryDirectory: directory,
        files: sets.flatMap(({ set }) => set.files.map(({ realPath }) => realPath)),
        target,
      });
      connections = new Connections(instance, reporting);
      const byId = new Map<string, OpenTable>();
      for (const [k, { ref, set: files }] of sets.entries()) {
        if (ref.columns) {
          byId.set(ref.id, catalogTable(ref));
          continue;
        }
        const own = join(directory, String(k));
        await mkdir(own);
        const source = await readers[files.format].open(
          { connections, path: ref.path, files, directory: own, memoryBytes: options.memoryBytes, prefix: `@${k}` },
          work,
        );
        const { columns } = await source.settle(work);
        byId.set(ref.id, {
          relation: (days) => source.relation(days),
          reads: (file, days) => source.reads(file, days),
          columns,
          rowColumn: source.rowColumn,
          path: ref.path,
          facts: async (asking) => await source.facts(asking),
          ...(source.largestRowGroup && { largestRowGroup: (named) => source.largestRowGroup?.(named) ?? '' }),
          notices: await dataNotices(source, ref.path, work),
        });
      }
      return new Tables(connections, byId, sets, directory, options.memoryBytes, options.threads);
    } catch (error) {
      await connections?.close();
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  table(ref: DatasetRef): OpenTable {
    const table = this.byId.get(ref.id);
    if (!table) throw new Error(`${ref.path} was not opened for the question`);
    return table;
  }

  /** The data sets that are open. */
  get refs(): readonly DatasetRef[] {
    return this.sets.map(({ ref }) => ref);
  }

  /** Size of all files. */
  get bytes(): number {
    return this.sets.reduce((sum, { set }) => sum + set.files.reduce((all, file) => all + file.bytes, 0), 0);
  }

  /** Some of the open data sets: errors name no other. They are closed with all. */
  only(refs: readonly DatasetRef[]): Tables {
    const ids = new Set(refs.map(({ id }) => id));
    const byId = new Map([...this.byId].filter(([id]) => ids.has(id)));
    const sets = this.sets.filter(({ ref }) => ids.has(ref.id));
    return this.#with(byId, sets);
  }

  /**
   * Some of the open data sets under the names of these references. Null if one is not open in the state in which a new
   * opening would find it.
   */
  async as(refs: readonly DatasetRef[]): Promise<Tables | null> {
    const byId = new Map<string, OpenTable>();
    const sets: OpenedSet[] = [];
    for (const ref of refs) {
      let found: OpenedSet | undefined;
      for (const opened of this.sets) if (!found && (await isSameSet(opened, ref))) found = opened;
      if (!found) return null;
      byId.set(ref.id, this.table(found.ref));
      sets.push({ ...found, ref });
    }
    return this.#with(byId, sets);
  }

  #with(byId: ReadonlyMap<string, OpenTable>, sets: readonly OpenedSet[]): Tables {
    const { connections, directory, memoryBytes, threads, counts } = this;
    return new Tables(connections, byId, sets, directory, memoryBytes, threads, counts);
  }

  /** Notices for the user about how the rows of all data sets were read. */
  notices(): Message[] {
    return [...this.byId.values()].flatMap(({ notices }) => notices);
  }

  /** Runs one statement over all rows and reports its progress. */
  async rows(sql: string, work: Work): Promise<Rows> {
    return await this.#understood(this.connections.long(sql, message('Counting rows'), work), work);
  }

  /** Like `rows`. `text` describes what the statement does. */
  async statement(sql: string, text: Message, work: Work): Promise<Rows> {
    return await this.#understood(this.connections.long(sql, text, work), work);
  }

  /** Runs one statement without progress reports. Any number of them can run at the same time. */
  async run(sql: string, work: Work): Promise<void> {
    await this.#understood(
      this.connections.use(async (connection) => {
        await connection.run(sql);
      }, work),
      work,
    );
  }

  /** Like `rows`, for results with many rows. `text` describes the purpose. */
  async columnar(sql: string, text: Message, work: Work): Promise<Columnar> {
    return await this.#understood(this.connections.columnar(sql, text, work), work);
  }

  /** The columns of a query. */
  async columns(sql: string, work: Work): Promise<{ readonly name: string; readonly type: DuckDBType }[]> {
    return await this.#understood(
      this.connections.use(async (connection) => {
        const prepared = await connection.prepare(sql);
        try {
          return Array.from({ length: prepared.columnCount }, (_, k) => ({
            name: prepared.columnName(k),
            type: prepared.columnType(k),
          }));
        } finally {
          prepared.destroySync();
        }
      }, work),
      work,
    );
  }

  /**
   * Passes the rows of a query to `take`, chunk by chunk. The result is complete before the first chunk, so it cannot
   * end early.
   */
  async each(sql: string, take: (chunk: DuckDBDataChunk) => Promise<void>, work: Work): Promise<void> {
    await this.connections.use(async (connection) => {
      const result = await this.#understood(connection.run(sql), work);
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      )
        await take(chunk);
    }, work);
  }

  /**
   * Refuses an output that would change the files of a data set. All paths are absolute; they need not exist.
   * @param files what is written
   * @param folder a folder that is replaced; null: only the files
   * @param refused the failure, for the data set
   * @throws FailureError
   */
  async refuseOutput(
    files: readonly string[],
    folder: string | null,
    refused: (dataset: string) => FailureError,
  ): Promise<void> {
    const real = folder === null ? null : await realPlace(folder);
    for (const { ref, set } of this.sets) {
      const isReplaced =
        real !== null && set.files.some((file) => isBelow(file.realPath, real) || isBelow(file.path, folder ?? real));
      if (isReplaced || (!ref.columns && (await writtenInto(ref.path, files)) !== null)) throw refused(ref.path);
    }
  }

  /** The files of a data set, as found when it was opened. */
  fileSet(ref: DatasetRef): FileSet {
    const opened = this.sets.find((one) => one.ref.id === ref.id);
    if (!opened) throw new Error(`${ref.path} was not opened for the question`);
    return opened.set;
  }

  /** The files of a data set that are read, as found when it was opened, with paths relative to its folder. */
  filesOf({ ref, days }: Pick<AskedTable, 'ref' | 'days'>): FoundFile[] {
    const table = this.table(ref);
    return this.fileSet(ref)
      .files.filter((file) => table.reads(file, days))
      .map(({ path, realPath, bytes }) => ({ path: pathBelow(ref.path, path), realPath, bytes }));
  }

  /** Lends a connection for appending rows. */
  async use<T>(task: (connection: DuckDBConnection) => Promise<T>, work: Work): Promise<T> {
    return await this.connections.use(task, work);
  }

  /** Fails with `changed` if the fingerprint of a reference differs from the state of the files that was opened. */
  checkFingerprints(refs: readonly DatasetRef[]): void {
    for (const { id, path, fingerprint } of refs) {
      const opened = this.sets.find(({ ref }) => ref.id === id);
      if (opened && fingerprint !== undefined && opened.fingerprint !== fingerprint) throw changed(path);
    }
  }

  /** True if opening the same references again would find the same files in the same state. */
  async isCurrent(): Promise<boolean> {
    return (await this.#changedPath()) === null;
  }

  /** Fails with `changed` if the files are no longer those that were opened. */
  async checkCurrent(): Promise<void> {
    const path = await this.#changedPath();
    if (path !== null) throw changed(path);
  }

  async #changedPath(): Promise<string | null> {
    const paths = await Promise.all(
      this.sets.map(async (opened) => ((await isSameSet(opened, opened.ref)) ? null : opened.ref.path)),
    );
    return paths.find((path) => path !== null) ?? null;
  }

  async #understood<T>(running: Promise<T>, work: Work): Promise<T> {
    try {
      return await running;
    } catch (error) {
      const text = error instanceof Error ? error.message : '';
      const files = this.sets.flatMap(({ set }) => set.files);
      // An error that names a file is about the file, not about a value.
      const unnamed =
        !files.some(({ realPath }) => text.includes(realPath)) &&
        unreadableColumnOf(text) === null &&
        !isMilliseconds(text);
      // An overflow means that the number has another meaning, unless damage caused it.
      if (
        unnamed &&
        (/^(Conversion|Invalid Input) Error/.test(text) ||
          (/^Out of Range Error/.test(text) && !(await this.#isDamaged(work))))
      ) {
        throw this.#misread(text);
      }
      throw await this.#placed(await readFailure(error, files), work);
    }
  }

  /**
   * The failure for a value that does not match the type of its column, with the data sets that may contain it. If
   * DuckDB names a column, these are the data sets with that column, preferably as text, because only text can hold any
   * value. Otherwise all data sets are possible.
   */
  #misread(text: string): FailureError {
    const raw = reasonOf(text);
    const named = /source column (\S+)/.exec(text)?.[1];
    const value = named === undefined ? null : misreadValue(raw, named);
    const what = value?.message ?? raw;
    const advice = value?.advice;
    const all = this.sets.map(({ ref }) => ({
      ref,
      column: this.table(ref).columns.find(({ name }) => name === named),
    }));
    const holding = all.filter(({ column }) => column !== undefined);
    const texts = holding.filter(({ column }) => column?.type.kind === 'string');
    const possible = [texts, holding, all].find((some) => some.length > 0) ?? [];
    const [only, ...others] = possible;
    if (only && others.length === 0) {
      return refuse('value-type', message('a value does not match the declared type of its column: {0}', what), {
        place: { path: only.ref.path, ...(only.column ? { column: only.column.name } : {}) },
        cause: text,
        advice,
      });
    }
    const paths = possible.map(({ ref: { path, within } }) => relative(within ?? dirname(path), path)).join(', ');
    return refuse(
      'value-type',
      message('a value of {0} does not match the declared type of its column: {1}', paths, what),
      { cause: text, advice },
    );
  }

  /** Adds the damaged file, which DuckDB seldom names, and its data set to an error. */
  async #placed(error: FailureError, work: Work): Promise<FailureError> {
    const { failure } = error;
    if (failure.code !== 'corrupt' && failure.code !== 'encrypted') return error;
    for (const { ref, set } of this.sets) {
      const path =
        failure.place?.path === undefined
          ? await damagedFile(this.connections, set, work)
          : set.files.find((file) => file.path === failure.place?.path)?.path;
      if (path !== undefined)
        return new FailureError({ ...failure, place: { ...failure.place, path, dataset: ref.path } });
    }
    return error;
  }

  async #isDamaged(work: Work): Promise<boolean> {
    for (const { set } of this.sets) if ((await damagedFile(this.connections, set, work)) !== undefined) return true;
    return false;
  }

  async close(): Promise<void> {
    await this.connections.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
