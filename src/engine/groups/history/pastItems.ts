import { message } from '../../../core/message/message.ts';
import type { HistoryCounts } from '../../../core/sampling/historyCounts.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { UserItems } from '../../../core/sampling/world/world.ts';
import { u32At, valueAt } from '../../../core/valueAt.ts';
import type { Columnar } from '../../database/columnar.ts';
import type { Work } from '../../database/connections.ts';
import { amongUsers, literalOf } from '../../inputs/users/loadUsers.ts';
import type { LoadedWorld } from '../../inputs/world/loadedWorld.ts';
import type { SampledTables } from '../../inputs/sampledTables.ts';
import type { StoredTables } from '../../inputs/storedTables.ts';
import type { UserRange } from '../userRanges.ts';
import { countsOf, historiesOf, type Histories } from './histories.ts';
import { historySql } from './historySql.ts';
import { storedHistories } from './storeHistories.ts';

const empty = new Uint32Array();

/** The past items of some users, from the histories in their impressions. */
export class PastItems {
  /** No user has a history. */
  static readonly none = new PastItems({ all: [], of: [] }, [], [], []);

  readonly #places: ReadonlyMap<string, number>;

  private constructor(
    private readonly histories: Histories,
    users: readonly string[],
    private readonly sets: readonly UserItems[],
    /** By history: what it excludes for these users. */
    readonly counts: readonly HistoryCounts[],
  ) {
    this.#places = new Map(sets.length === 0 ? [] : users.map((user, place) => [user, place]));
  }

  /** Reads the histories of some users from the files. */
  static async load(
    sampled: SampledTables,
    plan: StagePlan,
    world: LoadedWorld,
    users: readonly string[],
    work: Work,
  ): Promise<PastItems> {
    const histories = historiesOf(plan, world);
    if (histories.all.length === 0) return PastItems.none;
    const kind = sampled.userKind();
    const places = users.flatMap((user, place) => {
      const id = literalOf(user, kind);
      return id === null ? [] : [`(${id}, ${place})`];
    });
    const sets: UserItems[] = [];
    const counts: { items: number; unknown: number }[] = [];
    for (const history of histories.all) {
      const rows =
        places.length === 0
          ? null
          : await sampled.tables.columnar(
              `SELECT CAST(u.place AS UINTEGER), h.number FROM ${historySql(sampled, history, amongUsers(users, kind))} h
                JOIN (VALUES ${places.join(', ')}) u("user", place) ON u."user" = h."user" ORDER BY u.place, h.number`,
              message('Reading the rows of the users'),
              work,
            );
      const { items, unknown } = rows === null ? noItems(users.length) : itemsOf(rows, users.length);
      sets.push(items);
      counts.push({ items: items.items.length, unknown });
    }
    return new PastItems(histories, users, sets, countsOf(histories, counts));
  }

  /** Reads the histories of a range of users, stored by `storeHistories`. */
  static async loadStored(
    { first, users }: UserRange,
    plan: StagePlan,
    world: LoadedWorld,
    stored: StoredTables,
    work: Work,
  ): Promise<PastItems> {
    const histories = historiesOf(plan, world);
    const sets: UserItems[] = [];
    for (const k of histories.all.keys()) {
      const rows = await stored.tables.columnar(
        `SELECT CAST(place - ${first} AS UINTEGER), number FROM ${storedHistories}
          WHERE history = ${k} AND place >= ${first} AND place < ${first + users.length} ORDER BY place, number`,
        message('Reading the rows of the users'),
        work,
      );
      sets.push(itemsOf(rows, users.length).items);
    }
    return new PastItems(histories, users, sets, []);
  }

  /** Past items of some users that a distinct `exclude` of the plan excludes, ascending; null if it has no history. */
  ofUsers(exclude: number, users: readonly string[]): UserItems | null {
    const history = this.histories.of[exclude];
    if (history === undefined || history < 0) return null;
    const set = valueAt(this.sets, history);
    const offsets = new Uint32Array(users.length + 1);
    const parts = users.map((user, k) => {
      const part = this.#ofUser(set, user);
      offsets[k + 1] = u32At(offsets, k) + part.length;
      return part;
    });
    const items = new Uint32Array(u32At(offsets, users.length));
    parts.forEach((part, k) => {
      items.set(part, u32At(offsets, k));
    });
    return { offsets, items };
  }

  #ofUser({ offsets, items }: UserItems, user: string): Uint32Array {
    const place = this.#places.get(user);
    return place === undefined ? empty : items.subarray(u32At(offsets, place), u32At(offsets, place + 1));
  }
}

function noItems(users: number): ReturnType<typeof itemsOf> {
  return { items: { offsets: new Uint32Array(users + 1), items: empty }, unknown: 0 };
}

/**
 * The items of users.
 * @param rows place of the user and number of the item, ordered by both; NULL for an id that is no item
 */
function itemsOf(rows: Columnar, users: number): { readonly items: UserItems; readonly unknown: number } {
  const [places, numbers] = [rows.unsigned(0), rows.numbers(1)];
  const offsets = new Uint32Array(users + 1);
  const items = new Uint32Array(places.length);
  let [count, row] = [0, 0];
  for (let place = 0; place < users; place++) {
    for (; row < places.length && u32At(places, row) === place; row++) {
      const number = valueAt(numbers, row);
      if (!Number.isNaN(number)) items[count++] = number;
    }
    offsets[place + 1] = count;
  }
  return { items: { offsets, items: items.slice(0, count) }, unknown: places.length - count };
}
