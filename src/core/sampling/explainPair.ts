import { i32At, u32At } from '../valueAt.ts';
import type { CorrectionRange, PairCorrections, PairDraw, PairEntry } from './drawn.ts';
import { isoTime } from './isoTime.ts';
import { isPast } from './isPast.ts';
import type { CurrentGroup } from './kernel/currentGroup.ts';
import type { Drawer } from './kernel/drawer.ts';
import { Corrections, logQBatch } from './kernel/corrections.ts';
import { rowsOf, type Rows } from './kernel/rows.ts';
import type { Sampler } from './kernel/sampler.ts';
import type { UserBlock, World } from './world/world.ts';

export interface ExplainedPair {
  /** Number of groups in which the item is a positive. */
  readonly positiveIn: number;
  readonly entries: readonly PairEntry[];
  /** Rows of the item as a negative over all groups: expected, and drawn. */
  readonly expected: number;
  readonly drawn: number;
  /** Only for plans with `logq`. */
  readonly corrections?: PairCorrections;
}

/** Number of groups per batch. */
const GROUPS_AT_ONCE = 256;

/**
 * Explains how the entries of a plan involve one item in the groups of a block of one user. Yields the number of
 * completed groups after each batch.
 * @param item number of the item; -1 if the world does not have it
 * @param rows receives all rows of the block
 */
export function* explainPair(
  sampler: Sampler,
  block: UserBlock,
  item: number,
  rows: Rows = rowsOf(sampler.plan),
): Generator<number, ExplainedPair, void> {
  const { plan } = sampler;
  const { groups } = block;
  const tallies = plan.entries.map(() => new PairTally());
  const corrections = PairCorrectionTally.forSampler(sampler, item);
  let positiveIn = 0;
  let exposed = 0;
  const tableOf = (e: number, { index }: CurrentGroup): Pick<PairDraw, 'pool' | 'before'> => {
    const pools = block.poolOfGroup?.[e];
    const table = pools ? sampler.world.pools[e]?.pools[i32At(pools, index)] : undefined;
    return table?.before === undefined ? {} : { pool: table.name, before: table.before };
  };
  const visit = (group: CurrentGroup, drawers: readonly Drawer[]): void => {
    if (group.isPositive(item)) positiveIn++;
    let keptBy: Pick<PairDraw, 'keptBy'> = {};
    for (const [e, drawer] of drawers.entries()) {
      const isDrawn = tallies[e]?.add(drawer, group, item, block, { ...tableOf(e, group), ...keptBy });
      if (isDrawn && plan.distinct && keptBy.keptBy === undefined) keptBy = { keptBy: plan.entries[e]?.name ?? '' };
    }
    corrections?.add(group, drawers);
  };
  for (let start = 0; start < groups.count;) {
    const end = Math.min(start + GROUPS_AT_ONCE, groups.count);
    sampler.draw(block, start, end, rows, { visit });
    yield (start = end);
  }
  if (plan.unit === 'impression') {
    for (let g = 0; g < groups.count; g++) {
      const at = u32At(groups.positives.offsets, g);
      if (groups.positives.items[at] !== item) continue;
      if (groups.positives.events[at] === 255) exposed++;
      else positiveIn++;
    }
  }
  const entries = tallies.map((tally, e) => ({
    ...tally.entry(plan.entries[e]?.name ?? '', plan.entries[e]?.source ?? ''),
    ...(isPast(block, e, 0, item) ? { isPast: true as const } : {}),
  }));
  const expected = entries.reduce((sum, entry) => sum + entry.expected, exposed * (plan.exposures?.downsample ?? 1));
  let drawn = 0;
  for (let row = 0; row < rows.count; row++) if (rows.item[row] === item && rows.label[row] === 0) drawn++;
  return { positiveIn, entries, expected, drawn, ...(corrections ? { corrections: corrections.result() } : {}) };
}

/** The range of the item's corrections over groups. */
class PairCorrectionTally {
  readonly #ranges: { negative: CorrectionRange | null; positive: CorrectionRange | null } = {
    negative: null,
    positive: null,
  };

  private constructor(
    private readonly corrections: Corrections,
    private readonly world: World,
    private readonly item: number,
  ) {}

  /** Null for a plan without `logq`. */
  static forSampler({ plan, world }: Sampler, item: number): PairCorrectionTally | null {
    const corrections = Corrections.forPlan(plan, world);
    return corrections && new PairCorrectionTally(corrections, world, item);
  }

  add(group: CurrentGroup, drawers: readonly Drawer[]): void {
    const { item } = this;
    if (item < 0) return;
    const draws = { drawers, rowCounts: Int32Array.from(drawers, ({ rowCount }) => rowCount) };
    const side = group.isPositive(item) ? 'positive' : 'negative';
    const value = this.corrections[side === 'positive' ? 'ofPositive' : 'ofNegative'](item, group, draws);
    if (Number.isNaN(value)) return;
    const { groups, smallest, largest } = this.#ranges[side] ?? { groups: 0, smallest: value, largest: value };
    this.#ranges[side] = {
      groups: groups + 1,
      smallest: Math.min(smallest, value),
      largest: Math.max(largest, value),
    };
  }

  result(): PairCorrections {
    const { batchPool } = this.world;
    const log = batchPool && this.item >= 0 ? logQBatch(batchPool, this.item) : NaN;
    return { ...this.#ranges, ...(batchPool ? { logQBatch: Number.isNaN(log) ? null : log } : {}) };
  }
}

/** Counts over groups how one entry involves the item. */
class PairTally {
  readonly #refused = { positive: 0, excluded: 0, ineligible: 0, absent: 0 };
  readonly #drawnIn: PairDraw[] = [];
  #groups = 0;
  #smallest = Infinity;
  #largest = -Infinity;
  #expected = 0;

  /** @returns whether the entry draws it in this group */
  add(
    drawer: Drawer,
    group: CurrentGroup,
    item: number,
    { groups }: UserBlock,
    about: Pick<PairDraw, 'pool' | 'before' | 'keptBy'>,
  ): boolean {
    const standing = drawer.standing(item, group);
    if (standing !== 'acceptable') {
      this.#refused[standing]++;
      return false;
    }
    const logQ = Math.log(drawer.chance(item, group));
    this.#groups++;
    this.#smallest = Math.min(this.#smallest, logQ);
    this.#largest = Math.max(this.#largest, logQ);
    this.#expected += drawer.expected(item, group);
    const draw = drawer.items.subarray(0, drawer.rowCount).indexOf(item);
    if (draw >= 0)
      this.#drawnIn.push({ key: groups.keys[group.index] ?? '', time: isoTime(group.time), draw, ...about });
    return draw >= 0;
  }

  entry(name: string, source: string): PairEntry {
    const membership =
      this.#groups === 0 ? null : { groups: this.#groups, smallestLogQ: this.#smallest, largestLogQ: this.#largest };
    return { name, source, membership, refused: this.#refused, expected: this.#expected, drawnIn: this.#drawnIn };
  }
}
