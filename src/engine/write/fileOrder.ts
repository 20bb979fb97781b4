import { fmix32 } from '../../core/sampling/fmix32.ts';
import { keySeparator } from '../../core/sampling/key.ts';
import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import { isByDay, plainPlacement, type Placement } from '../../core/sampling/placement.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { salts, type Salts } from '../../core/sampling/salts.ts';
import { hashWords } from '../../core/sampling/words.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import { u32At } from '../../core/valueAt.ts';
import { wordsAt } from '../inputs/wordsAt.ts';
import type { NestedColumn, NestedValues } from '../database/nestedAppender.ts';

/** Groups of a batch that have rows. */
export interface BatchGroups {
  /** Numbers of the groups in the block. */
  readonly drawn: Uint32Array;
  /** The numbers of their users. */
  readonly users: Uint32Array;
  /** Number of the block's first user. */
  readonly firstUser: number;
}

/**
 * Computes what orders groups and rows, for groups that come in the order of users. Columns of groups:
 * - `sort`: both mixed words of the group, the first one high. Its order as a signed integer is that of the words.
 * - `place`: number of the group in the order of users. With `shuffled_rows`, groups with the same user and key share
 * it.
 * - `group_id`.
 *
 * The list `row_order` is like `sort`, for the group and the item of a row.
 */
export class FileOrder {
  /** The columns of groups that it computes. */
  readonly columns: readonly NestedColumn[];
  /** True if several groups had the same user and key. */
  repeats = false;
  readonly #salts: Salts;
  readonly #byRow: boolean;
  #next = 0;
  #last: { readonly user: string; readonly key: string } | null = null;

  constructor(
    private readonly plan: StagePlan,
    private readonly placement: Placement,
    /** Two words of each item. */
    private readonly itemWords: Uint32Array,
    /** True if a row of the file has the rows of several groups. Each of them has the id of its group. */
    isBundled: boolean,
  ) {
    this.#salts = salts(plan, '@order');
    this.#byRow = placement.order === 'shuffled_rows';
    this.columns = [
      ...(placement.order === 'shuffled' ? [integer('sort')] : []),
      ...(isSorted(placement) ? [{ name: 'place', kind: 'double', list: false } as const] : []),
      ...(placement.groupId ? [{ ...integer('group_id'), list: isBundled }] : []),
    ];
  }

  /**
   * Values of the columns, and of the list, for the next groups.
   * @param bundles texts that order the next rows of the file; null if they are the groups
   */
  values(
    block: UserBlock,
    groups: BatchGroups,
    rows: DrawnRows,
    bundles: readonly string[] | null,
  ): Readonly<Record<string, NestedValues>> {
    const { order, groupId } = this.placement;
    return {
      ...(order === 'shuffled'
        ? {
            sort: this.#sort(
              bundles
                ? Uint32Array.from(bundles.flatMap(hashWords))
                : wordsAt(block.groups.keyWords, groups.drawn, groups.drawn.length),
            ),
          }
        : {}),
      ...(isSorted(this.placement)
        ? { place: bundles ? Float64Array.from(bundles, () => ++this.#next) : this.#places(block, groups) }
        : {}),
      ...(groupId ? { group_id: this.#ids(block, groups) } : {}),
      ...(this.#byRow ? { row_order: this.#rowOrder(block, rows) } : {}),
    };
  }

  /** @param keys two words each */
  #sort(keys: Uint32Array): Uint32Array {
    const { s0, s1 } = this.#salts;
    const values = new Uint32Array(keys.length);
    for (let k = 0; k < keys.length; k += 2) {
      values[k] = fmix32(u32At(keys, k + 1) ^ s1);
      values[k + 1] = signed(fmix32(u32At(keys, k) ^ s0));
    }
    return values;
  }

  #rowOrder({ groups: { keyWords: key } }: UserBlock, { group, item, count }: DrawnRows): Uint32Array {
    const { s0, s1 } = this.#salts;
    const values = new Uint32Array(2 * count);
    for (let row = 0; row < count; row++) {
      const groupOffset = 2 * u32At(group, row);
      const itemOffset = 2 * u32At(item, row);
      values[2 * row] = fmix32(u32At(key, groupOffset + 1) ^ s1 ^ u32At(this.itemWords, itemOffset + 1));
      values[2 * row + 1] = signed(fmix32(u32At(key, groupOffset) ^ s0 ^ u32At(this.itemWords, itemOffset)));
    }
    return values;
  }

  #places({ users: names, groups: { keys } }: UserBlock, { drawn, users, firstUser }: BatchGroups): Float64Array {
    const places = new Float64Array(drawn.length);
    for (let k = 0; k < drawn.length; k++) {
      // Only exposures can have equal keys, and their blocks have the texts of keys that others may equal.
      const key = this.#byRow ? keys[u32At(drawn, k)] : undefined;
      const user = names[u32At(users, k) - firstUser] ?? '';
      if (key !== undefined && this.#last?.user === user && this.#last.key === key) this.repeats = true;
      else this.#next++;
      this.#last = key === undefined ? null : { user, key };
      places[k] = this.#next;
    }
    return places;
  }

  /** The words of the key. Requests of different users may have equal keys, so their ids include the user. */
  #ids(
    { users: names, groups: { keyWords: key, keys } }: UserBlock,
    { drawn, users, firstUser }: BatchGroups,
  ): Uint32Array {
    const ids = new Uint32Array(2 * drawn.length);
    for (let k = 0; k < drawn.length; k++) {
      const group = u32At(drawn, k);
      const [k0, k1] =
        this.plan.unit === 'request'
          ? hashWords(`${names[u32At(users, k) - firstUser] ?? ''}${keySeparator}${keys[group] ?? ''}`)
          : [u32At(key, 2 * group), u32At(key, 2 * group + 1)];
      ids[2 * k] = k1;
      ids[2 * k + 1] = k0;
    }
    return ids;
  }
}

/** True if the rows of the file are not in the order of users, so that they must be sorted. */
export function isSorted(placement: Placement): boolean {
  return placement.order !== 'user' || isByDay(placement);
}

/** False if the order of the file is that of drawing, without ids of groups. */
export function hasFileOrder(placement: Placement = plainPlacement): boolean {
  return isSorted(placement) || placement.groupId;
}

/** Flips the highest bit, so that signed integers have the order of unsigned words. */
function signed(word: number): number {
  return (word ^ 0x80000000) >>> 0;
}

function integer(name: string): NestedColumn {
  return { name, kind: 'int64', list: false };
}
