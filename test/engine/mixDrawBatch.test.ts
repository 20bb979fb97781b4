import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { rowsOf } from '../../src/core/sampling/kernel/rows.ts';
import { createSampler } from '../../src/core/sampling/kernel/sampler.ts';
import { QTally } from '../../src/core/sampling/lock/qTally.ts';
import type { UserBlock } from '../../src/core/sampling/world/world.ts';
import { MixDrawBatch } from '../../src/engine/draw/wasm/mixDrawBatch.ts';
import { DrawThreads } from '../../src/engine/draw/threads/drawThreads.ts';
import { DrawBatchSampler } from '../../src/engine/draw/threads/drawBatchSampler.ts';
import { drawWorkerFile } from './drawWorkerFile.ts';
import { mixShapes, mixWorld, written, type EntryShape, type MixShape, type MixWorld } from './mixWorld.ts';

const figures = (tally: QTally, entries: number): unknown => [
  Array.from({ length: entries }, (_, e) => tally.entry(e)),
  tally.mix(),
];

test('a mix of pools in WebAssembly has the rows of the sampler, in every column, shortfall and count', () => {
  const seen = { rows: 0, worlds: 0, mixed: 0, short: 0, unreached: 0, sparse: 0, differ: 0, refilled: 0 };
  const refused = [0, 0, 0, 0];
  fc.assert(
    fc.property(mixShapes, (shape) => {
      const { plan, world, block } = mixWorld(shape);
      const sampler = createSampler(plan, world);
      const batches = MixDrawBatch.of(sampler);
      // Only a plan with an entry that has no item at all is left to the sampler.
      if (!batches) return world.pools.some(({ pools }) => pools.every(({ items }) => items.length === 0));
      seen.worlds++;
      const [ours, expected] = [rowsOf(plan), rowsOf(plan)];
      const entries = plan.entries.length;
      const [tally, expectedTally] = [new QTally(entries), new QTally(entries)];
      for (let from = 0; from < block.groups.count; from += shape.cut) {
        const to = Math.min(block.groups.count, from + shape.cut);
        ours.clear();
        expected.clear();
        assert.equal(batches.draw(block, from, to, ours, null), to - from);
        sampler.draw(block, from, to, expected);
        expectedTally.add(expected);
        assert.deepEqual(written(ours), written(expected));
        seen.rows += expected.count;
        seen.short += expected.shortCount;
        for (let row = 0; row < expected.count; row++)
          if (expected.label[row] === 0 && expected.logQ[row] !== expected.logQMix[row]) seen.mixed++;
      }
      tally.addState(batches.state());
      assert.deepEqual(figures(tally, entries), figures(expectedTally, entries));
      expected.refusals.forEach((count, reason) => {
        refused[reason] = (refused[reason] ?? 0) + count;
      });
      seen.unreached += expected.unreached;
      if (world.pools.some(({ pools: [pool] }) => pool && pool.items.length * 4 < world.items.count)) seen.sparse++;
      if (new Set(block.excludedOf).size > 1) seen.differ++;
      if (plan.refillFrom !== null && expected.shortCount > 0) seen.refilled++;
      return true;
    }),
    { numRuns: 500 },
  );
  assert.ok(
    seen.rows > 100_000 &&
      seen.worlds > 350 &&
      seen.mixed > 50_000 &&
      Math.min(seen.short, seen.unreached, seen.sparse, seen.differ, seen.refilled, ...refused) > 20,
    JSON.stringify({ ...seen, refused }),
  );
});

const entry: EntryShape = { amount: 5, from: 0, to: 16, pools: 0, weights: 90, exclude: 0 };
const plain: MixShape = {
  seed: 's',
  items: 500,
  entries: [entry, { ...entry, weights: 0 }],
  share: null,
  perGroup: 10,
  refill: false,
  unit: 'positive',
  dates: 0,
  users: 4,
  groups: 20,
  positives: 1,
  excluded: 12,
  cut: 40,
  logq: 'shares',
  batch: 1024,
  weight: null,
  keep: false,
};

/** The sampler and the file writer draw the same rows, block by block. */
function assertAlike({ plan, world }: Omit<MixWorld, 'block'>, blocks: readonly UserBlock[]): void {
  const sampler = createSampler(plan, world);
  const batches = new DrawBatchSampler(sampler);
  const entries = plan.entries.length;
  const [ours, expected, tally] = [rowsOf(plan), rowsOf(plan), new QTally(entries)];
  for (const block of blocks) {
    ours.clear();
    expected.clear();
    batches.draw(block, 0, block.groups.count, ours, null);
    sampler.draw(block, 0, block.groups.count, expected);
    tally.add(expected);
    assert.deepEqual(written(ours), written(expected));
    assert.ok(ours.count > 0);
  }
  assert.deepEqual(figures(batches.tally(), entries), figures(tally, entries));
}

test('batches that are too large for one entry are drawn by the sampler, and later ones in WebAssembly', () => {
  const shape: MixShape = {
    ...plain,
    items: 9000,
    dates: 3,
    users: 2,
    entries: [entry, { ...entry, exclude: 1, to: 5, weights: 0 }],
  };
  const { plan, world } = mixWorld(shape);
  const blocks = [12, 9000, 300, 9000, 12].map(
    (excluded, k) => mixWorld({ ...shape, seed: String(k), excluded, groups: 5 + 90 * (k % 2) }).block,
  );
  const batches = MixDrawBatch.of(createSampler(plan, world));
  const drawn = blocks.map((block) => batches?.draw(block, 0, block.groups.count, rowsOf(plan), null));
  assert.deepEqual(new Set(drawn.map((done) => done === null)), new Set([true, false]));
  assertAlike({ plan, world }, blocks);
});

test('a refill may fill a whole group, more rows than are copied out at once', () => {
  const entries = [
    { ...entry, amount: 700, exclude: 0 },
    { ...entry, amount: 300, exclude: -1, weights: 0 },
  ];
  // Users with an even number may get nothing of the first entry.
  const made = mixWorld({ ...plain, items: 1800, refill: true, entries, excluded: 'everything', groups: 30 });
  const rows = rowsOf({ ...made.plan, refillFrom: 1 });
  const plan = { ...made.plan, refillFrom: 1 };
  const { block, world } = made;
  const groups = block.groups.count;
  assert.equal(MixDrawBatch.of(createSampler(plan, world))?.draw(block, 0, groups, rows, null), groups);
  assert.ok(rows.entries[1] && rows.entries[1].asked > 300 * groups && rows.negatives > 900 * groups);
  assertAlike({ plan, world }, [block]);
});

test('plans with an entry that WebAssembly does not support are drawn by the sampler', () => {
  const { plan, world } = mixWorld(plain);
  const [first, second] = plan.entries;
  assert.ok(first?.draws.kind === 'pool' && second);
  const others: readonly (typeof first)[] = [
    { ...first, exclude: { events: ['click'], within: 'train', lookback: 5 } },
    { ...first, draws: { ...first.draws, partition: { by: 'user', attribute: 'city' } } },
    { ...first, draws: { kind: 'list', rows: { of: 'rejections', before: null }, byChannel: false } },
  ];
  assert.ok(MixDrawBatch.of(createSampler(plan, world)));
  for (const other of others)
    assert.equal(MixDrawBatch.of(createSampler({ ...plan, entries: [other, second] }, world)), null);
});

test('if there is no memory for the second entry, the sampler draws the mix', (t: TestContext) => {
  const made = mixWorld(plain);
  const { Instance } = WebAssembly;
  let instances = 0;
  t.mock.method(WebAssembly, 'Instance', function fails(...args: ConstructorParameters<typeof Instance>) {
    if (++instances % 2 === 0) throw new RangeError('could not allocate memory');
    return new Instance(...args);
  });
  assert.equal(MixDrawBatch.of(createSampler(made.plan, made.world)), null);
  assertAlike(made, [made.block]);
  assert.equal(instances, 4);
});

test('drawing a mix ends between groups when it is cancelled', () => {
  const { plan, world, block } = mixWorld({ ...plain, groups: 400 });
  const batches = MixDrawBatch.of(createSampler(plan, world));
  const rows = rowsOf(plan);
  const cancel = new Int32Array([1]);
  assert.equal(batches?.draw(block, 0, block.groups.count, rows, cancel), 0);
  assert.deepEqual([rows.count, rows.groups], [0, 0]);
  cancel[0] = 0;
  assert.equal(batches.draw(block, 0, block.groups.count, rows, cancel), block.groups.count);
  assert.equal(rows.groups, block.groups.count);
});

test('several threads draw the rows and the totals of a mix that one draws', async () => {
  const { plan, world, block } = mixWorld({ ...plain, groups: 60, refill: true, dates: 3 });
  const sampler = createSampler(plan, world);
  const [rows, tally] = [rowsOf(plan), new QTally(plan.entries.length)];
  for (const count of [1, 3]) {
    const threads = new DrawThreads(count, drawWorkerFile, plan, world, null);
    try {
      threads.start(block);
      for (let from = 0; from < block.groups.count; from += 9) {
        const to = Math.min(block.groups.count, from + 9);
        rows.clear();
        sampler.draw(block, from, to, rows);
        if (count === 1) tally.add(rows);
        const drawn = await threads.draw(from, to);
        for (const key of ['group', 'item', 'entry', 'draw', 'logQ', 'logQMix', 'correction'] as const)
          assert.deepEqual(drawn[key].slice(0, drawn.count), rows[key].slice(0, rows.count), key);
      }
      const { q, counts } = await threads.totals();
      assert.deepEqual(figures(q, plan.entries.length), figures(tally, plan.entries.length));
      assert.equal(counts.groups, block.groups.count);
    } finally {
      await threads.close();
    }
  }
});
