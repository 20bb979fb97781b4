import { keySeparator } from '../../core/sampling/key.ts';
import { f64At, outOfRange, u32At, valueAt } from '../../core/valueAt.ts';
import type { DrawBatchRows } from '../draw/threads/drawBatchRunner.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import { requestText, sameRequest, type RequestWords } from '../groups/logColumns.ts';
import { wordsAt } from '../inputs/wordsAt.ts';
import type { Bundle } from './layouts.ts';
import type { LogValues } from './logLists.ts';
import type { BlockWithSteps } from '../sequences/sequenceLists.ts';

/** How groups share rows of `DrawnTables`. */
export interface Bundling {
  readonly by: NonNullable<Bundle>;
  /** True if only consecutive groups share a row, so that samples keep the order of their groups. */
  readonly inOrder: boolean;
  /** The first instant of the local day of each group of a block. Null if a row may have groups of several days. */
  readonly days: Float64Array | null;
}

/** A block, and how its groups share rows; missing if each has its own. */
export interface FileRowsBlock extends BlockWithSteps {
  readonly bundling?: Bundling;
  /** Values of the log; missing if the rows copy none. */
  readonly logValues?: LogValues;
}

/** Groups that share a row of the file: of a request, or without one of a time; or of a user. */
export class Bundles {
  private constructor(
    /** By bundle, a text that identifies it, without its day. */
    readonly keys: readonly string[],
    /** By bundle, the index of its first group. Ascending. */
    readonly first: Uint32Array,
    /** By group, the index of its bundle. */
    readonly of: Uint32Array,
  ) {}

  /** @param drawn numbers of groups in the block, ascending: all groups of their users that have rows */
  static from(block: UserBlock, requests: RequestWords | undefined, drawn: Uint32Array, bundling: Bundling): Bundles {
    const { users, groups } = block;
    const keys: string[] = [];
    const first: number[] = [];
    const bundleByKey = new Map<string, number>();
    let [user, bundle] = [0, -1];
    // The groups of a request often follow each other.
    const isSame = (one: number, other: number): boolean => {
      if (bundling.by === 'user') return true;
      const request = requests
        ? sameRequest(requests, one, other)
        : groups.requestText[one] === groups.requestText[other];
      const hasNone = requests ? requests.known[other] !== 1 : groups.requestText[other] === null;
      return request && (!hasNone || groups.time[one] === groups.time[other]);
    };
    const requestKey = (name: string, group: number): string => {
      const request = requests ? requestText(requests, group) : valueAt(groups.requestText, group);
      return [name, ...(request === null ? [f64At(groups.time, group), ''] : [request])].join(keySeparator);
    };
    let before: number | null = null;
    const of = drawn.map((group, k) => {
      const isNewUser = u32At(groups.offsets, user + 1) <= group;
      while (u32At(groups.offsets, user + 1) <= group) user++;
      const day = bundling.days?.[group];
      const isRepeated = before !== null && !isNewUser && day === bundling.days?.[before] && isSame(before, group);
      before = group;
      if (isRepeated) return bundle;
      const name = valueAt(users, user);
      const key = bundling.by === 'user' ? name : requestKey(name, group);
      const identity = `${key} ${day ?? ''}`;
      const existing = bundling.inOrder ? undefined : bundleByKey.get(identity);
      if (existing !== undefined) return (bundle = existing);
      bundle = keys.push(key) - 1;
      first.push(k);
      if (!bundling.inOrder) bundleByKey.set(identity, bundle);
      return bundle;
    });
    return new Bundles(keys, Uint32Array.from(first), of);
  }

  /** Rows of the groups in the order of bundles. @param starts rows of group k: starts[k] … starts[k + 1] − 1 */
  arrange(rows: DrawBatchRows, starts: Uint32Array): ArrangedRows {
    const offsets = new Uint32Array(this.keys.length + 1);
    this.of.forEach((bundle, k) => {
      offsets[bundle + 1] = u32At(offsets, bundle + 1) + u32At(starts, k + 1) - u32At(starts, k);
    });
    for (let k = 1; k < offsets.length; k++) offsets[k] = u32At(offsets, k) + u32At(offsets, k - 1);
    const next = offsets.slice();
    const order = new Uint32Array(rows.count);
    const groups = new Uint32Array(rows.count);
    const firstRows = new Uint32Array(rows.count);
    this.of.forEach((bundle, k) => {
      const from = u32At(next, bundle);
      let to = from;
      for (let row = u32At(starts, k); row < u32At(starts, k + 1); row++) {
        order[to] = row;
        groups[to] = k;
        firstRows[to++] = from;
      }
      next[bundle] = to;
    });
    return { rows: inOrder(rows, order), offsets, groups, firstRows };
  }
}

/** Rows in the order of the file. */
export interface ArrangedRows {
  readonly rows: DrawBatchRows;
  /** Rows of bundle k: offsets[k] … offsets[k + 1] − 1. */
  readonly offsets: Uint32Array;
  /** By row, the index of its group. */
  readonly groups: Uint32Array;
  /** By row, the first row of its group. */
  readonly firstRows: Uint32Array;
}

function inOrder(rows: DrawBatchRows, order: Uint32Array): DrawBatchRows {
  // The groups of a request mostly follow each other already.
  const moved = Uint32Array.from(order.keys()).filter((row) => order[row] !== row);
  if (moved.length === 0) return rows;
  const sorted = <T extends DrawBatchRows['item' | 'label' | 'entry' | 'draw' | 'event' | 'weight']>(values: T): T => {
    const result = values.slice(0, order.length) as T;
    if (values.length > 0)
      for (const row of moved) {
        const from = u32At(order, row);
        result[row] = values[from] ?? outOfRange(values, from);
      }
    return result;
  };
  const { itemIds } = rows;
  return {
    ...rows,
    group: sorted(rows.group),
    item: sorted(rows.item),
    label: sorted(rows.label),
    entry: sorted(rows.entry),
    draw: sorted(rows.draw),
    event: sorted(rows.event),
    weight: sorted(rows.weight),
    keep: sorted(rows.keep),
    logQ: sorted(rows.logQ),
    logQMix: sorted(rows.logQMix),
    correction: sorted(rows.correction),
    batchCorrection: sorted(rows.batchCorrection),
    itemIds: itemIds && wordsAt(itemIds, order, order.length),
  };
}
