import type { Dataset } from '../../src/core/table/dataset.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import type { ProfileDepth } from '../../src/protocol/engine.ts';
import { isCancelled } from '../channel.ts';
import { Observable } from '../observable.ts';

/**
 * Columns per profile request: few enough that the first charts appear soon, many enough to keep the number of scans
 * low.
 */
const block = 8;
/** Columns per request of base facts. Every scan of a wide file costs time for all its columns. */
const factBlock = 100;

export type ProfileLoader = (
  columns: readonly number[],
  depth: ProfileDepth,
  signal: AbortSignal,
) => Promise<{ columns: readonly ColumnProfile[]; milliseconds: number }>;

/**
 * Profiles of the columns for the current filter. Requested when they become visible, one request at a time; then the
 * base facts of other columns, if something needs those of all columns.
 */
export class Profiles extends Observable {
  private readonly loaded: Readonly<Record<ProfileDepth, Map<number, ColumnProfile>>> = {
    base: new Map(),
    whole: new Map(),
    nested: new Map(),
  };
  private readonly wishes = new Map<string, readonly number[]>();
  private factWishes: readonly number[] = [];
  private nestedWish: number | null = null;
  private running = false;
  private abort = new AbortController();
  /** True after a request failed or was cancelled; nothing more is requested. */
  stopped = false;
  /** Total time of the profile requests for the current filter, in milliseconds. */
  milliseconds = 0;
  failure: Failure | null = null;

  constructor(private readonly load: ProfileLoader) {
    super();
  }

  get(index: number): ColumnProfile | null {
    return this.loaded.whole.get(index) ?? null;
  }

  /** At least the base facts. */
  facts(index: number): ColumnProfile | null {
    return this.get(index) ?? this.loaded.base.get(index) ?? null;
  }

  /** With the fields of a struct and the dimensions of vectors. */
  nested(index: number): ColumnProfile | null {
    return this.loaded.nested.get(index) ?? null;
  }

  /** The number of rows that the profiles cover; known with the first profile. */
  get rows(): number | null {
    for (const profile of this.loaded.whole.values()) return profile.rows;
    return null;
  }

  /** Sets the columns that `who` shows now; replaces its earlier request. */
  want(who: string, columns: readonly number[]): void {
    this.wishes.set(who, columns);
    void this.pump();
  }

  /** Sets the columns whose base facts are needed, visible or not. */
  wantFacts(columns: readonly number[]): void {
    this.factWishes = columns;
    void this.pump();
  }

  /** Sets the column whose nested profile is shown. */
  wantNested(index: number | null): void {
    this.nestedWish = index;
    void this.pump();
  }

  /**
   * Called for other rows or other columns: forgets all profiles, aborts running requests, and requests the visible
   * columns.
   */
  reset(): void {
    this.abort.abort();
    this.abort = new AbortController();
    for (const profiles of Object.values(this.loaded)) profiles.clear();
    this.milliseconds = 0;
    this.retry();
  }

  retry(): void {
    this.failure = null;
    this.stopped = false;
    this.changed();
    void this.pump();
  }

  /** Takes roles and types from a data set with the same rows. */
  relabel(dataset: Dataset): void {
    for (const profiles of Object.values(this.loaded)) {
      for (const [index, profile] of profiles) {
        const column = dataset.columns[index];
        if (column) profiles.set(index, { ...profile, role: column.role });
      }
    }
    this.changed();
  }

  /** The next columns to load: what is visible first. */
  private next(): { readonly depth: ProfileDepth; readonly columns: readonly number[] } {
    const { whole, nested } = this.loaded;
    const visible = [...new Set([...this.wishes.values()].flat())].filter((index) => !whole.has(index));
    if (visible.length > 0) return { depth: 'whole', columns: visible.slice(0, block) };
    if (this.nestedWish !== null && !nested.has(this.nestedWish))
      return { depth: 'nested', columns: [this.nestedWish] };
    const others = this.factWishes.filter((index) => this.facts(index) === null);
    return { depth: 'base', columns: others.slice(0, factBlock) };
  }

  private async pump(): Promise<void> {
    if (this.running || this.stopped) return;
    const { depth, columns: missing } = this.next();
    if (missing.length === 0) return;
    this.running = true;
    const { signal } = this.abort;
    try {
      const { columns, milliseconds } = await this.load(missing, depth, signal);
      if (!signal.aborted) {
        missing.forEach((index, k) => {
          const profile = columns[k];
          if (profile) this.loaded[depth].set(index, profile);
        });
        this.milliseconds += milliseconds;
        // Stop if an answer has fewer columns than requested; it would be requested again forever.
        this.stopped = columns.length < missing.length;
      }
    } catch (error) {
      if (!signal.aborted) {
        this.stopped = true;
        if (!isCancelled(error)) this.failure = failureOf(error);
      }
    } finally {
      this.running = false;
    }
    this.changed();
    void this.pump();
  }
}
