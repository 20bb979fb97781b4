import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import { userOf } from '../../core/sampling/kernel/search.ts';
import type { Groups } from '../../core/sampling/world/world.ts';
import { formatBytes, formatCount } from '../../core/table/format.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import type { Columnar } from '../database/columnar.ts';
import { keyOf } from '../features/versions.ts';
import { requestText, type RequestWords } from '../groups/logColumns.ts';
import type { AsOfSource } from './carriedTables.ts';

/** Bytes per row: its times, and its item. */
const ROW_BYTES = 28;

/** The groups whose values are looked up. */
export interface LookupGroups {
  readonly groups: Groups;
  /** Replaces the texts of the requests if requests are integers. */
  readonly requests: RequestWords | undefined;
  /** Number of the first user of the block. */
  readonly firstUser: number;
}

/** What was found for each row: the number of a row of the table, or -1 and a cause. */
export interface Found {
  readonly rows: Int32Array;
  /** Where `rows` is -1: one of `causes`. */
  readonly causes: Uint8Array;
  /** Read times of the rows. */
  readonly readTimes: Float64Array;
}
export const causes = { noKey: 0, never: 1, notYet: 2 } as const;

/** Bytes of the times of so many rows. @throws FailureError if they exceed the limit */
export function bytesOfTimes(rows: number, limit: number): number {
  const bytes = rows * ROW_BYTES;
  if (bytes <= limit) return bytes;
  throw fail(
    'out-of-memory',
    message(
      'The as-of columns need {0} of memory for {1} times, but the limit is {2}',
      formatBytes(bytes),
      formatCount(rows),
      formatBytes(limit),
    ),
    { advice: message('Raise the memory limit with --memory, or choose fewer days.') },
  );
}

/** Columns of the table of a source that `AsOfRows` reads. */
export function timeColumns({ features }: AsOfSource): readonly string[] {
  return features ? ['number', 'us', 'owner', 'e', 'ended'] : ['number', 'us'];
}

/**
 * The times of the rows of a table of `AsOfSource`, by key. A binary search for each row costs less than a join that
 * sorts the table for every part of the file.
 */
export class AsOfRows {
  /** A log row at the read time may be the outcome of the row itself. A version says when it could be read. */
  readonly #isStrict: boolean;
  readonly #hasUser: boolean;
  readonly #hasRequest: boolean;
  /** True if the item alone is the key. */
  readonly #isOfItem: boolean;
  /** Items of the rows, if the key has more than the item. */
  readonly #items: Uint32Array | null;
  /** First row of each item or user; null if the key has a request. */
  readonly #offsets: Uint32Array | null;
  /** First row of each owner, and the row after its last. */
  readonly #ranges = new Map<string, readonly [number, number]>();
  readonly #readable: Float64Array;
  readonly #events: Float64Array;
  readonly #ended: Float64Array | null;

  /** @param columns the `timeColumns`; `keys`: number of items or users, whichever is larger */
  constructor({ features }: AsOfSource, columns: Columnar, keys: number) {
    const key = features ? keyOf(features) : ['item'];
    this.#isStrict = features === null;
    this.#hasUser = key.includes('user');
    this.#hasRequest = key.includes('request');
    this.#readable = columns.numbers(1);
    this.#events = features ? columns.numbers(3) : this.#readable;
    this.#ended = features ? columns.numbers(4) : null;
    const items = columns.unsigned(0);
    const isOwned = this.#hasUser || this.#hasRequest;
    this.#isOfItem = !isOwned && key.includes('item');
    this.#items = isOwned && key.includes('item') ? items : null;
    if (this.#hasRequest) {
      this.#offsets = null;
      let [owner, first]: [string | null, number] = [null, 0];
      const owners = columns.texts(2);
      for (let row = 0; row <= owners.length; row++) {
        const next = owners[row] ?? null;
        if (row < owners.length && next === owner) continue;
        if (owner !== null) this.#ranges.set(owner, [first, row]);
        [owner, first] = [next, row];
      }
    } else this.#offsets = offsetsOf(this.#hasUser ? columns.unsigned(2) : items, keys);
  }

  /** Event time of a row, in microseconds. */
  eventTime(row: number): number {
    return f64At(this.#events, row);
  }

  /** The time from which a row is no value, in microseconds. */
  endTime(row: number): number {
    return this.#ended === null ? Infinity : f64At(this.#ended, row);
  }

  /** The newest row of each drawn row. */
  newest({ count, group, item }: Pick<DrawnRows, 'count' | 'group' | 'item'>, asked: LookupGroups): Found {
    const { groups } = asked;
    const rows = new Int32Array(count);
    const reasons = new Uint8Array(count);
    const readTimes = new Float64Array(count);
    let [last, low, end] = [-1, 0, 0];
    for (let row = 0; row < count; row++) {
      const [of, number] = [u32At(group, row), u32At(item, row)];
      const time = f64At(groups.readTime, of);
      readTimes[row] = time;
      if (this.#isOfItem || of !== last) {
        [low, end] = this.#range(of, number, asked) ?? [-1, -1];
        last = of;
      }
      if (low < 0) {
        [rows[row], reasons[row]] = [-1, causes.noKey];
        continue;
      }
      const found = this.#search(low, end, number, this.#isStrict ? time - 1 : time);
      const isOwn = (at: number): boolean =>
        at >= low && at < end && (this.#items === null || u32At(this.#items, at) === number);
      if (isOwn(found)) rows[row] = found;
      else [rows[row], reasons[row]] = [-1, isOwn(found + 1) ? causes.notYet : causes.never];
    }
    return { rows, causes: reasons, readTimes };
  }

  /** The rows that may have the key of a drawn row; null if a part of its key is NULL. */
  #range(group: number, item: number, { groups, requests, firstUser }: LookupGroups): readonly [number, number] | null {
    const user = this.#hasUser ? firstUser + userOf(groups.offsets, group) : 0;
    if (this.#offsets !== null) {
      const key = this.#hasUser ? user : this.#isOfItem ? item : 0;
      return key + 1 < this.#offsets.length ? [u32At(this.#offsets, key), u32At(this.#offsets, key + 1)] : [0, 0];
    }
    const request = requests ? requestText(requests, group) : (groups.requestText[group] ?? null);
    if (request === null) return null;
    return this.#ranges.get(this.#hasUser ? `${user}\u001f${request}` : request) ?? [0, 0];
  }

  /** The last row of a range whose item and time are at most these; the row before the range if there is none. */
  #search(first: number, end: number, item: number, time: number): number {
    let [low, high] = [first, end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const of = this.#items === null ? item : u32At(this.#items, middle);
      if (of < item || (of === item && f64At(this.#readable, middle) <= time)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The first row of each key of sorted rows. */
function offsetsOf(numbers: Uint32Array, keys: number): Uint32Array {
  const offsets = new Uint32Array(keys + 1);
  for (const number of numbers) offsets[number + 1] = u32At(offsets, number + 1) + 1;
  for (let key = 0; key < keys; key++) offsets[key + 1] = u32At(offsets, key + 1) + u32At(offsets, key);
  return offsets;
}
