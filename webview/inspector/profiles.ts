import type { Dataset } from '../../src/core/table/dataset.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { failureOf, type Failure } from '../../src/core/message/failure.ts';
import { isCancelled } from '../channel.ts';
import { Observable } from '../observable.ts';

/**
 * Columns per profile request: few enough that the first charts appear soon, many enough to keep the number of scans
 * low.
 */
const block = 8;

export type ProfileLoader = (
  columns: readonly number[],
  signal: AbortSignal,
) => Promise<{ columns: readonly ColumnProfile[]; milliseconds: number }>;

/** Profiles of the columns for the current filter. Requested when they become visible, one request at a time. */
export class Profiles extends Observable {
  private readonly loaded = new Map<number, ColumnProfile>();
  private readonly wishes = new Map<string, readonly number[]>();
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
    return this.loaded.get(index) ?? null;
  }

  /** The number of rows that the profiles cover; known with the first profile. */
  get rows(): number | null {
    for (const profile of this.loaded.values()) return profile.rows;
    return null;
  }

  /** Sets the columns that `who` shows now; replaces its earlier request. */
  want(who: string, columns: readonly number[]): void {
    this.wishes.set(who, columns);
    void this.pump();
  }

  /**
   * Called for other rows or other columns: forgets all profiles, aborts running requests, and requests the visible
   * columns.
   */
  reset(): void {
    this.abort.abort();
    this.abort = new AbortController();
    this.loaded.clear();
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
    for (const [index, profile] of this.loaded) {
      const column = dataset.columns[index];
      if (column) this.loaded.set(index, { ...profile, role: column.role });
    }
    this.changed();
  }

  private async pump(): Promise<void> {
    if (this.running || this.stopped) return;
    const missing = [...new Set([...this.wishes.values()].flat())]
      .filter((index) => !this.loaded.has(index))
      .slice(0, block);
    if (missing.length === 0) return;
    this.running = true;
    const { signal } = this.abort;
    try {
      const { columns, milliseconds } = await this.load(missing, signal);
      if (!signal.aborted) {
        missing.forEach((index, k) => {
          const profile = columns[k];
          if (profile) this.loaded.set(index, profile);
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
