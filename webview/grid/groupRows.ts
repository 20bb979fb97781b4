import { decodePage, type DecodedPage } from '../../src/core/table/page.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import type { GroupHead, GroupPage } from '../../src/protocol/engine.ts';
import { isCancelled } from '../channel.ts';

/** Heads of one request. */
export const headBlock = 200;
/** Maximum number of blocks of heads to keep. */
const maxBlocks = 60;
/** Maximum number of groups with which all can be opened at once. */
export const maxOpened = 1000;
/** Lines that wait while the groups are counted. */
const waitingLines = 40;

/**
 * A line of the grid: the head of a group, or a row of the view at `position` in an open group. Numbers are 0-based.
 */
export type Line =
  | { readonly kind: 'head'; readonly group: number }
  | { readonly kind: 'row'; readonly group: number; readonly position: number };

export interface LoadedHead extends GroupHead {
  readonly sources: readonly string[];
  /** Text of a column in the head; null if the value is NULL or the column was not requested. */
  readonly text: (column: number) => string | null;
}

interface OpenGroup {
  readonly group: number;
  readonly start: number;
  readonly rows: number;
  /** Rows of the open groups before it. */
  before: number;
}

export interface HeadQuery {
  readonly first: number;
  readonly count: number;
  readonly columns: readonly number[];
}

/**
 * The lines of a grouped view: heads of all groups, and the rows of those that are open. Heads are loaded in blocks
 * when they are visible; a closed group reads no rows.
 */
export class GroupRows {
  /** Number of groups; null while they are counted. */
  total: number | null = null;
  failure: Failure | null = null;
  cancelled = false;
  private readonly blocks = new Map<number, { readonly page: GroupPage; readonly values: DecodedPage }>();
  private readonly running = new Map<number, AbortController>();
  private readonly pending: Set<number>;
  private open: readonly OpenGroup[] = [];
  private closed = false;

  constructor(
    /** Indices of the columns whose values the heads show. */
    private readonly columns: readonly number[],
    opened: readonly number[],
    private readonly load: (query: HeadQuery, signal: AbortSignal) => Promise<GroupPage>,
    /** Called after heads arrived or failed, and after a group was opened or closed. */
    private readonly onChange: () => void,
  ) {
    this.pending = new Set(opened);
  }

  /** Number of lines. */
  get lines(): number {
    return this.total === null ? waitingLines : this.total + this.openRows;
  }

  /** Number of lines; at least `least` until groups are counted and the groups open before a reload are open again. */
  linesOrAtLeast(least: number): number {
    return this.total !== null && this.pending.size === 0 ? this.lines : Math.max(this.lines, least);
  }

  /** The open groups, to keep them over a reload. */
  get opened(): number[] {
    return [...this.open.map(({ group }) => group), ...this.pending];
  }

  get isAllClosed(): boolean {
    return this.open.length === 0;
  }

  lineAt(line: number): Line {
    const openGroup = this.lastOpen((entry) => entry.group + entry.before <= line);
    if (!openGroup) return { kind: 'head', group: line };
    const inside = line - openGroup.group - openGroup.before;
    if (inside === 0) return { kind: 'head', group: openGroup.group };
    return inside <= openGroup.rows
      ? { kind: 'row', group: openGroup.group, position: openGroup.start + inside - 1 }
      : { kind: 'head', group: openGroup.group + inside - openGroup.rows };
  }

  lineOf(group: number): number {
    const before = this.lastOpen((entry) => entry.group < group);
    return group + (before ? before.before + before.rows : 0);
  }

  /** Position of a line in the view; null for the head of a group. */
  positionOf(line: number): number | null {
    const content = this.lineAt(line);
    return content.kind === 'row' ? content.position : null;
  }

  head(group: number): LoadedHead | null {
    const block = this.blocks.get(Math.floor(group / headBlock));
    const index = group % headBlock;
    const head = block?.page.heads[index];
    if (!block || !head) return null;
    const text = (column: number): string | null => {
      const k = this.columns.indexOf(column);
      return k < 0 ? null : block.values.text(index, k);
    };
    return { ...head, sources: block.page.sources, text };
  }

  /** The line of the first open group after a line; Infinity if there is none. */
  nextOpenLine(line: number): number {
    const next = this.open.find((one) => one.group + one.before > line);
    return next ? next.group + next.before : Infinity;
  }

  isOpen(group: number): boolean {
    return this.open.some((one) => one.group === group);
  }

  /** Opens or closes a group. Does nothing while its head is loading. */
  toggle(group: number): void {
    const head = this.head(group);
    if (this.isOpen(group)) this.setOpen(this.open.filter((one) => one.group !== group));
    else if (head) this.setOpen([...this.open, { group, start: head.start, rows: head.rows, before: 0 }]);
  }

  closeAll(): void {
    this.pending.clear();
    this.setOpen([]);
  }

  /** Opens all groups, at most `mostOpened`. */
  openAll(): void {
    for (let group = 0; group < Math.min(this.total ?? 0, maxOpened); group++)
      if (!this.isOpen(group)) this.pending.add(group);
    this.openPending();
    this.onChange();
  }

  /** Loads the heads of the lines from `first` up to `end`. */
  want(first: number, end: number): void {
    if (this.closed || this.failure || this.cancelled) return;
    const neededBlocks = new Set<number>();
    for (let line = first; line < Math.max(end, first + 1); line++)
      neededBlocks.add(Math.floor(this.lineAt(line).group / headBlock));
    for (const group of this.pending) neededBlocks.add(Math.floor(group / headBlock));
    for (const [block, abort] of this.running) if (!neededBlocks.has(block)) abort.abort();
    for (const block of neededBlocks) {
      const cached = this.blocks.get(block);
      if (cached) {
        this.blocks.delete(block);
        this.blocks.set(block, cached);
      } else if (!this.running.has(block) && (this.total === null || block * headBlock < this.total)) {
        // The first answer counts the groups, and tells how many blocks there are.
        if (this.total === null && this.running.size > 0) continue;
        void this.fetch(block);
      }
    }
  }

  close(): void {
    this.closed = true;
    for (const abort of this.running.values()) abort.abort();
  }

  private get openRows(): number {
    const last = this.open.at(-1);
    return last ? last.before + last.rows : 0;
  }

  /** Binary search for the last open group that `isBefore` accepts. It must accept all groups before that one. */
  private lastOpen(isBefore: (entry: OpenGroup) => boolean): OpenGroup | undefined {
    let low = 0;
    let high = this.open.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.open[middle];
      if (candidate && isBefore(candidate)) low = middle + 1;
      else high = middle;
    }
    return this.open[low - 1];
  }

  private setOpen(open: readonly OpenGroup[]): void {
    this.arrange(open);
    this.onChange();
  }

  private arrange(open: readonly OpenGroup[]): void {
    this.open = [...open].sort((a, b) => a.group - b.group);
    let before = 0;
    for (const entry of this.open) {
      entry.before = before;
      before += entry.rows;
    }
  }

  private openPending(): void {
    const opened: OpenGroup[] = [];
    for (const group of this.pending) {
      const head = this.head(group);
      if (!head && (this.total === null || group < this.total)) continue;
      this.pending.delete(group);
      if (head) opened.push({ group, start: head.start, rows: head.rows, before: 0 });
    }
    if (opened.length > 0) this.arrange([...this.open, ...opened]);
  }

  private async fetch(block: number): Promise<void> {
    const abort = new AbortController();
    this.running.set(block, abort);
    try {
      const page = await this.load({ first: block * headBlock, count: headBlock, columns: this.columns }, abort.signal);
      if (this.closed) return;
      this.total = page.groups;
      this.blocks.set(block, { page, values: decodePage(page.arrow) });
      for (const old of this.blocks.keys()) {
        if (this.blocks.size <= maxBlocks) break;
        this.blocks.delete(old);
      }
      this.openPending();
    } catch (error) {
      if (this.closed) return;
      if (!isCancelled(error)) this.failure = failureOf(error);
      else if (!abort.signal.aborted) this.cancelled = true;
    } finally {
      this.running.delete(block);
    }
    this.onChange();
  }
}
