import type { ListPlan, PoolPlan, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { SourceName } from '../../src/core/source/sources.ts';
import type { EntryPools, Lists, UserBlock, World } from '../../src/core/sampling/world/world.ts';
import { candidates, candidatesByChannel, scoredCandidates } from './funnel.ts';
import { ITEMS, itemsOf, Popularity, userItems, USERS, usersOf } from './shop.ts';

/** The job: ten negatives of one source, or of a mix of sources, for every positive. */
export interface Job {
  readonly plan: StagePlan;
  readonly world: World;
  readonly block: UserBlock;
}

/** Negatives per positive. */
export const NEGATIVES = 10;
/** Number of values of the attribute of `same_attribute`. */
const ATTRIBUTES = 200;
/** Users of the jobs that draw from lists; lists for all users would not fit into the memory of a small machine. */
const LIST_USERS = 5_000;
/** Average refusals per user; uniform from 1 to twice the average minus one. */
const REFUSALS_OF_USER = 12;

interface Chance {
  readonly random: BulkGenerator;
  readonly popularity: Popularity;
}
type Sketch = {
  /** The items that a group draws from, in words. */
  readonly task: string;
  /** False: only the group's own positive is excluded. */
  readonly excludes?: false;
} & (
  | { readonly draws: PoolPlan; readonly pools: (chance: Chance) => EntryPools }
  | { readonly draws: ListPlan; readonly lists: (groups: number, chance: Chance) => Lists }
);
/** A mix of pools, in the order of their names. */
interface MixSketch {
  readonly task: string;
  readonly mix: readonly [SourceName, ...SourceName[]];
}
/** A source, or a mix of several. */
export type JobName = SourceName | keyof typeof mixes;

const pool = (rest: Partial<PoolPlan>): PoolPlan => ({
  kind: 'pool',
  items: 'corpus',
  where: null,
  weight: null,
  partition: null,
  ...rest,
});
const list = (rows: ListPlan['rows'], byChannel = false): ListPlan => ({ kind: 'list', rows, byChannel });
const every = Uint32Array.from({ length: ITEMS }, (_, item) => item);
const singlePool = (items: Uint32Array, weights: Float64Array | null): EntryPools => ({
  pools: [{ name: null, items, weights }],
  ofItem: null,
});

/** The type requires an entry for every source. */
const sketches: Readonly<Record<SourceName, Sketch>> = {
  exposed_unclicked: {
    task: 'of some 8 exposures of the request, then of some 70 of the user',
    draws: list({ of: 'exposures', scope: 'request_then_user', seen: 'all', matureAfter: null, before: true }),
    lists: (groups, { popularity }) => ({
      request: candidates(groups, 8, popularity),
      user: userItems(LIST_USERS, () => popularity.drawMany(80)),
    }),
  },
  global_random: { task: 'of 500 k items, each alike', draws: pool({}), pools: () => singlePool(every, null) },
  popularity: {
    task: 'of 500 k items, by count to the power of 0.75',
    draws: pool({ weight: { count: { of: 'click', window: null, asOf: null }, smoothing: 0, exponent: 0.75 } }),
    pools: ({ popularity }) => singlePool(every, popularity.weights()),
  },
  exposed_random: {
    // Three of four items were shown.
    task: 'of 375 k items, by impressions',
    draws: pool({ items: 'exposed', weight: { count: 'exposures', smoothing: 0, exponent: 1 } }),
    pools: ({ popularity }) =>
      singlePool(
        every.filter((item) => item % 4 !== 0),
        popularity.weights().filter((_, item) => item % 4 !== 0),
      ),
  },
  same_attribute: {
    task: 'of the 2,500 items that share the attribute of the positive',
    draws: pool({ partition: { by: 'positive', attributes: ['category'] } }),
    pools: ({ random }) => {
      const ofItem = Int32Array.from(every, () => random.integerBelow(ATTRIBUTES));
      return {
        ofItem,
        pools: Array.from({ length: ATTRIBUTES }, (_, k) => ({
          name: String(k),
          items: every.filter((item) => ofItem[item] === k),
          weights: null,
        })),
      };
    },
  },
  rejected: {
    task: 'of some 12 refusals of the user, whatever else he had: two groups of five stay short',
    // Refused by the owner of the item: the user wanted it.
    excludes: false,
    draws: list({ of: 'rejections', before: null }),
    lists: (_, { popularity, random }) => ({
      request: null,
      user: userItems(LIST_USERS, () => popularity.drawMany(1 + random.integerBelow(2 * REFUSALS_OF_USER - 1))),
    }),
  },
  hard_rank: {
    task: 'of some 90 candidates of the request',
    draws: list({ of: 'candidates', keep: { by: 'rank', ranks: [51, 150], channel: null } }),
    lists: (groups, { popularity }) => ({ request: candidates(groups, 100, popularity), user: null }),
  },
  hard_score: {
    task: 'of the 100 highest scores of some 160 candidates of the request',
    draws: list({ of: 'candidates', keep: { by: 'score', skip: 0, top: 100 } }),
    lists: (groups, { popularity, random }) => ({
      request: scoredCandidates(groups, 200, popularity, random),
      user: null,
    }),
  },
  ranked_unexposed: {
    task: 'of some 40 candidates of the request that were ranked and not shown',
    draws: list({ of: 'candidates', keep: { by: 'reached', reached: 'fine' } }),
    lists: (groups, { popularity }) => ({ request: candidates(groups, 42, popularity), user: null }),
  },
  coarse_filtered: {
    task: 'of some 180 candidates of the request that coarse ranking dropped, four channels taking turns',
    draws: list({ of: 'candidates', keep: { by: 'reached', reached: 'coarse' } }, true),
    lists: (groups, { popularity }) => ({ request: candidatesByChannel(groups, popularity), user: null }),
  },
};

/** Mixes whose entries have equal shares. */
const mixes = {
  mix: {
    task: 'half of global_random, half of popularity, with the log q of the mix',
    mix: ['global_random', 'popularity'],
  },
} as const satisfies Readonly<Record<string, MixSketch>>;

export const jobNames = [...Object.keys(sketches), ...Object.keys(mixes)] as JobName[];
export const tasks = Object.fromEntries(
  Object.entries({ ...sketches, ...mixes }).map(([name, { task }]) => [name, task]),
) as Readonly<Record<JobName, string>>;

/** The same job for every call. */
export function jobOf(name: JobName): Job {
  const sources: readonly SourceName[] = name in mixes ? mixes[name as keyof typeof mixes].mix : [name as SourceName];
  const entries = sources.map((source) => ({ source, sketch: sketches[source] }));
  const random = new BulkGenerator(`bench ${name}`);
  const popularity = new Popularity(random);
  const { groups, excluded } = usersOf(
    entries.every(({ sketch }) => 'pools' in sketch) ? USERS : LIST_USERS,
    random,
    popularity,
  );
  const excludes = entries.every(({ sketch }) => sketch.excludes !== false);
  const plan: StagePlan = {
    stage: 'recall',
    unit: 'positive',
    seed: 'bench',
    epoch: 0,
    timezone: 'UTC',
    split: 'train',
    window: { train: null, eval: null, knownUntil: null },
    positives: {
      events: [{ name: 'click', weight: 1 }],
      hotThreshold: null,
      maxPerUserPerDay: null,
      hasKeepProbability: false,
    },
    amounts: { kind: 'counts' },
    entries: entries.map(({ source, sketch }) => ({
      name: source,
      source,
      amount: NEGATIVES / entries.length,
      exclude: excludes ? { events: ['click'], within: 'train', lookback: null } : null,
      draws: sketch.draws,
    })),
    onShortfall: 'keep',
    refillFrom: null,
    exposures: null,
    inBatch: null,
  };
  const chance = { random, popularity };
  const world: World = {
    items: itemsOf(random),
    pools: entries.map(({ sketch }) => ('pools' in sketch ? sketch.pools(chance) : { pools: [], ofItem: null })),
    cut: Infinity,
    start: -Infinity,
  };
  const block: UserBlock = {
    users: [],
    poolOfUser: entries.map(() => null),
    groups,
    excluded: excludes ? [excluded] : [],
    excludedOf: entries.map(() => (excludes ? 0 : -1)),
    positiveItems: excluded,
    lists: entries.map(({ sketch }) => ('lists' in sketch ? sketch.lists(groups.count, chance) : null)),
  };
  return { plan, world, block };
}
