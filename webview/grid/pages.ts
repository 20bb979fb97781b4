import { decodePage, type DecodedPage } from '../../src/core/table/page.ts';
import type { Page } from '../../src/protocol/engine.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import { isCancelled } from '../channel.ts';

/** Number of rows and columns of one page. */
export const pageRows = 200;
export const pageColumns = 64;

const inFlight = 4;
/** Maximum number of decoded pages to keep: about 60 × 26 kB for a usual file. */
const maxPages = 96;

/** One cell as the grid shows it; null while its page is loading. */
export interface LoadedCell {
  readonly text: string | null;
  readonly number: number | null;
  /** Full length in characters if the text was cut. */
  readonly clipped: number | null;
}

export interface PageQuery {
  readonly first: number;
  readonly count: number;
  readonly columns: readonly number[];
}
export type PageLoader = (query: PageQuery, signal: AbortSignal) => Promise<Page>;

interface Loaded {
  readonly page: DecodedPage;
  /** Index in the page by column index in the data set. */
  readonly places: ReadonlyMap<number, number>;
}

/** Rows of a view, 0-based from `first` up to `end`, that could not be read, and the reason. */
export interface Unreadable {
  readonly first: number;
  readonly end: number;
  readonly failure: Failure;
}

/** True if the whole file can no longer be read, not only some rows. */
export const isGone = ({ code }: Failure): boolean => code === 'changed' || code === 'not-found';

/**
 * Pages of one view of one data set, 200 rows × 64 columns each; the least recently used page is dropped. The grid
 * reports what it shows. Missing pages are requested, newest first; pages no longer needed are cancelled. A failed page
 * is a gap among the others until `retry`. If the first page fails and no other is loaded, the whole view fails.
 */
export class Pages {
  private readonly loaded = new Map<string, Loaded>();
  private readonly running = new Map<string, AbortController>();
  private readonly failed = new Map<string, Failure>();
  private wished: string[] = [];
  private closed = false;
  /** Why nothing can be shown. */
  failure: Failure | null = null;
  /** The unreadable rows that are or were last visible. */
  unreadable: Unreadable | null = null;
  cancelled = false;

  constructor(
    private readonly columnCount: number,
    private readonly isHidden: (index: number) => boolean,
    private readonly load: PageLoader,
    /** Called after a page arrived, failed or was cancelled. */
    private readonly onChange: (page: Page | null) => void,
  ) {}

  /** 0-based row in the source of a row of the view; null while it is not known. */
  sourceRow(row: number): number | null {
    for (let column = 0; column < this.columnCount; column += pageColumns) {
      const entry = this.find(row, column);
      if (entry) return entry.page.sourceRow(row % pageRows);
    }
    return null;
  }

  cell(row: number, column: number): LoadedCell | null {
    const entry = this.find(row, column);
    const index = entry?.places.get(column);
    if (!entry || index === undefined) return null;
    const r = row % pageRows;
    const { page } = entry;
    return { text: page.text(r, index), number: page.number(r, index), clipped: page.clipped(r, index) };
  }

  /** True if the page of a cell failed; without a column, if any page of the row failed. */
  isUnreadable(row: number, column?: number): boolean {
    if (this.failed.size === 0) return false;
    const r = Math.floor(row / pageRows);
    if (column !== undefined) return this.failed.has(keyOf(r, Math.floor(column / pageColumns)));
    for (let c = 0; c * pageColumns < this.columnCount; c++) if (this.failed.has(keyOf(r, c))) return true;
    return false;
  }

  /** Sets the visible rows and columns; replaces all earlier requests. */
  want(first: number, end: number, columns: readonly number[]): void {
    const positions: number[] = [];
    for (let row = first - (first % pageRows); row < end; row += pageRows) positions.push(row);
    this.wantPositions(positions, columns);
  }

  /** Like `want`, for rows that may be far apart. */
  protected wantPositions(positions: readonly number[], columns: readonly number[]): void {
    if (this.closed || this.cancelled || this.failure) return;
    const blocks = [...new Set(columns.map((index) => Math.floor(index / pageColumns)))];
    this.wished = [];
    for (const r of new Set(positions.map((position) => Math.floor(position / pageRows)))) {
      for (const c of blocks) {
        const key = keyOf(r, c);
        const failure = this.failed.get(key);
        if (failure) this.showFailure(r, failure);
        else if (!this.touch(key)) this.wished.push(key);
      }
    }
    const wished = new Set(this.wished);
    for (const [key, abort] of this.running) if (!wished.has(key)) abort.abort();
    this.pump();
  }

  /** Requests again what failed or was cancelled. */
  retry(): void {
    this.failure = null;
    this.cancelled = false;
    this.failed.clear();
    this.unreadable = null;
  }

  close(): void {
    this.closed = true;
    this.wished = [];
    for (const abort of this.running.values()) abort.abort();
  }

  private find(row: number, column: number): Loaded | undefined {
    const entry = this.loaded.get(keyOf(Math.floor(row / pageRows), Math.floor(column / pageColumns)));
    return entry && row % pageRows < entry.page.length ? entry : undefined;
  }

  /** True if the page is loaded; marks it as most recently used. */
  private touch(key: string): boolean {
    const page = this.loaded.get(key);
    if (!page) return false;
    this.loaded.delete(key);
    this.loaded.set(key, page);
    return true;
  }

  private fail(key: string, rowBlock: number, failure: Failure): void {
    if (isGone(failure) || (rowBlock === 0 && this.loaded.size === 0)) {
      this.failure = failure;
      return;
    }
    this.failed.set(key, failure);
    this.report(rowBlock, failure);
  }

  private report(rowBlock: number, failure: Failure): void {
    this.unreadable = { first: rowBlock * pageRows, end: (rowBlock + 1) * pageRows, failure };
  }

  /** Called when rows that failed before become visible again. */
  private showFailure(rowBlock: number, failure: Failure): void {
    if (this.unreadable?.failure === failure) return;
    this.report(rowBlock, failure);
    this.onChange(null);
  }

  private pump(): void {
    for (const key of this.wished) {
      if (this.running.size >= inFlight) return;
      if (!this.running.has(key) && !this.loaded.has(key) && !this.failed.has(key)) void this.fetch(key);
    }
  }

  private async fetch(key: string): Promise<void> {
    const abort = new AbortController();
    this.running.set(key, abort);
    const [r = 0, c = 0] = key.split(':').map(Number);
    const columns = range(c * pageColumns, Math.min((c + 1) * pageColumns, this.columnCount)).filter(
      (index) => !this.isHidden(index),
    );
    let arrived: Page | null = null;
    try {
      const page = await this.load({ first: r * pageRows, count: pageRows, columns }, abort.signal);
      if (this.closed) return;
      this.loaded.set(key, {
        page: decodePage(page.arrow),
        places: new Map(columns.map((index, place) => [index, place])),
      });
      for (const old of this.loaded.keys()) {
        if (this.loaded.size <= maxPages) break;
        this.loaded.delete(old);
      }
      arrived = page;
    } catch (error) {
      if (this.closed) return;
      if (!isCancelled(error)) this.fail(key, r, failureOf(error));
      else if (!abort.signal.aborted) this.cancelled = true;
    } finally {
      this.running.delete(key);
    }
    this.onChange(arrived);
    if (!this.failure && !this.cancelled) this.pump();
  }
}

const keyOf = (rowBlock: number, columnBlock: number): string => `${rowBlock}:${columnBlock}`;

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
}
