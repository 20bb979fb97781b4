import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { EffectiveShares } from '../../src/core/sampling/drawn.ts';
import { EffectiveTally } from '../../src/core/sampling/effectiveShares.ts';
import { Corrections } from '../../src/core/sampling/kernel/corrections.ts';
import { rowsOf, type Rows } from '../../src/core/sampling/kernel/rows.ts';
import { createSampler } from '../../src/core/sampling/kernel/sampler.ts';
import { oracle } from './samplingOracle.ts';
import { blockOf, correctedWorlds, planOf, worldOf, type PlainWorld } from './samplingWorld.ts';

const tolerance = 1e-12;

function assertClose(actual: number | null | undefined, expected: number | null | undefined, what: string): void {
  const [a, b] = [actual ?? NaN, expected ?? NaN];
  assert.ok((Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= tolerance, `${what}: ${a}, expected ${b}`);
}

function drawnRows(world: PlainWorld): Rows {
  const block = blockOf(world);
  const rows = rowsOf(planOf(world));
  createSampler(planOf(world), worldOf(world)).draw(block, 0, block.groups.count, rows);
  return rows;
}

function sharesOf(world: PlainWorld, rows: Rows): EffectiveShares | null {
  const tally = EffectiveTally.forPlan(planOf(world));
  assert.ok(tally);
  tally.add(rows);
  return tally.shares();
}

/**
 * The example of docs/sampling.md: items 1 to 5 with 4, 3, 1, 0 and 2 clicks. The user clicked 5, which was shown with
 * 1. One row of each entry.
 */
function golden(mode: 'corpus' | 'shares', more: Partial<PlainWorld> = {}): PlainWorld {
  const entry = (name: string, draws: PlainWorld['entries'][number]['draws']): PlainWorld['entries'][number] => ({
    name,
    amount: 1,
    exclude: -1,
    draws,
  });
  const pool = (name: string, weights: readonly number[], weighted: boolean): PlainWorld['entries'][number] =>
    entry(name, {
      kind: 'pool',
      by: 'all',
      weighted,
      pools: [weights.flatMap((weight, item) => (weight > 0 ? [[item, weight] as const] : []))],
    });
  const shown = [{ item: 0, channel: 0, score: 0 }];
  return {
    items: Array.from({ length: 5 }, () => ({ created: -Infinity, removed: Infinity })),
    entries: [
      entry('exposed_unclicked', { kind: 'list', of: 'exposures', scope: 'request_then_user', skip: 0, top: 0 }),
      pool('global_random', [1, 1, 1, 1, 1], false),
      pool('popularity', [4, 3, 1, 0, 2], true),
    ],
    users: [
      {
        pool: 0,
        groups: [{ time: 1, request: 0, positives: [4] }],
        excluded: [],
        chosen: [4],
        rows: [[0], [], []],
        requests: [[shown], [], []],
      },
    ],
    perGroup: null,
    unit: 'positive',
    refillFrom: null,
    seed: 'golden',
    logq: { mode, batch: null },
    ...more,
  };
}

/** The correction of every item in the only group of a world, the positive put back. */
function corrections(world: PlainWorld): readonly number[] {
  const [plan, loaded] = [planOf(world), worldOf(world)];
  const own = Corrections.forPlan(plan, loaded);
  let found: readonly number[] = [];
  createSampler(plan, loaded).draw(blockOf(world), 0, 1, rowsOf(plan), {
    visit: (group, drawers) => {
      const draws = { drawers, rowCounts: Int32Array.from(drawers, ({ rowCount }) => rowCount) };
      found = world.items.map((_, item) =>
        group.isPositive(item)
          ? (own?.ofPositive(item, group, draws) ?? NaN)
          : (own?.ofNegative(item, group, draws) ?? NaN),
      );
    },
  });
  return found;
}

describe('the example of the documentation', () => {
  const table = {
    corpus: [-0.539, -1.5686, -2.0794, -2.4849, -2.0149],
    shares: [0.1001, 0.069, -0.4418, 0, -0.0541],
  } as const;
  for (const mode of ['corpus', 'shares'] as const)
    test(`corrections with ${mode}`, () => {
      assert.deepEqual(
        corrections(golden(mode)).map((one) => Number(one.toFixed(4)) + 0),
        table[mode],
      );
    });

  test('effective shares of the rows 1, 4 and 2', () => {
    const expected = { corpus: [0.0926, 0.6481, 0.2593], shares: [0.3188, 0.3523, 0.3289] } as const;
    for (const mode of ['corpus', 'shares'] as const) {
      const of = corrections(golden(mode));
      const rows = {
        count: 3,
        group: new Uint32Array(3),
        entry: Int16Array.from([0, 1, 2]),
        logQ: new Float64Array(3),
        correction: Float64Array.from([of[0] ?? NaN, of[3] ?? NaN, of[1] ?? NaN]),
        batchCorrection: new Float64Array(0),
      };
      const tally = EffectiveTally.forPlan(planOf(golden(mode)));
      tally?.add(rows);
      assert.deepEqual(
        tally?.shares()?.entries.map((share) => Number(share.toFixed(4))),
        expected[mode],
      );
    }
  });

  test('in-batch negatives are one more pool', () => {
    const batch = { size: 4, counts: [1, 0, 0, 0, 3] };
    // 3 in-batch rows; item 1 has a quarter of the positives, item 5 the rest.
    const shares = corrections(golden('shares', { logq: { mode: 'shares', batch } }));
    assertClose(shares[0], Math.log((1 + 4 / 8 + 1 / 4 + 3 / 4) / (1 + 1 / 3 + 1 / 4 + 3 / 2)), 'item 1');
    assertClose(shares[1], Math.log((3 / 8 + 1 / 4) / (1 / 3 + 1 / 4)), 'item 2');
    assertClose(shares[4], Math.log((1 / 2 + 2 / 10 + 1 / 5 + 9 / 4) / (1 / 2 + 1 / 4 + 1 / 5 + 3 / 2)), 'item 5');
    const corpus = corrections(golden('corpus', { logq: { mode: 'corpus', batch } }));
    assertClose(corpus[0], Math.log((1 + 4 / 8 + 1 / 4 + 3 / 4) / 6), 'item 1');
    assertClose(corpus[4], Math.log((2 / 10 + 1 / 5 + 9 / 4) / 6), 'item 5');
    const rows = drawnRows(golden('corpus', { logq: { mode: 'corpus', batch } }));
    assertClose(rows.batchCorrection[0], Math.log((2 / 10 + 1 / 5 + 9 / 4) / 6), 'as a candidate of others');
    assert.ok(rows.batchCorrection.subarray(1, rows.count).every(Number.isNaN));
  });
});

test('corrections are those that the rules say one by one', () => {
  let positives = 0;
  fc.assert(
    fc.property(correctedWorlds, (world) => {
      const rows = drawnRows(world);
      const expected = oracle(world).flatMap((group) => group.rows);
      assert.equal(rows.count, expected.length);
      expected.forEach(({ item, correction, batchCorrection }, row) => {
        assert.equal(rows.item[row], item);
        assertClose(rows.correction[row], correction, `row ${row}`);
        if (world.logq.batch) assertClose(rows.batchCorrection[row], batchCorrection, `in batch, row ${row}`);
        if (rows.label[row] === 1) positives++;
      });
    }),
    { numRuns: 300 },
  );
  assert.ok(positives > 300, `${positives} positives`);
});

test('without in-batch negatives, corpus is log_q_mix', () => {
  fc.assert(
    fc.property(correctedWorlds, (some) => {
      const world: PlainWorld = { ...some, logq: { mode: 'corpus', batch: null } };
      const rows = drawnRows(world);
      for (let row = 0; row < rows.count; row++) assertClose(rows.correction[row], rows.logQMix[row], `row ${row}`);
    }),
  );
});

test('the draws of a plan do not depend on its corrections', () => {
  fc.assert(
    fc.property(correctedWorlds, ({ logq: _logq, ...plain }) => {
      const own = (rows: Rows): unknown =>
        (['group', 'item', 'entry', 'draw', 'logQ', 'logQMix'] as const).map((key) => rows[key].slice(0, rows.count));
      const with1 = own(drawnRows({ ...plain, logq: { mode: 'shares', batch: null } }));
      assert.deepEqual(with1, own(drawnRows(plain)));
    }),
  );
});

/** Every combination of one draw of each entry, with its probability. */
function* outcomes(
  entries: readonly ReadonlyMap<number, number>[],
): Generator<{ readonly items: readonly number[]; readonly probability: number }> {
  const [first, ...others] = entries;
  if (!first) {
    yield { items: [], probability: 1 };
    return;
  }
  for (const [item, q] of first)
    for (const { items, probability } of outcomes(others))
      yield { items: [item, ...items], probability: q * probability };
}

describe('Σ exp(−logq_correction) over all outcomes of one draw of each entry', () => {
  /** Weights of pools by item, 0 without; and the items of a list. */
  const mixes = fc.record({
    list: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }),
    pools: fc.array(fc.array(fc.nat(4), { minLength: 7, maxLength: 7 }), { minLength: 1, maxLength: 2 }),
  });
  type Mix = { readonly list: readonly number[]; readonly pools: readonly (readonly number[])[] };
  const positive = 7;

  function worldOfMix({ list, pools }: Mix): PlainWorld {
    const shown = [...list].sort((a, b) => a - b);
    const base = golden('shares');
    const weighted = pools.map((weights, k) => ({
      name: `pool ${k}`,
      amount: 1,
      exclude: -1,
      draws: {
        kind: 'pool' as const,
        by: 'all' as const,
        weighted: true,
        pools: [weights.flatMap((weight, item) => (weight > 0 ? [[item, weight] as const] : []))],
      },
    }));
    return {
      ...base,
      items: Array.from({ length: 8 }, () => ({ created: -Infinity, removed: Infinity })),
      entries: [
        {
          name: 'list',
          amount: 1,
          exclude: -1,
          draws: { kind: 'list', of: 'exposures', scope: 'user', skip: 0, top: 0 },
        },
        ...weighted,
      ],
      users: [
        {
          pool: 0,
          groups: [{ time: 1, request: -1, positives: [positive] }],
          excluded: [],
          chosen: [],
          rows: [shown, ...pools.map(() => [])],
          requests: [[], ...pools.map(() => [])],
        },
      ],
    };
  }

  /** Probability of each item in the draw of each entry. */
  function chances({ list, pools }: Mix): ReadonlyMap<number, number>[] {
    return [
      new Map(list.map((item) => [item, 1 / list.length])),
      ...pools.map((weights) => {
        const sum = weights.reduce((all, one) => all + one, 0);
        return new Map(weights.flatMap((weight, item) => (weight > 0 ? [[item, weight / sum] as const] : [])));
      }),
    ];
  }

  /** The expected sum of each entry. */
  function expectedSums(mix: Mix): number[] {
    const of = corrections(worldOfMix(mix));
    const sums = [0, ...mix.pools.map(() => 0)];
    for (const { items, probability } of outcomes(chances(mix)))
      items.forEach((item, e) => {
        sums[e] = (sums[e] ?? 0) + probability * Math.exp(-(of[item] ?? NaN));
      });
    return sums;
  }

  const isFull = ({ pools }: Mix): boolean => pools.every((weights) => weights.some((weight) => weight > 0));

  test('has the mean n', () => {
    fc.assert(
      fc.property(mixes.filter(isFull), (mix) => {
        assertClose(
          expectedSums(mix).reduce((sum, one) => sum + one, 0),
          1 + mix.pools.length,
          'sum',
        );
      }),
    );
  });

  test('is n_s for each entry that shares no item with others', () => {
    let alone = 0;
    fc.assert(
      fc.property(mixes.filter(isFull), (mix) => {
        const of = chances(mix);
        expectedSums(mix).forEach((sum, e) => {
          const others = of.filter((_, k) => k !== e);
          if ([...(of[e]?.keys() ?? [])].some((item) => others.some((other) => other.has(item)))) return;
          alone++;
          assertClose(sum, 1, `entry ${e}`);
        });
      }),
      { numRuns: 1000 },
    );
    assert.ok(alone > 50, `${alone} entries`);
  });
});

describe('effective shares', () => {
  /** The sums as they are written, group by group. */
  function direct(world: PlainWorld, rows: Rows): EffectiveShares | null {
    const all = Array.from({ length: rows.count }, (_, row) => ({
      group: rows.group[row] ?? 0,
      entry: rows.entry[row] ?? -1,
      e: Math.exp(-(rows.correction[row] ?? NaN)),
      other: Math.exp(-(rows.batchCorrection[row] ?? NaN)),
      logQ: rows.logQ[row] ?? NaN,
    }));
    const others = all.filter(({ entry, other }) => entry < 0 && !Number.isNaN(other)).map(({ other }) => other);
    const batch = world.logq?.batch ?? null;
    const sum = (values: readonly number[]): number => values.reduce((upTo, one) => upTo + one, 0);
    const inBatch = batch && others.length > 0 ? ((batch.size - 1) * sum(others)) / others.length : 0;
    const groups = [...new Set(all.filter(({ entry }) => entry >= 0).map(({ group }) => group))];
    if (groups.length === 0) return null;
    const shares = groups.map((group) => {
      const own = all.filter((row) => row.group === group && row.entry >= 0);
      const whole = sum(own.map(({ e }) => e)) + inBatch;
      return world.entries.map((_, k) => sum(own.filter(({ entry }) => entry === k).map(({ e }) => e)) / whole);
    });
    const entries = world.entries.map((_, k) => sum(shares.map((one) => one[k] ?? 0)) / groups.length);
    const largest = world.entries.map(({ draws }, k) => {
      const expected = groups.flatMap((group) => {
        const own = all.filter((row) => row.group === group && row.entry === k);
        return own.map(({ logQ }) => own.length * Math.exp(logQ));
      });
      return draws.kind === 'list' || expected.length === 0 ? null : Math.max(...expected);
    });
    return {
      entries,
      inBatch: batch ? 1 - sum(entries) : null,
      largestExpected: largest,
      uncorrected: all.filter(({ entry, e }) => entry < 0 && Number.isNaN(e)).length,
    };
  }

  function assertShares(actual: EffectiveShares | null, expected: EffectiveShares | null): void {
    assert.equal(actual === null, expected === null);
    if (!actual || !expected) return;
    expected.entries.forEach((share, e) => {
      assertClose(actual.entries[e], share, `share of entry ${e}`);
      assertClose(actual.largestExpected[e], expected.largestExpected[e], `largest of entry ${e}`);
    });
    assertClose(actual.inBatch, expected.inBatch, 'share in batch');
    assert.equal(actual.uncorrected, expected.uncorrected);
  }

  test('are the direct sums', () => {
    let batched = 0;
    fc.assert(
      fc.property(correctedWorlds, (world) => {
        const rows = drawnRows(world);
        if (world.logq.batch) batched += rows.groups;
        assertShares(sharesOf(world, rows), direct(world, rows));
      }),
      { numRuns: 300 },
    );
    assert.ok(batched > 100, `${batched} groups with in-batch negatives`);
  });

  test('of parts give those of the whole', () => {
    fc.assert(
      fc.property(correctedWorlds, fc.integer({ min: 1, max: 3 }), (world, cut) => {
        const [plan, loaded, block] = [planOf(world), worldOf(world), blockOf(world)];
        const tallies = [EffectiveTally.forPlan(plan), EffectiveTally.forPlan(plan)];
        const rows = rowsOf(plan);
        for (let from = 0; from < block.groups.count; from += cut) {
          rows.clear();
          createSampler(plan, loaded).draw(block, from, Math.min(block.groups.count, from + cut), rows);
          tallies[(from / cut) % 2]?.add(rows);
        }
        const whole = EffectiveTally.forPlan(plan);
        for (const tally of tallies) if (tally) whole?.addState(tally.state());
        assertShares(whole?.shares() ?? null, sharesOf(world, drawnRows(world)));
      }),
    );
  });

  test('hold for corrections that differ by hundreds', () => {
    const world = golden('shares', { logq: { mode: 'shares', batch: { size: 3, counts: [1, 1, 1, 1, 1] } } });
    const tally = EffectiveTally.forPlan(planOf(world));
    assert.ok(tally);
    tally.add({
      count: 4,
      group: new Uint32Array(4),
      entry: Int16Array.from([-1, 0, 1, 2]),
      logQ: new Float64Array(4),
      correction: Float64Array.from([0, -800, -800, 3]),
      batchCorrection: Float64Array.from([-600, NaN, NaN, NaN]),
    });
    assert.deepEqual(
      tally.shares()?.entries.map((share) => Number(share.toFixed(9))),
      [0.5, 0.5, 0],
    );
    assertClose(tally.shares()?.inBatch, 0, 'share in batch');
  });
});
