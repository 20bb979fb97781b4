import fc from 'fast-check';
import type { Rows } from '../../src/core/sampling/kernel/rows.ts';
import type { PlanEntry, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { EntryPools, UserBlock, World } from '../../src/core/sampling/world/world.ts';
import { batchPoolOf } from '../../src/engine/groups/batches/batchPool.ts';

const entryShapes: fc.Arbitrary<EntryShape> = fc.record({
  /** Rows per group; with shares, their weights. */
  amount: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 9, max: 60 })),
  /** The pool has the items of these residues modulo 16: a hot and a cold pool share no item. */
  from: fc.constantFrom(0, 0, 0, 5),
  to: fc.constantFrom(1, 5, 16, 16),
  /** Number of pools by an attribute of the positive; 0: one pool for all. */
  pools: fc.constantFrom(0, 0, 0, 1, 6),
  /** Maximum number of distinct weights; 0: uniform; 1: all equal. */
  weights: fc.constantFrom(0, 0, 1, 7, 900),
  /** The set of excluded items; -1: none. */
  exclude: fc.constantFrom(-1, 0, 0, 1),
});
export interface EntryShape {
  readonly amount: number;
  readonly from: number;
  readonly to: number;
  readonly pools: number;
  readonly weights: number;
  readonly exclude: number;
}

/** The parameters of a mix of pools; everything else follows from the seed. */
export const mixShapes = fc.record({
  seed: fc.string({ maxLength: 4 }),
  items: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 2000 })),
  entries: fc.array(entryShapes, { minLength: 2, maxLength: 4 }),
  /** Sum of the shares in thousandths; null: counts. */
  share: fc.constantFrom(null, 1000, 1000, 640),
  perGroup: fc.integer({ min: 0, max: 40 }),
  refill: fc.boolean(),
  unit: fc.constantFrom('positive' as const, 'request' as const),
  /** Number of times at which items appear or disappear; 0: they are always eligible. */
  dates: fc.constantFrom(0, 0, 3, 200),
  users: fc.integer({ min: 1, max: 6 }),
  groups: fc.integer({ min: 0, max: 30 }),
  positives: fc.integer({ min: 0, max: 5 }),
  /** Most excluded items of a user; `everything`: all items of the corpus. */
  excluded: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 41, max: 2000 }), fc.constant('everything')),
  /** Groups that are drawn together. */
  cut: fc.integer({ min: 1, max: 40 }),
  logq: fc.constantFrom('shares' as const, 'corpus' as const, null),
  batch: fc.constantFrom(null, 2, 1024),
  /** Used with in-batch negatives and `shares`. */
  weight: fc.constantFrom(null, 0.3),
  keep: fc.boolean(),
});
export type MixShape = typeof mixShapes extends fc.Arbitrary<infer S> ? S : never;

export interface MixWorld {
  readonly plan: StagePlan;
  readonly world: World;
  readonly block: UserBlock;
}

export function mixWorld(shape: MixShape): MixWorld {
  const { items, users, groups, positives, unit, dates, seed, excluded, keep } = shape;
  const random = new BulkGenerator(`mix ${seed}`);
  const distinct = (most: number): number[] => distinctItems(random, items, most);
  const groupsOf = Array.from({ length: users }, () =>
    Array.from({ length: random.integerBelow(groups + 1) }, () =>
      unit === 'positive' ? [random.integerBelow(items)] : distinct(positives),
    ),
  );
  const all = groupsOf.flat();
  const own = all.flat();
  const count = all.length;
  const every = Array.from({ length: items }, (_, item) => item);
  const date = (without: number): Float64Array => lifeTimes(random, items, dates, without);
  const sets = [0, 1].map(() =>
    groupsOf.map((_, user) => (typeof excluded === 'number' ? distinct(excluded) : user % 2 === 0 ? every : [])),
  );
  return {
    plan: planOf(shape),
    world: {
      items: { count: items, hashWords: new Uint32Array(2 * items), created: date(-Infinity), removed: date(Infinity) },
      pools: shape.entries.map((entry) => poolsOf(entry, items, random)),
      cut: 1000,
      start: -Infinity,
      batchPool: batchPoolOf(Float64Array.from({ length: items }, (_, item) => (item === 0 ? 1 : item % 3))),
    },
    block: {
      users: [],
      poolOfUser: shape.entries.map(() => null),
      groups: {
        count,
        offsets: offsetsOf(groupsOf),
        time: Float64Array.from(all, (_, k) => k % 250),
        readTime: Float64Array.from(all, (_, k) => k % 250),
        keyWords: Uint32Array.from({ length: 2 * count }, () => random.word()),
        keys: [],
        request: new Int32Array(count).fill(-1),
        requestText: [],
        positives: {
          offsets: offsetsOf(all),
          items: Uint32Array.from(own),
          weights: Float64Array.from(own, () => random.integerBelow(9)),
          events: Uint8Array.from(own, () => random.integerBelow(3)),
          keep: Float64Array.from(own, () => (keep ? random.unit() : NaN)),
        },
      },
      excluded: sets.map((given) => ({
        offsets: offsetsOf(given),
        items: Uint32Array.from(given.flat()),
        last: new Float64Array(given.flat().length),
        lookback: Infinity,
      })),
      excludedOf: shape.entries.map(({ exclude }) => exclude),
      positiveItems: { offsets: new Uint32Array(users + 1), items: new Uint32Array(0) },
      lists: shape.entries.map(() => null),
    },
  };
}

/** At most so many different items, in their order. */
export function distinctItems(random: BulkGenerator, items: number, most: number): number[] {
  return [...new Set(Array.from({ length: random.integerBelow(most + 1) }, () => random.integerBelow(items)))].sort(
    (a, b) => a - b,
  );
}

/** Times of items at `dates` instants. Half of the items have none (`without`); one of 18 is not in the corpus. */
export function lifeTimes(random: BulkGenerator, items: number, dates: number, without: number): Float64Array {
  return Float64Array.from({ length: items }, () =>
    dates === 0 || random.integerBelow(2) === 0
      ? without
      : random.integerBelow(9) === 0
        ? Infinity
        : random.integerBelow(dates),
  );
}

/** Where the lists of a column begin, and its end. */
export function offsetsOf(lists: readonly (readonly unknown[])[]): Uint32Array {
  const ends = [0];
  for (const { length } of lists) ends.push((ends.at(-1) ?? 0) + length);
  return Uint32Array.from(ends);
}

function planOf({ seed, unit, entries, share, perGroup, refill, logq, batch, weight, keep }: MixShape): StagePlan {
  const sum = entries.reduce((all, { amount }) => all + amount, 0);
  return {
    stage: 'recall',
    unit,
    seed,
    epoch: 0,
    timezone: 'UTC',
    split: 'train',
    window: { train: null, eval: null, knownUntil: null },
    positives: {
      events: [{ name: 'click', weight: 1 }],
      hotThreshold: keep ? 0.1 : null,
      maxPerUserPerDay: null,
      hasKeepProbability: keep,
    },
    amounts: share === null ? { kind: 'counts' } : { kind: 'shares', perGroup },
    entries: entries.map(({ amount, pools, exclude }, e): PlanEntry => ({
      name: `entry ${e}`,
      source: 'popularity',
      exclude: exclude < 0 ? null : { events: [`event ${exclude}`], within: 'train', lookback: null },
      amount: share === null ? amount : sum === 0 ? 0 : ((amount / sum) * share) / 1000,
      draws: {
        kind: 'pool',
        items: 'corpus',
        where: null,
        weight: null,
        partition: pools === 0 ? null : { by: 'positive', attributes: ['city'] },
      },
    })),
    onShortfall: refill ? 'refill' : 'keep',
    refillFrom: refill ? entries.length - 1 - (entries.length % 2) : null,
    exposures: null,
    inBatch:
      batch !== null && unit === 'positive'
        ? {
            batchSize: batch,
            maskSameItem: true,
            ...(weight !== null && logq === 'shares' && (share === null ? sum : perGroup) > 0 ? { weight } : {}),
          }
        : null,
    ...(logq === null ? {} : { logq }),
  };
}

function poolsOf({ from, to, pools, weights }: EntryShape, items: number, random: BulkGenerator): EntryPools {
  const held = Uint32Array.from({ length: items }, (_, item) => item).filter(
    (item) => item % 16 >= from % to && item % 16 < to,
  );
  // Positives of one item in ten have no pool, and one pool in five is empty.
  const ofItem =
    pools === 0
      ? null
      : Int32Array.from({ length: items }, () => (random.integerBelow(10) === 0 ? -1 : random.integerBelow(pools)));
  const parts = ofItem
    ? Array.from({ length: pools }, (_, k) => held.filter((item) => ofItem[item] === k && (k % 5 < 4 || pools === 1)))
    : [held];
  return {
    ofItem,
    pools: parts.map((part, k) => ({
      name: ofItem ? String(k) : null,
      items: part,
      weights: weights === 0 ? null : Float64Array.from(part, () => 1 + random.integerBelow(weights)),
    })),
  };
}

/** The rows, shortfalls and counts. */
export function written(rows: Rows): unknown {
  const columns = [
    ...(['group', 'item', 'label', 'entry', 'draw', 'event', 'weight', 'keep', 'logQ', 'logQMix'] as const),
    ...(['correction', 'batchCorrection'] as const),
  ].map((key) => [key, rows[key].slice(0, rows.count)]);
  const shortfalls = (['shortGroup', 'shortEntry', 'shortAsked', 'shortDrawn', 'shortCause'] as const).map((key) => [
    key,
    rows[key].slice(0, rows.shortCount),
  ]);
  const { groups, positives, negatives, downsampled, unreached, entries, refusals } = rows;
  return {
    ...Object.fromEntries([...columns, ...shortfalls]),
    groups,
    positives,
    negatives,
    downsampled,
    unreached,
    entries,
    refusals,
  };
}
