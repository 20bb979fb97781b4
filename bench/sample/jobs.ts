import type { ListPlan, PoolPlan, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { SourceName } from '../../src/core/sampling/sources.ts';
import type { EntryPools, Lists, UserBlock, World } from '../../src/core/sampling/world/world.ts';
import { ITEMS, itemsOf, Popularity, userItems, USERS, usersOf } from './shop.ts';

/** What is drawn: ten negatives of one source for every positive. */
export interface Job {
  readonly plan: StagePlan;
  readonly world: World;
  readonly block: UserBlock;
}

/** Negatives of a positive. */
export const NEGATIVES = 10;
/** Values of the attribute of `same_attribute`. */
const ATTRIBUTES = 200;
/** Users of the jobs that draw from lists: lists of all would not fit into the memory of a small machine. */
const LIST_USERS = 10_000;

interface Sketch {
  readonly users: number;
  readonly draws: PoolPlan | ListPlan;
  readonly pools: (weights: Float64Array, random: BulkGenerator) => EntryPools;
  readonly lists: (groups: number, popularity: Popularity, users: number) => Lists | null;
}

const none = (): EntryPools => ({ pools: [], ofItem: null });
const pool = (rest: Partial<PoolPlan>): PoolPlan => ({ kind: 'pool', items: 'corpus', where: null, weight: null, partition: null, ...rest });
const every = Uint32Array.from({ length: ITEMS }, (_, item) => item);
const drawn = (popularity: Popularity, count: number): number[] => Array.from({ length: count }, () => popularity.draw());
const requests = (groups: number, size: number, popularity: Popularity): NonNullable<Lists['request']> => ({ ...userItems(groups, () => drawn(popularity, size)), channel: null, channels: [], score: null });

const sketches = {
  global_random: { users: USERS, draws: pool({}), lists: () => null, pools: () => ({ pools: [{ name: null, items: every, weights: null }], ofItem: null }) },
  popularity: {
    users: USERS, draws: pool({ weight: { count: { of: 'click', window: null, asOf: null }, smoothing: 0, exponent: 0.75 } }), lists: () => null,
    pools: (weights) => ({ pools: [{ name: null, items: every, weights }], ofItem: null }),
  },
  exposed_random: {
    // Three items of four were shown.
    users: USERS, draws: pool({ items: 'exposed', weight: { count: 'exposures', smoothing: 0, exponent: 1 } }), lists: () => null,
    pools: (weights) => ({ pools: [{ name: null, items: every.filter((item) => item % 4 !== 0), weights: weights.filter((_, item) => item % 4 !== 0) }], ofItem: null }),
  },
  same_attribute: {
    users: USERS, draws: pool({ partition: { by: 'positive', attributes: ['category'] } }), lists: () => null,
    pools: (_, random) => {
      const ofItem = Int32Array.from(every, () => random.below(ATTRIBUTES));
      return { ofItem, pools: Array.from({ length: ATTRIBUTES }, (_, k) => ({ name: String(k), items: every.filter((item) => ofItem[item] === k), weights: null })) };
    },
  },
  exposed_unclicked: {
    users: LIST_USERS, draws: { kind: 'list', byChannel: false, rows: { of: 'exposures', scope: 'request_then_user', seen: 'all', matureAfter: null } }, pools: none,
    lists: (groups, popularity, users) => ({ request: requests(groups, 8, popularity), user: userItems(users, () => drawn(popularity, 80)) }),
  },
  hard_rank: {
    users: LIST_USERS, draws: { kind: 'list', byChannel: false, rows: { of: 'candidates', keep: { by: 'rank', ranks: [51, 150], channel: null } } }, pools: none,
    lists: (groups, popularity) => ({ request: requests(groups, 100, popularity), user: null }),
  },
} as const satisfies Partial<Record<SourceName, Sketch>>;

export type SampledSource = keyof typeof sketches;
export const sampledSources = Object.keys(sketches) as SampledSource[];

/** Items that a group draws from, in words. */
export const tasks: Readonly<Record<SampledSource, string>> = {
  global_random: 'of 500 k items, each alike',
  popularity: 'of 500 k items, by count to the power of 0.75; and the same in numpy',
  exposed_random: 'of 375 k items, by impressions',
  same_attribute: 'of the 2,500 items that share the attribute of the positive',
  exposed_unclicked: 'of some 8 exposures of the request, then of some 80 of the user',
  hard_rank: 'of some 100 candidates of the request',
};

/** The same for every call. */
export function jobOf(source: SampledSource): Job {
  const { users, draws, pools, lists }: Sketch = sketches[source];
  const random = new BulkGenerator(`bench ${source}`);
  const popularity = new Popularity(random);
  const { groups, excluded } = usersOf(users, random, popularity);
  const plan: StagePlan = {
    stage: 'recall', unit: 'positive', seed: 'bench', epoch: 0, timezone: 'UTC', split: 'train', window: { train: null, eval: null },
    positives: { events: [{ name: 'click', weight: 1 }], hotThreshold: null, maxPerUserPerDay: null }, amounts: { kind: 'counts' },
    entries: [{ name: source, source, amount: NEGATIVES, exclude: { events: ['click'], within: 'train', lookback: null }, draws }],
    onShortfall: 'keep', refillFrom: null, exposures: null, inBatch: null,
  };
  const world: World = { items: itemsOf(random), pools: [pools(popularity.weights(), random)], cut: Infinity, start: -Infinity };
  const block: UserBlock = {
    users: [], poolOfUser: [null], groups, excluded: [excluded], excludedOf: [0], chosen: excluded, lists: [lists(groups.count, popularity, users)],
  };
  return { plan, world, block };
}
