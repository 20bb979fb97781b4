import type { Progress } from '../../protocol/engine.ts';
import { setImmediate } from 'node:timers/promises';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Connections, Rows, Work } from '../database/connections.ts';
import { readFailure } from './readFailure.ts';
import { SharedJob } from '../../core/queue/sharedJob.ts';
import type { FileSet } from '../files/fileSet.ts';
import { fingerprintOf } from '../files/fingerprint.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { Blocks, blockBytes } from '../text/blocks.ts';
import { decompressed } from '../text/bytes.ts';
import { csvLine } from '../text/csvText.ts';
import { uniqueNames } from '../text/dialect.ts';
import { plausible, type Candidate } from '../text/infer.ts';
import { TextLoader } from '../text/loader.ts';
import type { TextReader } from '../text/reader.ts';
import { Tally } from '../text/tally.ts';
import { decideTypes } from '../text/typing.ts';
import { besidePartitions, partitionColumns, renamedBesideFolders } from './besidePartitions.ts';
import { fileEntries } from './fileEntries.ts';
import { rowColumnName } from './rowColumn.ts';
import { integerNotices } from './textNotices.ts';
import { markTwins, withoutTwins } from '../database/twinNames.ts';
import { unreadableNotices, unreadableSql } from '../database/unreadable.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Opening, Selection, Source, SourceState } from './source.ts';
import { ownValue } from '../../core/ownValue.ts';

/** Bytes of the head of the first file. It provides the dialect and the first rows. */
const HEAD_BYTES = 1 << 20;
/** Files up to this size are read completely before they are shown, so nothing is provisional. */
const SMALL_BYTES = { none: 1 << 20, gzip: 1 << 18, zstd: 1 << 18 } as const;
const INDEX_ROWS = 1_000_000;

/**
 * CSV, TSV and JSON Lines. The first rows come at once from the head of the first file. The whole set is read into a
 * table in the background. A column gets a type there only if all of its values keep their exact value.
 */
export class TextSource implements Source {
  rowColumn = '@row';
  readonly #connections: Connections;
  readonly #set: FileSet;
  readonly #tally = new Tally();
  readonly #reader: TextReader;
  #state: SourceState;
  /** Names of the columns in the files, by the names that are shown. */
  #fileNames: ReadonlyMap<string, string> = new Map();
  #headRows = 0;
  #headWidth = 0;
  #excluded: Set<Candidate>[] = [];
  /** Small, and kept during the whole session, because a page may still read it when the whole table is ready. */
  readonly #headTable: string;
  readonly #wholeTable: string;
  #whole: SharedJob<SourceState, Progress> | null = null;
  #rowsOfFiles: number[] = [];
  #indexed = false;

  private constructor(
    private readonly opening: Opening,
    create: (tally: Tally) => TextReader,
  ) {
    const { files, connections, path } = opening;
    this.#connections = connections;
    this.#headTable = this.#table('@head');
    this.#wholeTable = this.#table('@mirror');
    this.#set = files;
    this.#reader = create(this.#tally);
    this.#state = {
      path,
      format: files.format,
      compression: files.compression,
      files: files.files.length,
      bytes: files.files.reduce((sum, f) => sum + f.bytes, 0),
      rows: null,
      columns: [],
      notices: files.notices,
      fingerprint: fingerprintOf(files.files),
    };
  }

  static async open(opening: Opening, create: (tally: Tally) => TextReader, work: Work): Promise<TextSource> {
    const source = new TextSource(opening, create);
    try {
      await source.#readHead(work);
    } catch (error) {
      throw await readFailure(error, opening.files.files);
    }
    source.#whole = new SharedJob(async (w) => await source.#readWhole(w));
    if (source.#isSmall()) await source.settle(work);
    return source;
  }

  state(): SourceState {
    return this.#state;
  }

  async settle(work: Work): Promise<SourceState> {
    return await (this.#whole?.wait(work) ?? this.#state);
  }

  reads(): boolean {
    return true;
  }

  relation(): string {
    const { columns } = this.#state;
    if (columns.every(({ type }) => type.kind !== 'unreadable')) return this.#wholeTable;
    const expressions = withoutTwins(columns).map((c) =>
      c.type.kind === 'unreadable' ? unreadableSql(c) : quoteIdentifier(c.name),
    );
    return `(SELECT ${[quoteIdentifier(this.rowColumn), ...expressions].join(', ')} FROM ${this.#wholeTable})`;
  }

  async range(first: number, count: number, selection: Selection, work: Work): Promise<Rows> {
    if (this.#state.rows === null && first + count > this.#headRows) await this.settle(work);
    const row = quoteIdentifier(this.rowColumn);
    const table = this.#state.rows === null ? this.#headTable : this.#wholeTable;
    return await this.#connections.rows(
      `SELECT ${[row, ...selection.sql].join(', ')} FROM ${table} WHERE rowid >= ${first} LIMIT ${count}`,
      work,
    );
  }

  async lookup(rows: readonly number[], selection: Selection, work: Work): Promise<Rows> {
    await this.settle(work);
    const row = quoteIdentifier(this.rowColumn);
    return await this.#connections.rows(
      `SELECT ${[row, ...selection.sql].join(', ')} FROM ${this.#wholeTable} WHERE ${row} IN (${rows.join(', ')})`,
      work,
    );
  }

  prepareLookup(): void {
    if (this.#indexed || (this.#state.rows ?? 0) < INDEX_ROWS) return;
    this.#indexed = true;
    // Only for speed: without the index, a scan finds the same rows.
    this.#connections
      .long(
        `CREATE INDEX ${this.#table('@mirror_row')} ON ${this.#wholeTable} (${quoteIdentifier(this.rowColumn)})`,
        message('Preparing sorted pages'),
      )
      .catch(() => undefined);
  }

  async ranges(): ReturnType<Source['ranges']> {
    return {};
  }

  async facts(work: Work): ReturnType<Source['facts']> {
    await this.settle(work);
    const { files } = this.#set;
    return {
      files: fileEntries(files.map((file, k) => ({ ...file, rows: this.#rowsOfFiles[k] ?? null }))),
      partitionColumns: this.#set.partitionColumns,
      parquet: null,
      arrow: null,
      text: {
        ...this.#reader.facts(),
        badRows: { total: this.#tally.bad.total, list: this.#tally.list.slice(0, 1000) },
      },
    };
  }

  async badRows(limit: number, work: Work): ReturnType<Source['badRows']> {
    await this.settle(work);
    return { total: this.#tally.bad.total, list: this.#tally.list.slice(0, Math.max(0, limit)) };
  }

  #table(name: string): string {
    return quoteIdentifier(`${this.opening.prefix ?? ''}${name}`);
  }

  async #readHead(work: Work): Promise<void> {
    const [file] = this.#set.files;
    if (file === undefined) return;
    const blocks = new Blocks(decompressed(file.realPath, this.#set.compression), file.path, HEAD_BYTES);
    let rows: (string | null)[][];
    try {
      const { bytes, final } = await blocks.next();
      rows = this.#reader.begin(file.path, bytes, final).rows;
    } finally {
      await blocks.close();
    }
    this.#headWidth = this.#reader.names.length;
    this.#exclude(rows);
    if (this.#isSmall()) return;
    const loader = new TextLoader(
      this.#connections,
      this.opening.directory,
      this.#table('@head_text'),
      this.#set.partitionColumns.length,
    );
    await loader.widen(this.#headWidth, work);
    const slices = rows.map((row) =>
      Buffer.from(
        csvLine(
          Array.from({ length: Math.max(1, this.#headWidth) }, (_, k) => row[k] ?? null),
          ',',
        ),
      ),
    );
    await loader.load(
      {
        slices,
        records: rows.length,
        longest: Math.max(0, ...slices.map((s) => s.length)),
        delimiter: ',',
        newline: 'LF',
        columns: this.#reader.names.map((_, k) => k),
      },
      this.#constants(0),
      work,
    );
    this.#headRows = rows.length;
    const columnsOfHead = [...this.#reader.names.keys()];
    const empty = new Set(columnsOfHead.filter((k) => rows.every((row) => (row[k] ?? null) === null)));
    const types = columnsOfHead.map((k) => (empty.has(k) ? null : (this.#candidates(k)[0] ?? null)));
    const columns = this.#columns(types, empty);
    this.rowColumn = rowColumnName(columns.map((c) => c.name));
    await this.#makeTyped(this.#headTable, loader.table, columns, types, true, work);
    this.#state = { ...this.#state, columns };
  }

  /** A small file is read completely before it is shown, so it needs no provisional rows. */
  #isSmall(): boolean {
    return this.#state.bytes <= SMALL_BYTES[this.#set.compression];
  }

  #exclude(rows: readonly (string | null)[][]): void {
    this.#excluded = this.#reader.names.map((_, k) => {
      const all = this.#reader.candidates(k);
      const left = plausible(
        rows.map((r) => r[k] ?? null),
        all,
      );
      return new Set(all.filter((c) => !left.includes(c)));
    });
  }

  async #readWhole(work: Work): Promise<SourceState> {
    try {
      const loader = new TextLoader(
        this.#connections,
        this.opening.directory,
        this.#table('@text'),
        this.#set.partitionColumns.length,
      );
      await loader.widen(this.#headWidth, work);
      await this.#loadFiles(loader, work);
      const { names } = this.#reader;
      const rows = this.#rowsOfFiles.reduce((a, b) => a + b, 0);
      if (names.length === 0 && this.#tally.bad.total === rows) throw this.#nothing();
      await loader.widen(names.length, work);
      const { types, empty } = await decideTypes(
        this.#connections,
        loader.table,
        names.map((_, k) => this.#candidates(k)),
        work,
      );
      const columns = this.#columns(types, empty);
      const notices = [
        ...this.#set.notices,
        ...this.#tally.notices(),
        ...this.#reader.notices(),
        ...unreadableNotices(columns),
        ...renamedBesideFolders([{ fileNames: this.#fileNames }]),
        ...(await integerNotices(this.#connections, loader.table, this.#reader, types, work)),
      ];
      this.rowColumn = rowColumnName(columns.map((c) => c.name));
      await this.#makeTyped(this.#wholeTable, loader.table, columns, types, false, work);
      this.#state = { ...this.#state, columns, notices, rows };
      return this.#state;
    } catch (error) {
      throw await readFailure(error, this.#set.files);
    }
  }

  /** The reason why there is no column. */
  #nothing(): Error {
    const place = { path: this.#set.files[0]?.path ?? this.#state.path };
    const reason = this.#tally.bad.total > 0 ? this.#reader.noColumns() : null;
    if (reason) return fail('wrong-format', reason.message, { place: { ...place, line: 1 }, advice: reason.advice });
    return fail('empty', message('The file contains only white space'), {
      place,
      advice: message('Write the file again, or choose another one.'),
    });
  }

  async #loadFiles(loader: TextLoader, work: Work): Promise<void> {
    const total = this.#state.bytes;
    let before = 0;
    for (const [k, file] of this.#set.files.entries()) {
      const read = (bytes: number): void =>
        work.progress?.({
          fraction: Math.min(1, (before + bytes) / Math.max(1, total)),
          message: message('Reading the file'),
        });
      const blocks = new Blocks(
        decompressed(file.realPath, this.#set.compression, read),
        file.path,
        blockBytes(this.#headWidth),
      );
      let rows = 0;
      let loading = Promise.resolve();
      try {
        let begun = null;
        for (;;) {
          // Converting a block blocks the process, so let other tasks and signals run before.
          await setImmediate();
          if (work.signal?.aborted) break;
          const block = await blocks.next();
          const head = block.bytes.subarray(0, HEAD_BYTES);
          begun ??= this.#reader.begin(file.path, head, block.final && head.length === block.bytes.length).reader;
          const { part, consumed } = begun.convert(block);
          blocks.consumed(consumed);
          rows += part.records;
          await loading;
          loading = loader.load(part, this.#constants(k), work);
          // Mark as handled, or it would end the process. The await of the next iteration still sees the failure.
          loading.catch(() => undefined);
          if (block.final && (consumed === 0 || consumed === block.bytes.length)) break;
        }
        await loading;
      } finally {
        await blocks.close();
      }
      this.#rowsOfFiles.push(rows);
      before += file.bytes;
    }
  }

  /** Columns of the head keep their positions. Columns that only later rows have come last. */
  #columns(types: readonly (Candidate | null)[], empty: ReadonlySet<number>): SourceColumn[] {
    const own = this.#reader.names.map((name, k): SourceColumn => {
      const type = types[k] ?? null;
      if (type !== null) return { name, type: type.type, sqlType: type.sqlType, partition: false };
      const kind = this.#reader.isJson(k) ? 'json' : 'string';
      const text: SourceColumn = { name, type: { kind }, sqlType: 'VARCHAR', partition: false };
      return empty.has(k) ? { ...text, hasValues: false } : text;
    });
    const { names } = uniqueNames(own.map((c, k) => c.name || `column${k}`));
    const partitions = partitionColumns(this.#set);
    const shown = besidePartitions(names, this.#set.partitionColumns);
    this.#fileNames = new Map(names.map((name, k) => [shown[k] ?? name, name]));
    const free = own.map((c, k) => ({ ...c, name: shown[k] ?? c.name }));
    return markTwins([...free.slice(0, this.#headWidth), ...partitions, ...free.slice(this.#headWidth)]);
  }

  async #makeTyped(
    target: string,
    from: string,
    columns: readonly SourceColumn[],
    types: readonly (Candidate | null)[],
    lenient: boolean,
    work: Work,
  ): Promise<void> {
    const order = [...this.#reader.names.keys()];
    const sources = [
      ...order.slice(0, this.#headWidth).map((k) => `c${k}`),
      ...this.#set.partitionColumns.map((_, k) => `p${k}`),
      ...order.slice(this.#headWidth).map((k) => `c${k}`),
    ];
    const typed = new Set(types.flatMap((t, k) => (t === null ? [] : [`c${k}`])));
    const select = columns.flatMap((c, k) => {
      if (c.type.kind === 'unreadable') return [];
      const source = sources[k] ?? 'NULL';
      const cast = lenient ? 'TRY_CAST' : 'CAST';
      const text = c.type.kind === 'list' ? `${cast}(${source} AS JSON)` : source;
      const value = typed.has(source) ? `${cast}(${text} AS ${c.sqlType})` : source;
      return `${value} AS ${quoteIdentifier(c.name)}`;
    });
    await this.#connections.long(
      `CREATE TABLE ${target} AS SELECT ${[`rowid AS ${quoteIdentifier(this.rowColumn)}`, ...select].join(', ')} FROM ${from}`,
      message('Reading the file'),
      work,
    );
    await this.#connections.rows(`DROP TABLE ${from}`, work);
  }

  /** Types that a column may have. Types that do not fit a value of the head are never tested on all rows. */
  #candidates(column: number): readonly Candidate[] {
    return this.#reader.candidates(column).filter((c) => this.#excluded[column]?.has(c) !== true);
  }

  #constants(file: number): (string | null)[] {
    return this.#set.partitionColumns.map((name) => ownValue(this.#set.files[file]?.partition, name) ?? null);
  }
}
