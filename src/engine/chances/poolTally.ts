import { fitExponent, type ExponentCounts } from '../../core/statistics/fitExponent.ts';
import type { ExpectedBin } from '../../core/statistics/expectedShares.ts';
import type { Answers } from '../../core/data/facts.ts';
import type { CurrentGroup } from '../../core/sampling/kernel/currentGroup.ts';
import type { PoolDrawer } from '../../core/sampling/kernel/poolDrawer.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { PoolItems, UserBlock } from '../../core/sampling/world/world.ts';
import { f64At, i32At, u32At } from '../../core/valueAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';

/** Draws are distinct, so the share of a likely item is below its chance. Groups with a larger n·q are left out. */
const MAX_EXPECTED = 0.1;
/** Most chances that are computed: about a second. */
const MAX_CHANCES = 20_000_000;
/** Most numbers that are kept: items of all tables. */
const MAX_CELLS = 4_000_000;
/** Most excluded items that are kept for the exponent, over all draws: 32 MB. Later draws do not count. */
const MAX_EXCLUDED = 4_000_000;
const BINS = 10;
/** Weights are 1024 · (count + smoothing)^exponent. */
const SCALE = 1024;

/** Draws of a pool, and what its chances lead to, by place. */
interface Table {
  readonly expected: Float64Array;
  readonly observed: Float64Array;
  /** Null without an exponent. The logs of the counts are by place. */
  readonly draws: GroupDraws | null;
}

/** Draws of a pool one by one, for `fitExponent`. */
interface GroupDraws {
  readonly items: Float64Array;
  readonly rows: number[];
  readonly sums: number[];
  readonly users: number[];
  readonly excluded: number[];
  readonly starts: number[];
}

interface EntryTally {
  rows: number;
  leftOut: number;
  /** By number of the pool. */
  readonly tables: Map<number, Table>;
}

/** Compares the items that pools gave with their chances after exclusion and eligibility. */
export class PoolTally {
  readonly #entries: readonly EntryTally[];
  #chances = 0;
  #cells = 0;
  #excluded = 0;

  constructor(
    private readonly plan: StagePlan,
    private readonly world: LoadedWorld,
    private readonly block: UserBlock,
    /** Events by item. */
    private readonly heat: Float64Array,
  ) {
    this.#entries = plan.entries.map(() => ({ rows: 0, leftOut: 0, tables: new Map() }));
  }

  /** @param drawn items of the file that the entry drew for the group */
  add(e: number, drawer: PoolDrawer, group: CurrentGroup, drawn: readonly number[]): void {
    const own = this.#entries[e];
    if (!own || drawn.length === 0) return;
    const number = this.#poolOf(e, group);
    const pool = this.world.pools[e]?.pools[number];
    if (!pool || this.#chances + pool.items.length > MAX_CHANCES) return;
    const isNew = !own.tables.has(number);
    if (isNew && this.#cells + pool.items.length > MAX_CELLS) return;
    this.#chances += pool.items.length;
    const chances = drawer.chances(group);
    let most = 0;
    for (let k = 0; k < chances.length; k++) {
      const chance = f64At(chances, k);
      if (chance > most) most = chance;
    }
    const table = own.tables.get(number) ?? emptyTable(pool, this.#exponentOf(e));
    if (isNew) {
      own.tables.set(number, table);
      this.#cells += pool.items.length;
    }
    // An item that the pool cannot give belongs to other rules.
    const places = drawn
      .map((item) => placeIn(pool.items, item))
      .filter((place) => place >= 0 && f64At(chances, place) > 0);
    if (table.draws !== null) this.#addDraws(table.draws, chances, { user: group.user, places });
    if (drawn.length * most > MAX_EXPECTED) {
      own.leftOut += drawn.length;
      return;
    }
    const count = places.length;
    for (const place of places) table.observed[place] = f64At(table.observed, place) + 1;
    own.rows += count;
    for (let k = 0; k < chances.length; k++) table.expected[k] = f64At(table.expected, k) + count * f64At(chances, k);
  }

  entries(): Answers['chances']['entries'] {
    return this.plan.entries.flatMap(({ name, draws }, e) => {
      const own = this.#entries[e];
      if (!own || draws.kind !== 'pool' || own.rows + own.leftOut === 0) return [];
      const { rows, leftOut } = own;
      return [{ name, rows, leftOut, bins: this.#bins(e), exponent: this.#exponent(e) }];
    });
  }

  #poolOf(e: number, { index, user, firstPositive }: CurrentGroup): number {
    const { poolOfGroup, poolOfUser } = this.block;
    const ofGroup = poolOfGroup?.[e];
    if (ofGroup) return i32At(ofGroup, index);
    const ofUser = poolOfUser[e];
    if (ofUser) return i32At(ofUser, user);
    const ofItem = this.world.pools[e]?.ofItem;
    return ofItem ? (firstPositive < 0 ? -1 : i32At(ofItem, firstPositive)) : 0;
  }

  /** Ten bins of about equal expected draws, the items with most events first. */
  #bins(e: number): ExpectedBin[] {
    const { count } = this.world.items;
    const [expected, observed] = [new Float64Array(count), new Float64Array(count)];
    for (const [number, table] of this.#entries[e]?.tables ?? [])
      for (const [place, item] of this.world.pools[e]?.pools[number]?.items.entries() ?? []) {
        expected[item] = f64At(expected, item) + f64At(table.expected, place);
        observed[item] = f64At(observed, item) + f64At(table.observed, place);
      }
    const items = Uint32Array.from(expected.keys()).filter((item) => f64At(expected, item) > 0);
    items.sort((a, b) => f64At(this.heat, b) - f64At(this.heat, a) || a - b);
    const total = items.reduce((sum, item) => sum + f64At(expected, item), 0);
    const bins: { observed: number; expected: number }[] = [];
    let before = 0;
    for (const item of items) {
      const bin = Math.min(BINS - 1, Math.floor((BINS * before) / total));
      const own = (bins[bin] ??= { observed: 0, expected: 0 });
      own.expected += f64At(expected, item);
      own.observed += f64At(observed, item);
      before += f64At(expected, item);
    }
    return bins.filter(Boolean);
  }

  /** Draws of a group are distinct: each is one of the items that are left after the draws before it. */
  #addDraws(
    { items, rows, sums, users, excluded, starts }: GroupDraws,
    chances: Float64Array,
    { user, places }: { readonly user: number; readonly places: readonly number[] },
  ): void {
    const never: number[] = [];
    for (let k = 0; k < chances.length; k++) if (f64At(chances, k) === 0) never.push(k);
    const added = places.length * never.length + (places.length * (places.length - 1)) / 2;
    if (this.#excluded + added > MAX_EXCLUDED) return;
    this.#excluded += added;
    for (const [draw, place] of places.entries()) {
      rows.push(1);
      sums.push(f64At(items, place));
      users.push(user);
      for (const k of never) excluded.push(f64At(items, k));
      for (const k of places.slice(0, draw)) excluded.push(f64At(items, k));
      starts.push(excluded.length);
    }
  }

  /** The exponent that the plan gives to an entry; null without one. */
  #exponentOf(e: number): number | null {
    const draws = this.plan.entries[e]?.draws;
    return draws?.kind === 'pool' && draws.weight !== null && draws.weight.exponent !== 0
      ? draws.weight.exponent
      : null;
  }

  /** Null for entries without an exponent. */
  #exponent(e: number): Answers['chances']['entries'][number]['exponent'] {
    const declared = this.#exponentOf(e);
    if (declared === null) return null;
    const pools = [...(this.#entries[e]?.tables.values() ?? [])].flatMap(({ draws }): ExponentCounts[] =>
      draws === null
        ? []
        : [
            {
              items: draws.items,
              rows: Float64Array.from(draws.rows),
              sums: Float64Array.from(draws.sums),
              users: Uint32Array.from(draws.users),
              excluded: Float64Array.from(draws.excluded),
              starts: Uint32Array.from(draws.starts),
            },
          ],
    );
    const fitted = fitExponent(pools);
    const rows = pools.reduce((sum, pool) => sum + pool.rows.length, 0);
    return fitted && { declared, fitted: fitted.value, error: fitted.error, rows };
  }
}

function emptyTable({ items: { length }, weights }: PoolItems, exponent: number | null): Table {
  return {
    expected: new Float64Array(length),
    observed: new Float64Array(length),
    draws:
      weights === null || exponent === null
        ? null
        : {
            items: weights.map((weight) => Math.log(weight / SCALE) / exponent),
            ...{ rows: [], sums: [], users: [], excluded: [], starts: [0] },
          },
  };
}

/** The place of an item in ascending items; -1 if it is missing. */
function placeIn(items: Uint32Array, item: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (u32At(items, middle) < item) low = middle + 1;
    else high = middle;
  }
  return items[low] === item ? low : -1;
}
