import { keySeparator } from '../../core/sampling/key.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { FileRows } from './fileRows.ts';

/** Finds the rows of a sample file that belong to a group of the log. */
export class GroupRows {
  readonly #byKey = new Map<string, number[]>();
  /** Keys of several groups of the log: their rows cannot be told apart. */
  readonly #repeated = new Set<string>();
  readonly #useRequest: boolean;
  readonly #unit: StagePlan['unit'];

  constructor({ unit }: Pick<StagePlan, 'unit'>, rows: FileRows, logHasRequests: boolean) {
    this.#unit = unit;
    this.#useRequest = logHasRequests && rows.request.some((request) => request !== null);
    for (let row = 0; row < rows.count; row++) {
      const key = this.#key(
        rows.user[row] ?? null,
        rows.label[row] === 1 ? (rows.positive[row] ?? rows.item[row] ?? null) : (rows.positive[row] ?? null),
        rows.request[row] ?? null,
        f64At(rows.time, row),
      );
      if (key === null) continue;
      const own = this.#byKey.get(key);
      if (own) own.push(row);
      else this.#byKey.set(key, [row]);
    }
  }

  /** Groups of a block that share a key are left out. */
  start(block: UserBlock, world: LoadedWorld): void {
    const seen = new Set<string>();
    this.#repeated.clear();
    for (let user = 0; user < block.users.length; user++)
      for (let g = u32At(block.groups.offsets, user); g < u32At(block.groups.offsets, user + 1); g++) {
        const key = this.#keyOf(block, world, user, g);
        if (key === null) continue;
        if (seen.has(key)) this.#repeated.add(key);
        seen.add(key);
      }
  }

  /** Rows of a group; empty if the file has none. */
  of(block: UserBlock, world: LoadedWorld, user: number, group: number): readonly number[] {
    const key = this.#keyOf(block, world, user, group);
    return key === null || this.#repeated.has(key) ? [] : (this.#byKey.get(key) ?? []);
  }

  #keyOf({ users, groups }: UserBlock, { items }: LoadedWorld, user: number, g: number): string | null {
    const at = u32At(groups.positives.offsets, g);
    const positive =
      at < u32At(groups.positives.offsets, g + 1) ? items.texts.of(u32At(groups.positives.items, at)) : null;
    return this.#key(users[user] ?? null, positive, groups.requestText[g] ?? null, f64At(groups.time, g));
  }

  #key(user: string | null, positive: string | null, request: string | null, time: number): string | null {
    if (user === null) return null;
    if (this.#unit === 'request')
      return this.#useRequest
        ? request === null
          ? null
          : [user, request].join(keySeparator)
        : [user, String(time)].join(keySeparator);
    if (positive === null) return null;
    return [user, positive, String(time), this.#useRequest ? (request ?? '') : ''].join(keySeparator);
  }
}
