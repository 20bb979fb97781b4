import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { rowsOf } from '../../src/core/sampling/kernel/rows.ts';
import { createSampler } from '../../src/core/sampling/kernel/sampler.ts';
import { QTally } from '../../src/core/sampling/lock/qTally.ts';
import type { StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { UserBlock, World } from '../../src/core/sampling/world/world.ts';
import type { ListPlan } from '../../src/core/source/drawPlan.ts';
import { DrawBatchSampler } from '../../src/engine/sampling/draw/threads/drawBatchSampler.ts';
import { ListDrawBatch } from '../../src/engine/sampling/draw/wasm/listDrawBatch.ts';
import { distinctItems, lifeTimes, offsetsOf, written } from './mixWorld.ts';

const rejections: ListPlan['rows'] = { of: 'rejections', before: null };
const exposures = { of: 'exposures', scope: 'user', seen: 'all', matureAfter: null, before: true } as const;

/** The parameters of a world; everything else follows from the seed. */
const shapes = fc.record({
  seed: fc.string({ maxLength: 4 }),
  items: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 3000 })),
  /** Number of distinct words of items; few make equal hashes. */
  words: fc.constantFrom(1, 3, 2 ** 32),
  rows: fc.constantFrom(rejections, exposures),
  unit: fc.constantFrom('positive' as const, 'request' as const),
  quota: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 13, max: 64 })),
  /** Rows per group in thousandths, if quotas are shares. */
  share: fc.oneof(fc.constant(1000), fc.constant(null), fc.integer({ min: 1, max: 999 })),
  /** Number of times at which items appear or disappear; 0: they are always eligible. */
  dates: fc.constantFrom(0, 0, 3, 200),
  /** Whether listed items are candidates from a time on. */
  since: fc.boolean(),
  users: fc.integer({ min: 1, max: 6 }),
  groups: fc.integer({ min: 0, max: 30 }),
  positives: fc.integer({ min: 0, max: 5 }),
  listed: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 31, max: 1000 })),
  /** -1: nothing is excluded. */
  excluded: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 40 })),
  lookback: fc.constantFrom(Infinity, 20),
  chosen: fc.constantFrom(0, 10),
  cut: fc.integer({ min: 1, max: 40 }),
});
type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

function made(shape: Shape): { readonly plan: StagePlan; readonly world: World; readonly block: UserBlock } {
  const { seed, items, unit, quota, share, dates, excluded, lookback } = shape;
  const random = new BulkGenerator(seed);
  const distinct = (most: number): number[] => distinctItems(random, items, most);
  const columns = (lists: readonly (readonly number[])[]) => ({
    offsets: offsetsOf(lists),
    items: Uint32Array.from(lists.flat()),
  });
  const groupsOf = Array.from({ length: shape.users }, () =>
    Array.from({ length: random.below(shape.groups + 1) }, () =>
      unit === 'positive' ? [random.below(items)] : distinct(shape.positives),
    ),
  );
  const all = groupsOf.flat();
  const own = all.flat();
  const count = all.length;
  // Half of the lists contain a positive of the user.
  const listed = columns(
    groupsOf.map((lists) =>
      [...new Set([...distinct(shape.listed), ...lists.flat().filter((_, k) => k % 2 === 0)])].sort((a, b) => a - b),
    ),
  );
  const given = columns(groupsOf.map(() => distinct(Math.max(0, excluded))));
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
          name: 'list',
          source: 'rejected',
          exclude: null,
          amount: share === null ? quota : share / 1000,
          draws: { kind: 'list', rows: shape.rows, byChannel: false },
        },
      ],
      onShortfall: 'keep',
      refillFrom: null,
      exposures: null,
      inBatch: null,
    },
    world: {
      items: {
        count: items,
        words: Uint32Array.from({ length: 2 * items }, () => random.word() % shape.words),
        created: date(-Infinity),
        removed: date(Infinity),
      },
      pools: [{ pools: [], ofItem: null }],
      cut: 1000,
      start: -Infinity,
    },
    block: {
      users: [],
      poolOfUser: [null],
      groups: {
        count,
        offsets: offsetsOf(groupsOf.map((lists) => lists.map((_, k) => k))),
        time: Float64Array.from(all, (_, k) => k % 250),
        // Requests that began up to six microseconds before.
        readTime: Float64Array.from(all, (_, k) => (k % 250) - (k % 7)),
        words: Uint32Array.from({ length: 2 * count }, () => random.word()),
        keys: [],
        request: new Int32Array(count).fill(-1),
        requestText: [],
        positives: {
          ...columns(all),
          weights: Float64Array.from(own, () => random.below(9)),
          events: Uint8Array.from(own, () => random.below(3)),
          keep: Float64Array.from(own, () => (random.below(2) === 0 ? NaN : random.unit())),
        },
      },
      excluded: [{ ...given, last: Float64Array.from(given.items, () => random.below(60)), lookback }],
      excludedOf: [excluded < 0 ? -1 : 0],
      chosen: columns(groupsOf.map(() => distinct(shape.chosen))),
      lists: [
        {
          request: null,
          user: { ...listed, since: shape.since ? Float64Array.from(listed.items, () => random.below(60)) : null },
        },
      ],
    },
  };
}

test('lists drawn in WebAssembly equal those of the sampler, in every column, shortfall and count', () => {
  const seen = { drawn: 0, short: 0, candidates: 0 };
  fc.assert(
    fc.property(shapes, (shape) => {
      const { plan, world, block } = made(shape);
      const sampler = createSampler(plan, world);
      const batches = ListDrawBatch.of(sampler);
      assert.ok(batches);
      const [ours, expected] = [rowsOf(plan), rowsOf(plan)];
      const [tally, expectedTally] = [new QTally(1), new QTally(1)];
      for (let from = 0; from < block.groups.count; from += shape.cut) {
        const to = Math.min(block.groups.count, from + shape.cut);
        ours.clear();
        expected.clear();
        assert.equal(batches.draw(block, from, to, ours, null), to - from);
        sampler.draw(block, from, to, expected);
        expectedTally.add(expected);
        assert.deepEqual(written(ours), written(expected));
        seen.short += expected.shortCount;
      }
      seen.drawn += expected.negatives;
      seen.candidates += expected.positives - expected.unreached;
      tally.addState(batches.state());
      assert.deepEqual([tally.entry(0), tally.mix()], [expectedTally.entry(0), expectedTally.mix()]);
    }),
    { numRuns: 400 },
  );
  assert.ok(seen.drawn > 30_000 && seen.short > 2000 && seen.candidates > 2000, JSON.stringify(seen));
});

const plain: Shape = {
  seed: 's',
  items: 5000,
  words: 2 ** 32,
  rows: rejections,
  unit: 'positive',
  quota: 10,
  share: null,
  dates: 0,
  since: false,
  users: 4,
  groups: 20,
  positives: 1,
  listed: 30,
  excluded: -1,
  lookback: Infinity,
  chosen: 0,
  cut: 40,
};

test('blocks of any size are drawn; large quotas and long lists fall back to the sampler', () => {
  const { plan, world } = made(plain);
  const sampler = createSampler(plan, world);
  const alone = ListDrawBatch.of(sampler);
  const batches = new DrawBatchSampler(sampler);
  const [ours, expected, tally] = [rowsOf(plan), rowsOf(plan), new QTally(1)];
  const used: boolean[] = [];
  for (const [k, listed] of [30, 900, 4000, 30].entries()) {
    const { block } = made({ ...plain, seed: String(k), listed, groups: 5 + 900 * (k % 2) });
    const { count } = block.groups;
    used.push(alone?.draw(block, 0, count, rowsOf(plan), null) === count);
    ours.clear();
    expected.clear();
    batches.draw(block, 0, count, ours, null);
    sampler.draw(block, 0, count, expected);
    tally.add(expected);
    assert.deepEqual(written(ours), written(expected));
  }
  assert.deepEqual(used, [true, true, false, true]);
  assert.deepEqual([batches.tally().entry(0), batches.tally().mix()], [tally.entry(0), tally.mix()]);
  const large = made({ ...plain, quota: 65 });
  const rows = rowsOf(large.plan);
  const ofLarge = ListDrawBatch.of(createSampler(large.plan, large.world));
  assert.deepEqual([ofLarge?.draw(large.block, 0, 1, rows, null), rows.count, rows.groups], [null, 0, 0]);
});

test('plans that need more than one list of the user fall back to the sampler', () => {
  const { plan, world, block } = made(plain);
  const [entry] = plan.entries;
  assert.ok(entry?.draws.kind === 'list');
  const others: readonly Partial<StagePlan>[] = [
    { entries: [entry, { ...entry, name: 'more' }] },
    { unit: 'impression' },
    { logq: 'shares' },
    { entries: [{ ...entry, draws: { ...entry.draws, rows: { ...exposures, scope: 'request_then_user' } } }] },
  ];
  for (const other of others)
    assert.equal(ListDrawBatch.of(createSampler({ ...plan, ...other }, world)), null, JSON.stringify(other));
  const request = { offsets: new Uint32Array(1), items: new Uint32Array(0), channel: null, channels: [], score: null };
  const lists = [{ request, user: block.lists[0]?.user ?? null }];
  const batches = ListDrawBatch.of(createSampler(plan, world));
  assert.equal(batches?.draw({ ...block, lists }, 0, 1, rowsOf(plan), null), null);
});

test('if WebAssembly is not available, the sampler draws', (t: TestContext) => {
  const { plan, world } = made(plain);
  for (const [part, error] of [
    ['Memory', new RangeError('could not allocate memory')],
    ['Instance', new WebAssembly.CompileError('Wasm is disabled')],
  ] as const) {
    const { mock } = t.mock.method(WebAssembly, part, function fails() {
      throw error;
    });
    assert.equal(ListDrawBatch.of(createSampler(plan, world)), null, part);
    mock.restore();
  }
});

test('drawing from lists ends between groups when it is cancelled', () => {
  const { plan, world, block } = made({ ...plain, groups: 400 });
  const batches = ListDrawBatch.of(createSampler(plan, world));
  const rows = rowsOf(plan);
  const cancel = new Int32Array([1]);
  assert.equal(batches?.draw(block, 0, block.groups.count, rows, cancel), 0);
  assert.deepEqual([rows.count, rows.groups], [0, 0]);
  cancel[0] = 0;
  assert.equal(batches.draw(block, 0, block.groups.count, rows, cancel), block.groups.count);
  assert.equal(rows.groups, block.groups.count);
});
