import { chanceRoles, type ChanceRole } from '../../core/data/chanceRoles.ts';
import type { Answers, Example } from '../../core/data/facts.ts';
import { Corrections, type GroupDraws } from '../../core/sampling/kernel/corrections.ts';
import type { CurrentGroup } from '../../core/sampling/kernel/currentGroup.ts';
import type { Drawer } from '../../core/sampling/kernel/drawer.ts';
import { PoolDrawer } from '../../core/sampling/kernel/poolDrawer.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import { f64At, i32At, u32At, valueAt } from '../../core/valueAt.ts';
import type { AskedSamples } from '../../protocol/answers.ts';
import { idOrder, indexOfId } from '../inputs/idOrder.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { FileRows } from './fileRows.ts';
import type { GroupRows } from './groupRows.ts';
import type { UserRows } from '../inputs/users/userRows.ts';
import { PoolTally } from './poolTally.ts';

/** Logs that differ by more are wrong. Single precision and other libraries differ by far less. */
const TOLERANCE = 0.001;
const MAX_EXAMPLES = 5;

/** Data with which the draws of a file are compared. */
interface Compared {
  readonly plan: StagePlan;
  readonly world: LoadedWorld;
  readonly block: UserBlock;
  readonly rows: FileRows;
  readonly groups: GroupRows;
  /** Index of the entry by the name that the file gives it; -1 if several entries have it. */
  readonly entryOf: (name: string | null) => number;
}

interface Column {
  rows: number;
  wrong: number;
  largest: number;
  readonly examples: Example[];
}

/** Compares the rows of a sample file with the chances of the sampler's draws, group by group. */
export class ChanceTally {
  readonly pools: PoolTally;
  readonly hindsight: HindsightTally;
  readonly #columns = new Map<ChanceRole, Column>();
  readonly #corrections: Corrections | null;
  readonly #places = new Map<string, number>();
  groups = 0;
  /** Negatives, and how many of them the sampler draws too. */
  #drawn = 0;
  #same = 0;

  constructor(
    private readonly compared: Compared,
    private readonly samples: AskedSamples,
    heat: Float64Array,
    users: readonly UserRows[],
  ) {
    const { plan, world, block } = compared;
    this.#corrections = Corrections.forPlan(plan, world);
    this.pools = new PoolTally(plan, world, block, heat);
    this.hindsight = new HindsightTally(plan, users);
  }

  /** Called while the drawers hold the state of the group. */
  readonly visit = (group: CurrentGroup, drawers: readonly Drawer[]): void => {
    const { plan, block, world, rows, groups, entryOf } = this.compared;
    const fileRows = groups.rowsOf(block, world, group.user, group.index);
    if (fileRows.length === 0) return;
    this.groups++;
    let isKnown = true;
    const drawn: number[][] = drawers.map(() => []);
    for (const row of fileRows) {
      if (rows.label[row] === 1) continue;
      const entry = entryOf(rows.name[row] ?? null);
      if (entry < 0) isKnown = false;
      else drawn[entry]?.push(this.#place(rows.item[row] ?? ''));
    }
    if (plan.distinct) addDropped(drawn, drawers);
    const rowCounts = Int32Array.from(drawn, ({ length }) => length);
    // The chance of a list depends on how many of its rows were taken.
    const isSame = drawers.map((drawer, e) => drawer.acceptable !== null || i32At(rowCounts, e) === drawer.rowCount);
    const draws = { drawers, rowCounts };
    for (const row of fileRows) {
      const isPositive = rows.label[row] === 1;
      const entry = isPositive ? -1 : entryOf(rows.name[row] ?? null);
      const item = this.#place(rows.item[row] ?? '');
      if (item < 0 || (!isPositive && entry < 0)) continue;
      const drawer = drawers[entry];
      if (drawer && isSame[entry] === true) this.#compare('log_q', row, Math.log(drawer.chance(item, group)));
      if (!isKnown || isSame.includes(false)) continue;
      this.#compare('log_q_mix', row, mixed(item, isPositive, group, draws));
      if (this.#corrections)
        this.#compare(
          'logq_correction',
          row,
          isPositive
            ? this.#corrections.ofPositive(item, group, draws)
            : this.#corrections.ofNegative(item, group, draws),
        );
    }
    for (const [e, drawer] of drawers.entries()) {
      const items = drawn[e] ?? [];
      const own = drawer.items.subarray(0, drawer.rowCount);
      this.#drawn += items.length;
      this.#same += items.reduce((same, item) => same + (own.includes(item) ? 1 : 0), 0);
      if (!(drawer instanceof PoolDrawer)) continue;
      this.pools.add(e, drawer, group, items);
      this.hindsight.add(e, drawer, group, items);
    }
  };

  /** True if the sampler draws most of the rows again, which shows that it wrote the file with this config. */
  isOwn(): boolean {
    return this.#same > this.#drawn / 2;
  }

  /** The compared columns that the file has. */
  columns(): Answers['chances']['columns'] {
    return chanceRoles.flatMap((role) => {
      const name = this.samples.columns[role]?.name;
      const { rows = 0, wrong = 0, largest = 0, examples = [] } = this.#columns.get(role) ?? {};
      return name === undefined ? [] : [{ name, rows, wrong, largest, examples }];
    });
  }

  /** A value that the file or the sampler lacks is not compared: other rules report items that cannot be drawn. */
  #compare(role: ChanceRole, row: number, expected: number): void {
    const values = this.compared.rows.values[role];
    if (values === undefined) return;
    const value = f64At(values, row);
    if (Number.isNaN(value) || !Number.isFinite(expected)) return;
    const column = this.#columns.get(role) ?? { rows: 0, wrong: 0, largest: 0, examples: [] };
    this.#columns.set(role, column);
    const difference = Math.abs(value - expected);
    column.rows++;
    column.largest = Math.max(column.largest, difference);
    if (difference <= TOLERANCE) return;
    column.wrong++;
    if (column.examples.length < MAX_EXAMPLES) column.examples.push(this.#example(role, row, value, expected));
  }

  #example(role: ChanceRole, row: number, value: number, expected: number): Example {
    const { rows } = this.compared;
    const { columns } = this.samples;
    const found: readonly (readonly [string | undefined, string | null | undefined])[] = [
      [columns.user?.name, rows.user[row]],
      [columns.item.name, rows.item[row]],
      [columns.positive_item?.name, rows.positive[row]],
      [columns.request?.name, rows.request[row]],
      [(columns.entry ?? columns.source)?.name, rows.name[row]],
      [columns[role]?.name, String(value)],
      ['recomputed', expected.toFixed(6)],
    ];
    return Object.fromEntries(
      found.flatMap(([name, text]) =>
        name === undefined || text === null || text === undefined ? [] : [[name, text]],
      ),
    );
  }

  #place(item: string): number {
    const { texts, kind } = this.compared.world.items;
    let place = this.#places.get(item);
    if (place === undefined) this.#places.set(item, (place = indexOfId(texts, item, idOrder(kind))));
    return place;
  }
}

/**
 * The chances are those of all draws, but a file with `distinct` lacks the draws whose items earlier entries have. Adds
 * them at their places.
 * @param drawn by entry: items of the file
 */
function addDropped(drawn: readonly number[][], drawers: readonly Drawer[]): void {
  const earlier = new Set<number>();
  for (const [e, { items, rowCount }] of drawers.entries()) {
    const draws = items.subarray(0, rowCount);
    for (const [k, item] of draws.entries()) if (earlier.has(item)) drawn[e]?.splice(k, 0, item);
    for (const item of draws) earlier.add(item);
  }
}

/** log(Σ n_s·q_s(item) / Σ n_s), as `log_q_mix` defines it; NaN without rows. */
function mixed(item: number, isPositive: boolean, group: CurrentGroup, { drawers, rowCounts }: GroupDraws): number {
  let [rows, chance] = [0, 0];
  for (const [e, drawer] of drawers.entries()) {
    const count = i32At(rowCounts, e);
    if (count === 0) continue;
    rows += count;
    chance += count * (isPositive ? drawer.chancePutBack(item, group) : drawer.chance(item, group));
  }
  return Math.log(chance / rows);
}

type Chances = Answers['chances'];

/** Counts draws that may leak the future: items that are not in the pool, and later choices of the user. */
class HindsightTally {
  readonly #outside: { draws: number; outside: number }[];
  /** By user of the block: when the user last chose an item, in microseconds. */
  readonly #lastChoice: readonly ReadonlyMap<number, number>[];
  readonly #later = { draws: 0, expected: 0, observed: 0 };

  /** @param users by user of the block */
  constructor(
    private readonly plan: StagePlan,
    users: readonly UserRows[],
  ) {
    this.#outside = plan.entries.map(() => ({ draws: 0, outside: 0 }));
    this.#lastChoice = users.map((rows) => lastChoices(rows, plan));
  }

  /** @param drawn items of the file that the entry drew for the group, as places in the world; −1 for unknown ones */
  add(e: number, drawer: PoolDrawer, group: CurrentGroup, drawn: readonly number[]): void {
    const known = drawn.filter((item) => item >= 0);
    if (known.length === 0) return;
    const entry = valueAt(this.#outside, e);
    entry.draws += known.length;
    for (const item of known) if (drawer.standing(item, group) === 'absent') entry.outside++;
    this.#addLater(drawer, group, known);
  }

  /**
   * Expected: Σ 1 − (1 − q)^n over the items that the user chooses later, with the probability q of one draw and the n
   * draws of the entry in the group. Draws of a group are distinct, so it is rather too small. Items that the entry
   * excludes for the user have q = 0, and do not count among the observed ones.
   */
  #addLater(drawer: PoolDrawer, group: CurrentGroup, drawn: readonly number[]): void {
    const choices = this.#lastChoice[group.user];
    const later = this.#later;
    later.draws += drawn.length;
    for (const [item, last] of choices ?? []) {
      if (last <= group.time) continue;
      const q = drawer.chance(item, group);
      if (q === 0) continue;
      later.expected -= Math.expm1(drawn.length * Math.log1p(-q));
      if (drawn.includes(item)) later.observed++;
    }
  }

  counts(): Pick<Chances, 'outside' | 'later'> {
    return {
      outside: this.plan.entries.flatMap(({ name }, e) => {
        const entry = valueAt(this.#outside, e);
        return entry.draws === 0 ? [] : [{ name, ...entry }];
      }),
      later: this.#later,
    };
  }
}

function lastChoices({ log }: UserRows, { positives }: StagePlan): Map<number, number> {
  const last = new Map<number, number>();
  for (const { name } of positives.events) {
    const [holds, times] = [log.events[name], log.eventTimes[name]];
    for (let row = 0; row < log.item.length; row++) {
      if (holds?.[row] !== 1) continue;
      const own = times ? f64At(times, row) : NaN;
      const time = Number.isNaN(own) ? f64At(log.time, row) : own;
      const item = u32At(log.item, row);
      last.set(item, Math.max(last.get(item) ?? -Infinity, time));
    }
  }
  return last;
}
