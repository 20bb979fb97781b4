import fc from 'fast-check';
import type { ListPlan, PoolPlan } from '../../src/core/source/drawPlan.ts';
import { negativesPerPositive } from '../../src/core/sampling/plan/inBatchWeight.ts';
import type { PlanEntry, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { hashWords } from '../../src/core/sampling/words.ts';
import type { EntryPools, Lists, UserBlock, World } from '../../src/core/sampling/world/world.ts';

/** A small world in plain lists; the typed arrays of `World` and `UserBlock` are made from it. */
export interface PlainWorld {
  readonly items: readonly { readonly created: number; readonly removed: number }[];
  readonly entries: readonly PlainEntry[];
  readonly users: readonly PlainUser[];
  readonly perGroup: number | null;
  readonly unit: 'positive' | 'request';
  readonly refillFrom: number | null;
  readonly seed: string;
  /** `batch`: batch size, and number of positives by item. */
  readonly logq?: {
    readonly mode: 'corpus' | 'shares';
    readonly batch: {
      readonly size: number;
      readonly counts: readonly number[];
      readonly weight?: number | undefined;
    } | null;
  };
}
export interface PlainEntry {
  readonly name: string;
  readonly amount: number;
  /** Index into `excluded` of the users; -1 for no exclusion. */
  readonly exclude: number;
  readonly draws:
    | {
        readonly kind: 'pool';
        readonly by: 'all' | 'user' | 'positive';
        readonly pools: readonly (readonly (readonly [item: number, weight: number])[])[];
        readonly weighted: boolean;
      }
    /** The rows of the list are stored with the users and their requests. */
    | {
        readonly kind: 'list';
        readonly of: 'exposures' | 'rank' | 'channels' | 'score';
        readonly scope: 'request_then_user' | 'request' | 'user';
        readonly skip: number;
        readonly top: number;
      };
}
export interface PlainUser {
  readonly pool: number;
  readonly groups: readonly {
    readonly time: number;
    readonly request: number;
    readonly positives: readonly number[];
  }[];
  /** By exclusion set: the items and the time of the newest event of each. */
  readonly excluded: readonly {
    readonly lookback: number;
    readonly events: readonly (readonly [item: number, last: number])[];
  }[];
  readonly chosen: readonly number[];
  /** By entry: candidates of the user. */
  readonly rows: readonly (readonly number[])[];
  /** By entry and request: candidates with channel and score. */
  readonly requests: readonly (readonly (readonly {
    readonly item: number;
    readonly channel: number;
    readonly score: number;
  }[])[])[];
}

export const channels = ['cf', 'i2i', '热门'];
export const lookbacks = [Infinity, 20];

/** Worlds whose plans have `logq`, half of them with in-batch negatives. */
export const correctedWorlds: fc.Arbitrary<PlainWorld & Required<Pick<PlainWorld, 'logq'>>> = fc
  .constant(null)
  .chain(() => plainWorlds)
  .chain((world) =>
    fc
      .record({
        mode: fc.constantFrom('corpus' as const, 'shares' as const),
        batch: fc.oneof(
          fc.constant(null),
          fc.record({
            size: fc.integer({ min: 2, max: 9 }),
            counts: fc.array(fc.nat(3), { minLength: world.items.length, maxLength: world.items.length }),
            weight: fc.constantFrom(undefined, 0.3, 0.9),
          }),
        ),
      })
      .map(({ mode, batch }) => ({
        ...world,
        logq: {
          mode,
          batch: world.unit === 'positive' && batch?.counts.some((count) => count > 0) === true ? batch : null,
        },
      }))
      .map((batched) => {
        const { logq } = batched;
        return logq.batch === null || (logq.mode === 'shares' && negativesPerPositive(planOf(batched)) > 0)
          ? batched
          : { ...batched, logq: { ...logq, batch: { ...logq.batch, weight: undefined } } };
      }),
  );

const time = fc.integer({ min: 0, max: 60 });

export const plainWorlds: fc.Arbitrary<PlainWorld> = fc.integer({ min: 1, max: 14 }).chain((count) => {
  const item = fc.integer({ min: 0, max: count - 1 });
  const items = fc.array(
    fc.record({
      created: fc.oneof({ weight: 3, arbitrary: fc.constant(-Infinity) }, time, fc.constant(Infinity)),
      removed: fc.oneof({ weight: 3, arbitrary: fc.constant(Infinity) }, time),
    }),
    { minLength: count, maxLength: count },
  );
  const some = (size = count): fc.Arbitrary<number[]> =>
    fc.uniqueArray(item, { maxLength: size }).map((all) => all.sort((a, b) => a - b));
  const pool = fc
    .uniqueArray(fc.tuple(item, fc.integer({ min: 1, max: 5000 })), { selector: ([one]) => one, maxLength: count })
    .map((all) => all.sort(([a], [b]) => a - b));
  const draws: fc.Arbitrary<PlainEntry['draws']> = fc.oneof(
    fc.record({
      kind: fc.constant('pool' as const),
      by: fc.constantFrom('all' as const, 'user' as const),
      pools: fc.array(pool, { minLength: 2, maxLength: 2 }),
      weighted: fc.boolean(),
    }),
    // Pools by the positive's attributes share no items.
    fc.record({
      kind: fc.constant('pool' as const),
      by: fc.constant('positive' as const),
      pools: pool.map((all) => [0, 1].map((part) => all.filter(([one]) => one % 3 === part))),
      weighted: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('list' as const),
      of: fc.constantFrom('exposures' as const, 'rank' as const, 'channels' as const, 'score' as const),
      scope: fc.constantFrom('request_then_user' as const, 'request' as const, 'user' as const),
      skip: fc.integer({ min: 0, max: 3 }),
      top: fc.integer({ min: 1, max: 5 }),
    }),
  );
  const entries = fc
    .array(fc.record({ amount: fc.integer({ min: 0, max: 6 }), exclude: fc.integer({ min: -1, max: 1 }), draws }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((all) => all.map((entry, e): PlainEntry => ({ name: `e${e}`, ...entry })));
  const candidates = fc.uniqueArray(
    fc.record({
      item,
      channel: fc.integer({ min: 0, max: 2 }),
      score: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(NaN)),
    }),
    { selector: ({ item: one, channel }) => `${one} ${channel}`, maxLength: 12 },
  );
  return fc
    .tuple(items, entries, fc.boolean(), fc.constantFrom('positive' as const, 'request' as const))
    .chain(([all, planned, shares, unit]) => {
      const user = fc.record({
        pool: fc.integer({ min: 0, max: 1 }),
        groups: fc
          .array(
            fc.record({
              time,
              request: fc.integer({ min: -1, max: 2 }),
              positives: unit === 'positive' ? item.map((one) => [one]) : some(3),
            }),
            { maxLength: 4 },
          )
          .map((groups) => groups.sort((a, b) => a.time - b.time)),
        excluded: fc.tuple(
          ...lookbacks.map((lookback) =>
            fc.record({
              lookback: fc.constant(lookback),
              events: fc
                .uniqueArray(fc.tuple(item, time), { selector: ([one]) => one, maxLength: 5 })
                .map((events) => events.sort(([a], [b]) => a - b)),
            }),
          ),
        ),
        chosen: some(4),
        rows: fc.array(some(), { minLength: planned.length, maxLength: planned.length }),
        requests: fc.array(fc.array(candidates, { minLength: 3, maxLength: 3 }), {
          minLength: planned.length,
          maxLength: planned.length,
        }),
      });
      return fc.record({
        items: fc.constant(all),
        entries: fc.constant(planned),
        unit: fc.constant(unit),
        perGroup: shares ? fc.integer({ min: 1, max: 9 }) : fc.constant(null),
        refillFrom: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: planned.length - 1 })),
        seed: fc.string({ maxLength: 3 }),
        users: fc.array(user, { minLength: 1, maxLength: 3 }),
      });
    });
});

export function planOf({ entries, unit, perGroup, refillFrom, seed, logq }: PlainWorld): StagePlan {
  const sum = entries.reduce((total, { amount }) => total + amount, 0);
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
      hotThreshold: null,
      maxPerUserPerDay: null,
      hasKeepProbability: false,
    },
    amounts: perGroup === null ? { kind: 'counts' } : { kind: 'shares', perGroup },
    entries: entries.map(({ name, amount, draws }): PlanEntry => ({
      name,
      source: draws.kind === 'pool' ? 'global_random' : 'exposed_unclicked',
      exclude: null,
      amount: perGroup === null ? amount : sum === 0 ? 0 : amount / sum,
      draws: drawsOf(draws),
    })),
    onShortfall: refillFrom === null ? 'keep' : 'refill',
    refillFrom,
    exposures: null,
    inBatch: logq?.batch
      ? {
          batchSize: logq.batch.size,
          maskSameItem: true,
          ...(logq.batch.weight === undefined ? {} : { weight: logq.batch.weight }),
        }
      : null,
    ...(logq ? { logq: logq.mode } : {}),
  };
}

function drawsOf(draws: PlainEntry['draws']): PoolPlan | ListPlan {
  if (draws.kind === 'pool') return { kind: 'pool', items: 'corpus', where: null, weight: null, partition: null };
  const keep =
    draws.of === 'score'
      ? { by: 'score' as const, skip: draws.skip, top: draws.top }
      : { by: 'rank' as const, ranks: [1, 9] as const, channel: null };
  return {
    kind: 'list',
    byChannel: draws.of === 'channels',
    rows:
      draws.of === 'exposures'
        ? { of: 'exposures', scope: draws.scope, seen: 'all', matureAfter: null, before: false }
        : { of: 'candidates', keep },
  };
}

export const itemText = (item: number): string => `i${item}`;
export const keyOf = (user: number, group: number): string => `u${user}\u001fg${group}`;

export function worldOf({ items, entries, logq }: PlainWorld): World {
  return {
    items: {
      count: items.length,
      hashWords: Uint32Array.from(items.flatMap((_, item) => hashWords(itemText(item)))),
      created: Float64Array.from(items, ({ created }) => created),
      removed: Float64Array.from(items, ({ removed }) => removed),
    },
    pools: entries.map(({ draws }): EntryPools => {
      if (draws.kind === 'list') return { pools: [], ofItem: null };
      const pools = draws.pools.map((pool, p) => ({
        name: `p${p}`,
        items: Uint32Array.from(pool, ([item]) => item),
        weights: draws.weighted ? Float64Array.from(pool, ([, weight]) => weight) : null,
      }));
      const ofItem =
        draws.by !== 'positive'
          ? null
          : Int32Array.from(items, (_, item) => draws.pools.findIndex((pool) => pool.some(([one]) => one === item)));
      return { pools, ofItem };
    }),
    cut: 1000,
    start: -Infinity,
    ...(logq?.batch
      ? {
          batchPool: {
            counts: Float64Array.from(logq.batch.counts),
            positives: logq.batch.counts.reduce((sum, count) => sum + count, 0),
            items: logq.batch.counts.filter((count) => count > 0).length,
          },
        }
      : {}),
  };
}

const offsetsOf = (lists: readonly { readonly length: number }[]): Uint32Array => {
  const offsets = new Uint32Array(lists.length + 1);
  for (const [k, { length }] of lists.entries()) offsets[k + 1] = (offsets[k] ?? 0) + length;
  return offsets;
};

/** The users with these numbers, in this order. */
export function blockOf(
  { users: all, entries }: PlainWorld,
  chosen: readonly number[] = all.map((_, u) => u),
): UserBlock {
  const users = chosen.map((u) => ({ u, ...(all[u] as PlainUser) }));
  const groups = users.flatMap(({ u, groups: own }, at) =>
    own.map((group, g) => ({ ...group, key: keyOf(u, g), request: group.request < 0 ? -1 : at * 3 + group.request })),
  );
  const positives = groups.map((group) => group.positives);
  return {
    users: users.map(({ u }) => `u${u}`),
    poolOfUser: entries.map(({ draws }) =>
      draws.kind === 'pool' && draws.by === 'user' ? Int32Array.from(users, ({ pool }) => pool) : null,
    ),
    groups: {
      count: groups.length,
      offsets: offsetsOf(users.map((user) => user.groups)),
      time: Float64Array.from(groups, (group) => group.time),
      readTime: Float64Array.from(groups, (group) => group.time),
      keyWords: Uint32Array.from(groups.flatMap(({ key }) => hashWords(key))),
      keys: groups.map(({ key }) => key),
      request: Int32Array.from(groups, ({ request }) => request),
      requestText: groups.map(({ request }) => (request < 0 ? null : `r${request}`)),
      positives: {
        offsets: offsetsOf(positives),
        items: Uint32Array.from(positives.flat()),
        weights: new Float64Array(positives.flat().length).fill(1),
        events: new Uint8Array(positives.flat().length),
        keep: new Float64Array(positives.flat().length).fill(NaN),
      },
    },
    excluded: lookbacks.map((lookback, set) => {
      const events = users.map(({ excluded }) => excluded[set]?.events ?? []);
      return {
        lookback,
        offsets: offsetsOf(events),
        items: Uint32Array.from(events.flat(), ([item]) => item),
        last: Float64Array.from(events.flat(), ([, last]) => last),
      };
    }),
    excludedOf: entries.map(({ exclude }) => exclude),
    positiveItems: {
      offsets: offsetsOf(users.map((user) => user.chosen)),
      items: Uint32Array.from(users.flatMap((user) => user.chosen)),
    },
    lists: entries.map((entry, e) => (entry.draws.kind === 'pool' ? null : listsOf(entry.draws, users, e))),
  };
}

function listsOf(
  { of, scope }: Extract<PlainEntry['draws'], { kind: 'list' }>,
  users: readonly PlainUser[],
  e: number,
): Lists {
  const tiers = of === 'exposures' ? scope : 'request';
  const requests = users.flatMap((user) => user.requests[e] ?? []).map((rows) => candidatesOf(of, rows));
  const rows = users.map((user) => user.rows[e] ?? []);
  return {
    request:
      tiers === 'user'
        ? null
        : {
            offsets: offsetsOf(requests),
            items: Uint32Array.from(requests.flat(), ({ item }) => item),
            channels: of === 'channels' ? channels : [],
            channel: of === 'channels' ? Uint16Array.from(requests.flat(), ({ channel }) => channel) : null,
            score: of === 'score' ? Float64Array.from(requests.flat(), ({ score }) => score) : null,
          },
    user: tiers === 'request' ? null : { offsets: offsetsOf(rows), items: Uint32Array.from(rows.flat()), since: null },
  };
}

type Candidate = PlainUser['requests'][number][number][number];

/** Distinct items, ascending; with channels, distinct pairs, channels ascending. */
export function candidatesOf(of: string, rows: readonly Candidate[]): Candidate[] {
  if (of === 'channels') return [...rows].sort((a, b) => a.channel - b.channel || a.item - b.item);
  return [...new Map([...rows].reverse().map((row) => [row.item, row])).values()].sort((a, b) => a.item - b.item);
}
