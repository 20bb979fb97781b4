import { cancelled } from '../../core/queue/cancelled.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { noneDrawn, type DrawnPart } from './drawnTable.ts';
import type { RowsPart } from './outputRows.ts';
import { rowGroupRows, rowsAtOnce, rowsParts } from './rowsParts.ts';
import { reportWriting, type Writer, type Writing } from './writing.ts';

/** Joins the files that DuckDB writes into one file. */
export interface CopyFormat {
  /**
   * Options of the COPY statement.
   * @param first whether this part is the beginning of the file
   */
  options(first: boolean, rowGroupRows: number): string;
  /** Prepares the first file as the beginning of the whole file. */
  begin(): Promise<void>;
  /** Appends another file and removes it. */
  append(path: string): Promise<void>;
  finish(facts: Readonly<Record<string, string>>): Promise<void>;
}

/** Writes parts with DuckDB statements while sampling continues, and appends them in their order. */
export class CopyWriter implements Writer {
  readonly #pending = new Set<Promise<void>>();
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  /** Parts that are not yet in the file. */
  readonly #open: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();
  #parts = 0;

  constructor(
    private readonly writing: Writing,
    private readonly format: CopyFormat,
  ) {
    const { signal } = writing.work;
    this.#signal = signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal;
  }

  async add(part: DrawnPart): Promise<void> {
    const { tables, rows, rowsAtOnce: most, work } = this.writing;
    const all = await rowsParts(tables, rows, part, most, work);
    const groupRows = rowGroupRows(rows, part, most ?? rowsAtOnce(tables.memoryBytes, rows.columns));
    for (const [k, one] of all.entries()) {
      // Joined rows are processed in large parts, and each join uses all threads.
      while (this.#open.length >= (rows.joined ? 1 : this.writing.threads)) await this.#open.shift();
      this.#write(one, groupRows, k === all.length - 1 && part.ranks === undefined);
    }
  }

  async finish(facts: Readonly<Record<string, string>>): Promise<void> {
    const { work } = this.writing;
    if (this.#parts === 0)
      this.#write(
        { table: noneDrawn, groups: null, origins: [0, -1] },
        rowGroupRows(this.writing.rows, { rows: 0, groups: 0 }, Infinity),
        false,
      );
    const left = this.#open.splice(0);
    for (const [k, one] of left.entries()) {
      reportWriting(work, k / left.length);
      await one;
    }
    if (this.#signal.aborted) throw cancelled();
    await this.format.finish(facts);
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await Promise.allSettled(this.#pending);
  }

  #write(part: RowsPart, groupRows: number, dropped: boolean): void {
    const { file } = this.writing;
    const number = this.#parts++;
    const path = number === 0 ? file : `${file}.${number}`;
    const copied = this.#noted(this.#copy(part, path, number === 0, groupRows, dropped));
    this.#last = this.#noted(this.#join(this.#last, copied, number === 0 ? null : path));
    this.#open.push(this.#last);
  }

  async #copy(part: RowsPart, path: string, first: boolean, groupRows: number, dropped: boolean): Promise<void> {
    const { tables, rows } = this.writing;
    await tables.run(`COPY (${rows.sql(part)}) TO ${quoteLiteral(path)} (${this.format.options(first, groupRows)})`, {
      signal: this.#signal,
    });
    if (dropped) await tables.run(`DROP TABLE ${part.table}`, { signal: this.#signal });
  }

  async #join(before: Promise<void>, copied: Promise<void>, path: string | null): Promise<void> {
    await before;
    await copied;
    if (this.#signal.aborted) throw cancelled();
    if (path === null) await this.format.begin();
    else await this.format.append(path);
  }

  /** Mark as handled; the awaiter still sees the rejection. */
  #noted(running: Promise<void>): Promise<void> {
    this.#pending.add(running);
    const gone = (): void => {
      this.#pending.delete(running);
    };
    running.then(gone, gone);
    return running;
  }
}
