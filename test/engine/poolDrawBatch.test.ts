import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { rowsOf, type Rows } from '../../src/core/sampling/kernel/rows.ts';
import { createSampler } from '../../src/core/sampling/kernel/sampler.ts';
import { QTally } from '../../src/core/sampling/lock/qTally.ts';
import type { StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { UserBlock, World } from '../../src/core/sampling/world/world.ts';
import { batchPoolOf } from '../../src/engine/groups/batches/batchPool.ts';
import { PoolDrawBatch } from '../../src/engine/draw/wasm/poolDrawBatch.ts';
import { DrawBatchSampler } from '../../src/engine/draw/threads/drawBatchSampler.ts';
import { distinctItems, lifeTimes, offsetsOf } from './mixWorld.ts';

/** The parameters of a world; everything else follows from the seed. */
const shapes = fc.record({
  seed: fc.string({ maxLength: 4 }),
  items: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 3000 })),
  /** How many of eight items the pool contains; the sampler searches a pool with one in eight. */
  held: fc.constantFrom(1, 2, 5, 8, 8),
  /** Number of pools by an attribute of the positive; 0: one pool for all. */
  pools: fc.constantFrom(0, 0, 1, 2, 7, 60),
  /** Maximum number of distinct weights; 0: uniform. */
  weights: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 4000 })),
  unit: fc.constantFrom('positive' as const, 'request' as const),
  quota: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 13, max: 1100 })),
  /** Rows per group in thousandths, if quotas are shares. */
  share: fc.oneof(fc.constant(1000), fc.constant(null), fc.integer({ min: 1, max: 999 })),
  /** Number of times at which items appear or disappear; 0: they are always eligible. */
  dates: fc.constantFrom(0, 0, 3, 200),
  users: fc.integer({ min: 1, max: 6 }),
  groups: fc.integer({ min: 0, max: 30 }),
  positives: fc.integer({ min: 0, max: 5 }),
  excluded: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 41, max: 2000 })),
  cut: fc.integer({ min: 1, max: 40 }),
  logq: fc.constantFrom('shares' as const, 'corpus' as const, null),
  /** Number of positives in a batch; null: none, and always in the unit request. */
  batch: fc.constantFrom(null, 2, 1024),
  /** Used with in-batch negatives and `shares`. */
  weight: fc.constantFrom(null, 0.3),
});
type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

function made({
  seed,
  items,
  held,
  pools,
  weights,
  unit,
  quota,
  share,
  dates,
  users,
  groups,
  positives,
  excluded,
  logq,
  batch,
  weight,
}: Shape): {
  readonly plan: StagePlan;
  readonly world: World;
  readonly block: UserBlock;
} {
  const random = new BulkGenerator(seed);
  const distinct = (most: number): number[] => distinctItems(random, items, most);
  const pool = Uint32Array.from({ length: items }, (_, item) => item).filter((item) => item % 8 < held);
  // Positives of one item in ten have no pool, and one pool in five is empty.
  const ofItem = Int32Array.from({ length: pools === 0 ? 0 : items }, () =>
    random.integerBelow(10) === 0 ? -1 : random.integerBelow(pools),
  );
  const poolsOf =
    pools === 0
      ? [pool]
      : Array.from({ length: pools }, (_, k) =>
          pool.filter((item) => ofItem[item] === k && (k % 5 < 4 || pools === 1)),
        );
  const groupsOf = Array.from({ length: users }, () =>
    Array.from({ length: random.integerBelow(groups + 1) }, () =>
      unit === 'positive' ? [random.integerBelow(items)] : distinct(positives),
    ),
  );
  const all = groupsOf.flat();
  const own = all.flat();
  const given = groupsOf.map(() => distinct(Math.max(0, excluded)));
  const count = all.length;
  const date = (without: number): Float64Array => lifeTimes(random, items, dates, without);
  return {
    plan: {
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
      amounts: share === null ? { kind: 'counts' } : { kind: 'shares', perGroup: quota },
      entries: [
        {
          name: 'pool',
          source: 'popularity',
          exclude: null,
          amount: share === null ? quota : share / 1000,
          draws: {
            kind: 'pool',
            items: 'corpus',
            where: null,
            weight: null,
            partition: pools === 0 ? null : { by: 'positive', attributes: ['city'] },
          },
        },
      ],
      onShortfall: 'keep',
      refillFrom: null,
      exposures: null,
      inBatch:
        batch !== null && unit === 'positive'
          ? {
              batchSize: batch,
              maskSameItem: true,
              ...(weight !== null && logq === 'shares' && quota > 0 ? { weight } : {}),
            }
          : null,
      ...(logq === null ? {} : { logq }),
    },
    world: {
      items: { count: items, hashWords: new Uint32Array(2 * items), created: date(-Infinity), removed: date(Infinity) },
      pools: [
        {
          pools: poolsOf.map((held, k) => ({
            name: pools === 0 ? null : String(k),
            items: held,
            weights: weights === 0 ? null : Float64Array.from(held, () => 1 + random.integerBelow(weights)),
          })),
          ofItem: pools === 0 ? null : ofItem,
        },
      ],
      cut: 1000,
      start: -Infinity,
      batchPool: batchPoolOf(Float64Array.from({ length: items }, (_, item) => (item === 0 ? 1 : item % 3))),
    },
    block: {
      users: [],
      poolOfUser: [null],
      groups: {
        count,
        offsets: offsetsOf(groupsOf.map((lists) => lists.map((_, k) => k))),
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
          keep: Float64Array.from(own, () => (random.integerBelow(2) === 0 ? NaN : random.unit())),
        },
      },
      excluded: [
        {
          offsets: offsetsOf(given),
          items: Uint32Array.from(given.flat()),
          last: new Float64Array(given.flat().length),
          lookback: Infinity,
        },
      ],
      excludedOf: [excluded < 0 ? -1 : 0],
      positiveItems: { offsets: new Uint32Array(users + 1), items: new Uint32Array(0) },
      lists: [null],
    },
  };
}

/** The rows, gaps and counts. */
function told(rows: Rows): unknown {
  const columns = (
    [
      ...(['group', 'item', 'label', 'entry', 'draw', 'event', 'weight', 'keep', 'logQ', 'logQMix'] as const),
      ...(['correction', 'batchCorrection'] as const),
    ] as const
  ).map((key) => [key, rows[key].slice(0, rows.count)]);
  const gaps = (['shortGroup', 'shortEntry', 'shortAsked', 'shortDrawn', 'shortCause'] as const).map((key) => [
    key,
    rows[key].slice(0, rows.shortCount),
  ]);
  const { groups, positives, negatives, downsampled, unreached, entries, refusals } = rows;
  return {
    ...Object.fromEntries(columns),
    ...Object.fromEntries(gaps),
    groups,
    positives,
    negatives,
    downsampled,
    unreached,
    entries,
    refusals,
  };
}

test('the loops in WebAssembly draw what the sampler draws, in every column, gap and count', () => {
  let drawn = 0;
  const refused = [0, 0, 0, 0];
  let ofSeveral = 0;
  fc.assert(
    fc.property(shapes, (shape) => {
      const { plan, world, block } = made(shape);
      const sampler = createSampler(plan, world);
      const batches = PoolDrawBatch.of(sampler);
      if (!batches) return world.pools.every(({ pools }) => pools.every(({ items }) => items.length === 0));
      const [ours, expected] = [rowsOf(plan), rowsOf(plan)];
      const [tally, expectedTally] = [new QTally(1), new QTally(1)];
      for (let from = 0; from < block.groups.count; from += shape.cut) {
        const to = Math.min(block.groups.count, from + shape.cut);
        const done: number | null = batches.draw(block, from, to, ours, null);
        if (done === null) {
          assert.ok(shape.quota > 1000);
          return true;
        }
        assert.equal(done, to - from);
        expected.clear();
        sampler.draw(block, from, to, expected);
        expectedTally.add(expected);
        drawn += expected.count;
        if (shape.pools > 1) ofSeveral += expected.negatives;
        assert.deepEqual(told(ours), told(expected));
        ours.clear();
      }
      expected.refusals.forEach((count, reason) => {
        refused[reason] = (refused[reason] ?? 0) + count;
      });
      tally.addState(batches.state());
      assert.deepEqual([tally.entry(0), tally.mix()], [expectedTally.entry(0), expectedTally.mix()]);
      return true;
    }),
    { numRuns: 400 },
  );
  assert.ok(
    drawn > 100_000 && ofSeveral > 10_000 && refused.every((count) => count > 100),
    `${drawn} rows, refused for each reason: ${refused.join(', ')}`,
  );
});

const plain: Shape = {
  seed: 's',
  items: 500,
  held: 8,
  pools: 0,
  weights: 90,
  unit: 'positive',
  quota: 10,
  share: null,
  dates: 0,
  users: 4,
  groups: 20,
  positives: 1,
  excluded: 12,
  cut: 40,
  logq: 'shares',
  batch: 1024,
  weight: null,
};

/** The sampler and the file writer draw the same rows, block by block. */
function assertAlike(plan: StagePlan, world: World, blocks: readonly UserBlock[]): void {
  const sampler = createSampler(plan, world);
  const batches = new DrawBatchSampler(sampler);
  const [ours, expected, tally] = [rowsOf(plan), rowsOf(plan), new QTally(1)];
  for (const block of blocks) {
    ours.clear();
    expected.clear();
    batches.draw(block, 0, block.groups.count, ours, null);
    sampler.draw(block, 0, block.groups.count, expected);
    tally.add(expected);
    assert.deepEqual(told(ours), told(expected));
    assert.ok(ours.count > 0);
  }
  assert.deepEqual([batches.tally().entry(0), batches.tally().mix()], [tally.entry(0), tally.mix()]);
}

test('more than 65,536 distinct weights have wide class numbers', () => {
  const { plan, world, block } = made({ ...plain, items: 70_000 });
  const pool = world.pools[0]?.pools[0];
  assert.ok(pool?.weights);
  pool.weights.forEach((_, place, weights) => {
    weights[place] = 1 + place;
  });
  assert.ok(createSampler(plan, world).pools[0]?.[0]?.classOfPlace instanceof Uint32Array);
  assertAlike(plan, world, [block]);
});

test('pools that share an item are drawn by the sampler', () => {
  const { plan, world, block } = made({ ...plain, pools: 7 });
  assert.ok(PoolDrawBatch.of(createSampler(plan, world)));
  const [{ pools, ofItem } = { pools: [], ofItem: null }] = world.pools;
  const shared = { ...world, pools: [{ pools: [...pools.slice(1), ...pools.slice(1, 2)], ofItem }] };
  assert.equal(PoolDrawBatch.of(createSampler(plan, shared)), null);
  assert.ok(block.groups.count > 0);
});

test('blocks of any size are drawn; blocks too large for the loops fall back to the sampler', () => {
  const shape: Shape = { ...plain, items: 9000, dates: 3, users: 2 };
  const blocks = [12, 8000, 300, 9000, 12].map(
    (excluded, k) => made({ ...shape, seed: String(k), excluded, groups: 5 + 90 * (k % 2) }).block,
  );
  const { plan, world } = made(shape);
  const heavy = blocks.map(({ excluded: [set] }) =>
    Math.max(...[0, 1].map((user) => (set?.offsets[user + 1] ?? 0) - (set?.offsets[user] ?? 0))),
  );
  assert.ok(Math.max(...heavy) > 4096 && Math.min(...heavy) < 4096, heavy.join(', '));
  assertAlike(plan, world, blocks);
});

test('plans that the loops do not support fall back to the sampler', () => {
  const { plan, world } = made(plain);
  const [entry] = plan.entries;
  assert.ok(entry?.draws.kind === 'pool');
  const others: readonly Partial<StagePlan>[] = [
    { entries: [entry, { ...entry, name: 'more' }] },
    { unit: 'impression' },
    { entries: [{ ...entry, exclude: { events: ['click'], within: 'train', lookback: 5 } }] },
    { entries: [{ ...entry, draws: { ...entry.draws, partition: { by: 'user', attribute: 'city' } } }] },
  ];
  assert.ok(PoolDrawBatch.of(createSampler(plan, world)));
  for (const other of others)
    assert.equal(
      PoolDrawBatch.of(createSampler({ ...plan, ...other }, { ...world, pools: [...world.pools, ...world.pools] })),
      null,
      JSON.stringify(other),
    );
});

test('if WebAssembly is not available, the sampler draws', (t: TestContext) => {
  const { plan, world, block } = made(plain);
  for (const [part, error] of [
    ['Memory', new RangeError('could not allocate memory')],
    ['Instance', new WebAssembly.CompileError('Wasm SIMD unsupported')],
  ] as const) {
    const { mock } = t.mock.method(WebAssembly, part, function fails() {
      throw error;
    });
    assert.equal(PoolDrawBatch.of(createSampler(plan, world)), null, part);
    assertAlike(plan, world, [block]);
    mock.restore();
  }
  t.mock.method(WebAssembly, 'Instance', function fails() {
    throw new TypeError('a fault of ours');
  });
  assert.throws(() => PoolDrawBatch.of(createSampler(plan, world)), TypeError);
});

test('drawing ends between groups when it is cancelled', () => {
  const { plan, world, block } = made({ ...plain, groups: 400 });
  const batches = PoolDrawBatch.of(createSampler(plan, world));
  const rows = rowsOf(plan);
  const cancel = new Int32Array([1]);
  assert.equal(batches?.draw(block, 0, block.groups.count, rows, cancel), 0);
  assert.deepEqual([rows.count, rows.groups], [0, 0]);
  cancel[0] = 0;
  assert.equal(batches.draw(block, 0, block.groups.count, rows, cancel), block.groups.count);
  assert.equal(rows.groups, block.groups.count);
});
