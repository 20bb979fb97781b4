import { keySeparator } from '../../core/sampling/key.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { FileRows } from './fileRows.ts';

/** Finds the rows of a sample file that belong to a group of the log. */
export class GroupRows {
  readonly #byKey = new Map<string, number[]>();
  /** Keys that several groups share. Their rows cannot be assigned to one of them. */
  readonly #ambiguous = new Set<string>();
  /** True if requests identify groups, because both the log and the file have them. */
  readonly #useRequest: boolean;
  readonly #unit: StagePlan['unit'];

  constructor({ unit }: Pick<StagePlan, 'unit'>, rows: FileRows, logHasRequests: boolean) {
    this.#unit = unit;
    this.#useRequest = logHasRequests && rows.request.some((request) => request !== null);
    for (let row = 0; row < rows.count; row++) {
      // Without a column of positives, the positive of a row with label 1 is its item.
      const positive = rows.positive[row] ?? (rows.label[row] === 1 ? (rows.item[row] ?? null) : null);
      const key = this.#key(rows.user[row] ?? null, positive, rows.request[row] ?? null, f64At(rows.time, row));
      if (key === null) continue;
      const groupRows = this.#byKey.get(key);
      if (groupRows) groupRows.push(row);
      else this.#byKey.set(key, [row]);
    }
  }

  /** Finds the keys that several groups of a block share. Call it before `rowsOf` for groups of the block. */
  findAmbiguousKeys(block: UserBlock, world: LoadedWorld): void {
    const seen = new Set<string>();
    this.#ambiguous.clear();
    for (let userIndex = 0; userIndex < block.users.length; userIndex++) {
      const end = u32At(block.groups.offsets, userIndex + 1);
      for (let group = u32At(block.groups.offsets, userIndex); group < end; group++) {
        const key = this.#keyOf(block, world, userIndex, group);
        if (key === null) continue;
        if (seen.has(key)) this.#ambiguous.add(key);
        seen.add(key);
      }
    }
  }

  /** Row numbers of a group in the file; empty if the file has no rows of it, or if its key is ambiguous. */
  rowsOf(block: UserBlock, world: LoadedWorld, userIndex: number, group: number): readonly number[] {
    const key = this.#keyOf(block, world, userIndex, group);
    return key === null || this.#ambiguous.has(key) ? [] : (this.#byKey.get(key) ?? []);
  }

  #keyOf({ users, groups }: UserBlock, { items }: LoadedWorld, userIndex: number, group: number): string | null {
    const { offsets, items: positiveItems } = groups.positives;
    const first = u32At(offsets, group);
    const positive = first < u32At(offsets, group + 1) ? items.texts.textOf(u32At(positiveItems, first)) : null;
    return this.#key(users[userIndex] ?? null, positive, groups.requestText[group] ?? null, f64At(groups.time, group));
  }

  /** Null if a value that identifies the group is missing. */
  #key(user: string | null, positive: string | null, request: string | null, time: number): string | null {
    if (user === null) return null;
    if (this.#unit === 'request') {
      if (!this.#useRequest) return [user, String(time)].join(keySeparator);
      return request === null ? null : [user, request].join(keySeparator);
    }
    if (positive === null) return null;
    return [user, positive, String(time), this.#useRequest ? (request ?? '') : ''].join(keySeparator);
  }
}
