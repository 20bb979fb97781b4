import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Allocate } from '../../src/core/sampling/alias.ts';
import { PoolDrawer } from '../../src/core/sampling/kernel/poolDrawer.ts';
import { preparePool } from '../../src/core/sampling/kernel/preparedPool.ts';
import { Rows, shortfallCauses } from '../../src/core/sampling/kernel/rows.ts';
import { createSampler, type DrawOptions } from '../../src/core/sampling/kernel/sampler.ts';
import { selectFirst } from '../../src/core/sampling/kernel/selectFirst.ts';
import { ItemSet } from '../../src/core/sampling/kernel/itemSet.ts';
import { keyedDraw } from '../../src/core/sampling/keyedDraw.ts';
import { quotaCuts, quotasOf } from '../../src/core/sampling/quota.ts';
import { salts } from '../../src/core/sampling/salts.ts';
import { oracle, type OracleGroup } from './samplingOracle.ts';
import { blockOf, planOf, plainWorlds, worldOf, type PlainWorld } from './samplingWorld.ts';

/** The kernel's draws for some users, group by group, in the format of the oracle. */
function drawn(world: PlainWorld, users?: readonly number[], options: DrawOptions = {}): OracleGroup[] {
  const block = blockOf(world, users);
  const rows = new Rows(world.entries.length);
  createSampler(planOf(world), worldOf(world)).draw(block, 0, block.groups.count, rows, options);
  const value = (number: number | undefined): number | null =>
    number === undefined || Number.isNaN(number) ? null : number;
  return block.groups.keys.map((key, g) => ({
    key,
    rows: [...rows.group.subarray(0, rows.count)].flatMap((group, row) =>
      group === g
        ? [
            {
              item: rows.item[row] ?? -1,
              entry: rows.entry[row] === -1 ? null : (rows.entry[row] ?? null),
              logQ: value(rows.logQ[row]),
              logQMix: value(rows.logQMix[row]),
            },
          ]
        : [],
    ),
    short: [...rows.shortGroup.subarray(0, rows.shortCount)].flatMap((group, k) =>
      group === g
        ? [
            {
              entry: rows.shortEntry[k] ?? -1,
              asked: rows.shortAsked[k] ?? 0,
              drawn: rows.shortDrawn[k] ?? 0,
              cause: shortfallCauses[rows.shortCause[k] ?? 0] ?? '',
            },
          ]
        : [],
    ),
  }));
}

/**
 * The kernel sums probabilities in another order than the oracle, so logarithms may differ by this much. They are
 * compared as numbers, because rounded digits can differ.
 */
const tolerance = 1e-12;

/** Compares groups: log q within the tolerance, everything else exactly. */
function assertDrawn(actual: readonly OracleGroup[], expected: readonly OracleGroup[]): void {
  const known = (value: number | null): boolean => value !== null;
  const exact = (groups: readonly OracleGroup[]): unknown =>
    groups.map(({ rows, ...group }) => ({
      ...group,
      rows: rows.map((row) => ({ ...row, logQ: known(row.logQ), logQMix: known(row.logQMix) })),
    }));
  assert.deepEqual(exact(actual), exact(expected));
  const logs = (groups: readonly OracleGroup[]): (number | null)[] =>
    groups.flatMap(({ rows }) => rows.flatMap(({ logQ, logQMix }) => [logQ, logQMix]));
  const wanted = logs(expected);
  for (const [k, log] of logs(actual).entries())
    assert.ok(
      log === wanted[k] || Math.abs((log ?? NaN) - (wanted[k] ?? NaN)) < tolerance,
      `log q ${log}, not ${wanted[k]}`,
    );
}

test('the kernel draws what the rules say one by one', () => {
  fc.assert(
    fc.property(plainWorlds, (world) => {
      assertDrawn(drawn(world), oracle(world));
    }),
    { numRuns: 300 },
  );
});

test('quotas are those of the group’s draw, also where shares make whole ones', () => {
  const entry = (name: string, amount: number): PlainWorld['entries'][number] => ({
    name,
    amount,
    exclude: -1,
    draws: { kind: 'pool', by: 'all', pools: [[[0, 1]], []], weighted: false },
  });
  const shapes = fc.constantFrom<readonly [number, readonly number[]]>(
    [3, [1]],
    [4, [1, 1]],
    [2, [1, 3]],
    [5, [1, 1]],
    [8, [2, 0, 6]],
  );
  fc.assert(
    fc.property(shapes, fc.nat(0xffffffff), fc.nat(0xffffffff), ([perGroup, amounts], k0, k1) => {
      const world: PlainWorld = {
        items: [{ created: -Infinity, removed: Infinity }],
        entries: amounts.map((amount, e) => entry(`e${e}`, amount)),
        users: [],
        unit: 'positive',
        perGroup,
        refillFrom: null,
        seed: 'demo',
      };
      const plan = planOf(world);
      const [quotas, expected] = [new Float64Array(amounts.length), new Float64Array(amounts.length)];
      createSampler(plan, worldOf(world)).quotas(k0, k1, quotas);
      quotasOf(
        quotaCuts(
          perGroup,
          plan.entries.map(({ amount }) => amount),
        ),
        keyedDraw(k0, k1, salts(plan, '@quota'), 0).a,
        expected,
      );
      assert.deepEqual(quotas, expected);
    }),
  );
});

test('a user of more than 1,024 candidates is drawn from as from a pool', () => {
  const count = 3000;
  const every = (step: number, from = 0): number[] =>
    Array.from({ length: count }, (_, item) => item).filter((item) => item % step === from);
  const rows = every(2);
  const world: PlainWorld = {
    items: Array.from({ length: count }, (_, item) => ({
      created: item % 7 === 0 ? 25 : -Infinity,
      removed: item % 11 === 0 ? 30 : Infinity,
    })),
    entries: [5, 40, 0, 1300].map((amount, e) => ({
      name: `e${e}`,
      amount,
      exclude: e % 2,
      draws: { kind: 'list', of: 'exposures', scope: e === 1 ? 'user' : 'request_then_user', skip: 0, top: 1 },
    })),
    users: [
      {
        pool: 0,
        chosen: every(6),
        rows: [rows, rows, rows, rows],
        groups: [10, 20, 25, 30, 45].map((time, g) => ({
          time,
          request: g % 3 === 2 ? -1 : g % 3,
          positives: [4 * g + 1, 10 + 6 * g],
        })),
        excluded: [
          { lookback: Infinity, events: every(9).map((item) => [item, 8]) },
          { lookback: 20, events: every(5).map((item) => [item, item % 30]) },
        ],
        requests: [0, 1, 2, 3].map(() =>
          [every(500), every(400, 2), []].map((items) => items.map((item) => ({ item, channel: 0, score: 0 }))),
        ),
      },
    ],
    unit: 'request',
    perGroup: null,
    refillFrom: 2,
    seed: 'heavy',
  };
  const groups = drawn(world);
  assertDrawn(groups, oracle(world));
  assert.ok(
    groups.every(({ short }) => short.length > 0),
    'the largest quota is not to be had',
  );
});

describe('changes that keep the draws', () => {
  const byKey = (groups: readonly OracleGroup[]): OracleGroup[] => [...groups].sort((a, b) => (a.key < b.key ? -1 : 1));

  test('drawing users together or apart, in any order', () => {
    fc.assert(
      fc.property(plainWorlds, (world) => {
        const whole = drawn(world);
        const each = world.users.map((_, u) => u).reverse();
        assert.deepEqual(byKey(drawn(world, each)), byKey(whole));
        assert.deepEqual(byKey(each.flatMap((u) => drawn(world, [u]))), byKey(whole));
      }),
      { numRuns: 100 },
    );
  });

  test('into which batches the groups of a user are cut', () => {
    fc.assert(
      fc.property(plainWorlds, (world) => {
        const block = blockOf(world);
        const sampler = createSampler(planOf(world), worldOf(world));
        const whole = new Rows(world.entries.length);
        const cut = new Rows(world.entries.length);
        sampler.draw(block, 0, block.groups.count, whole);
        for (let g = 0; g < block.groups.count; g++) sampler.draw(block, g, g + 1, cut);
        assert.deepEqual(cut, whole);
      }),
      { numRuns: 100 },
    );
  });

  test('changing another share at equal quotas; a larger quota keeps the rows of a smaller one', () => {
    fc.assert(
      fc.property(plainWorlds, fc.nat(), fc.integer({ min: 1, max: 6 }), (some, which, more) => {
        const world: PlainWorld = { ...some, perGroup: null, refillFrom: null };
        const grown = which % world.entries.length;
        const larger = {
          ...world,
          entries: world.entries.map((entry, e) => (e === grown ? { ...entry, amount: entry.amount + more } : entry)),
        };
        const after = drawn(larger);
        for (const [g, { rows }] of drawn(world).entries()) {
          for (const e of world.entries.keys()) {
            const items = (of: OracleGroup['rows'] | undefined): number[] =>
              (of ?? []).flatMap(({ item, entry }) => (entry === e ? [item] : []));
            const before = items(rows);
            assert.deepEqual(items(after[g]?.rows).slice(0, e === grown ? before.length : Infinity), before);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('log q', () => {
  test('the chances of all items in one draw of an entry sum to 1', () => {
    fc.assert(
      fc.property(plainWorlds, (world) => {
        const { items } = world;
        drawn(world, undefined, {
          visit: (group, drawers) => {
            for (const drawer of drawers) {
              const chances = items.map((_, item) => drawer.chance(item, group));
              const sum = chances.reduce((upTo, chance) => upTo + chance, 0);
              // Either nothing can be drawn, or the probabilities sum to 1.
              assert.ok(sum === 0 ? drawer.rowCount === 0 : Math.abs(sum - 1) < 1e-12, `${sum}`);
              for (const item of drawer.items.subarray(0, drawer.rowCount))
                assert.equal(drawer.standing(item, group), 'acceptable');
              // Those of a pool at once are the same: an item outside it has none.
              if (drawer instanceof PoolDrawer)
                assert.deepEqual(possible(drawer.chances(group)), possible(Float64Array.from(chances)));
            }
          },
        });
      }),
      { numRuns: 150 },
    );
  });
});

const possible = (chances: Float64Array): Float64Array => chances.filter((chance) => chance > 0).sort();

test('a cancelled draw ends between groups and reports its progress', () => {
  const [world] = fc.sample(
    plainWorlds.filter(({ users }) => (users[0]?.groups.length ?? 0) > 0),
    { numRuns: 1, seed: 7 },
  );
  assert.ok(world);
  const [user] = world.users;
  const [group] = user?.groups ?? [];
  assert.ok(user && group);
  const many: PlainWorld = { ...world, users: [{ ...user, groups: Array.from({ length: 500 }, () => group) }] };
  const block = blockOf(many);
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const told: number[] = [];
  const rows = new Rows(many.entries.length);
  const done = createSampler(planOf(many), worldOf(many)).draw(block, 0, 500, rows, {
    cancel,
    progress: (groups) => {
      told.push(groups);
      if (groups >= 200) Atomics.store(cancel, 0, 1);
    },
  });
  // The flag is checked before progress is reported, so the check after 256 groups finds it.
  assert.deepEqual([done, rows.groups], [320, 320]);
  assert.deepEqual(told, [64, 128, 192, 256]);
});

test('threads that share memory draw the same rows, from pools that one of them prepared', () => {
  const shared: Allocate = (bytes) => new SharedArrayBuffer(bytes);
  fc.assert(
    fc.property(plainWorlds, (plain) => {
      const block = blockOf(plain);
      const world = worldOf(plain);
      const items = {
        ...world.items,
        created: sharedCopy(world.items.created),
        removed: sharedCopy(world.items.removed),
      };
      const pools = world.pools.map((entry) => entry.pools.map((pool) => preparePool(pool, items, shared)));
      for (const pool of pools.flat())
        assert.ok(
          pool.eligibleCount.buffer instanceof SharedArrayBuffer &&
            (pool.columns?.words.buffer ?? pool.changes.buffer) instanceof SharedArrayBuffer,
        );
      const rows = new Rows(plain.entries.length);
      createSampler(planOf(plain), { ...world, items }, structuredClone(pools)).draw(
        block,
        0,
        block.groups.count,
        rows,
      );
      const alone = new Rows(plain.entries.length);
      createSampler(planOf(plain), world).draw(block, 0, block.groups.count, alone);
      assert.deepEqual(rows, alone);
    }),
    { numRuns: 50 },
  );
});
const sharedCopy = (array: Float64Array): Float64Array => {
  const copy = new Float64Array(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
};

describe('parts', () => {
  test('selecting the first elements equals sorting all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 300 }), fc.nat(320), (values, count) => {
        const order = Int32Array.from(values, (_, k) => k);
        const before = (a: number, b: number): boolean =>
          values[a] === values[b] ? a < b : (values[a] ?? 0) < (values[b] ?? 0);
        selectFirst(order, 0, values.length, Math.min(count, values.length), before);
        const sorted = [...values.keys()].sort((a, b) => (before(a, b) ? -1 : 1));
        assert.deepEqual([...order.subarray(0, count)], sorted.slice(0, count));
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          [...values.keys()],
        );
      }),
    );
  });

  test('a set of items grows beyond its capacity and is empty when cleared', () => {
    const set = new ItemSet();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 3000 }), (items) => {
        set.clear(items.length);
        const known = new Set<number>();
        for (const item of items) {
          assert.equal(set.add(item), !known.has(item));
          known.add(item);
        }
      }),
      { numRuns: 30 },
    );
  });
});
