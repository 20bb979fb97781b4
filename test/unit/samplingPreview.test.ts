import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExplainedPair } from '../../src/core/sampling/explainPair.ts';
import { explainPair } from '../../src/core/sampling/explainPair.ts';
import { isoTime } from '../../src/core/sampling/isoTime.ts';
import { createSampler } from '../../src/core/sampling/kernel/sampler.ts';
import { keyedDraw } from '../../src/core/sampling/keyedDraw.ts';
import type { StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { previewOf, type DrawnPreview, type PreviewOptions } from '../../src/core/sampling/preview.ts';
import { salts } from '../../src/core/sampling/salts.ts';
import { hashWords } from '../../src/core/sampling/words.ts';
import { StringIds } from '../../src/core/sampling/world/idTexts.ts';
import type { UserBlock, World } from '../../src/core/sampling/world/world.ts';
import { blockOf, itemText, planOf, worldOf, type PlainWorld } from './samplingWorld.ts';

/**
 * Items 0 … 9. The user clicked 0 and was shown 1, 2, 3 by the request of the first group. Item 9 is removed at time
 * 30.
 */
const plain: PlainWorld = {
  items: Array.from({ length: 10 }, (_, item) => ({ created: -Infinity, removed: item === 9 ? 30 : Infinity })),
  entries: [
    {
      name: 'hot',
      amount: 3,
      exclude: 0,
      draws: {
        kind: 'pool',
        by: 'all',
        pools: [[0, 1, 2, 3, 4, 5, 9].map((item) => [item, 10 * (item + 1)] as const), []],
        weighted: true,
      },
    },
    {
      name: 'shown',
      amount: 2,
      exclude: 0,
      draws: { kind: 'list', of: 'exposures', scope: 'request_then_user', skip: 0, top: 1 },
    },
  ],
  users: [
    {
      pool: 0,
      chosen: [0],
      excluded: [
        { lookback: Infinity, events: [[0, 5]] },
        { lookback: 20, events: [] },
      ],
      rows: [[], [1, 2, 3, 6]],
      groups: [
        { time: 10, request: 0, positives: [0] },
        { time: 40, request: 1, positives: [0] },
      ],
      requests: [
        [[], [], []],
        [[1, 2, 3].map((item) => ({ item, channel: 0, score: 0 })), [], []],
      ],
    },
    {
      pool: 0,
      chosen: [],
      excluded: [
        { lookback: Infinity, events: [] },
        { lookback: 20, events: [] },
      ],
      rows: [[], []],
      groups: [],
      requests: [
        [[], [], []],
        [[], [], []],
      ],
    },
  ],
  unit: 'positive',
  perGroup: null,
  refillFrom: null,
  seed: 'demo',
};
const options: PreviewOptions = {
  texts: new StringIds(Array.from({ length: 10 }, (_, item) => itemText(item))),
  groupLimit: null,
  bins: { count: 2, ofItem: Int8Array.from({ length: 10 }, (_, item) => (item === 9 ? -1 : item < 3 ? 0 : 1)) },
  distances: [0.5, null],
};

function run<T>(steps: Generator<number, T, void>): { readonly told: readonly number[]; readonly result: T } {
  const told: number[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { told, result: step.value };
    told.push(step.value);
  }
}
const preview = (world: PlainWorld, more: Partial<PreviewOptions> = {}): DrawnPreview =>
  run(previewOf(createSampler(planOf(world), worldOf(world)), blockOf(world), { ...options, ...more })).result;
const explained = (world: PlainWorld, item: number): ExplainedPair =>
  run(explainPair(createSampler(planOf(world), worldOf(world)), blockOf(world), item)).result;

describe('a preview', () => {
  const { users, totals } = preview(plain);
  const [user, other] = users;
  const [first, second] = user?.groups ?? [];

  test('has the groups of each user with keys, items and times', () => {
    assert.deepEqual(
      [user?.user, user?.groupCount, first?.key, first?.item, first?.request, first?.time],
      ['u0', 2, 'u0\u001fg0', 'i0', 'r0', '1970-01-01T00:00:00.000010Z'],
    );
    assert.deepEqual(other, { user: 'u1', groupCount: 0, groups: [] });
  });

  test('puts positives first, then entries by name, then draws', () => {
    assert.deepEqual(
      first?.rows.map(({ label, entry, draw }) => [label, entry, draw]),
      [
        [1, null, null],
        [0, 'hot', 0],
        [0, 'hot', 1],
        [0, 'hot', 2],
        [0, 'shown', 0],
        [0, 'shown', 1],
      ],
    );
    assert.deepEqual(first.quotas, { hot: 3, shown: 2 });
    assert.deepEqual(
      [first.rows[0]?.item, first.rows[0]?.weight, first.rows[0]?.why],
      ['i0', 1, { kind: 'positive', event: 'click' }],
    );
  });

  test('shows the attempt, number and earlier rejections of each pool draw', () => {
    const draws = (second?.rows ?? []).filter(({ entry }) => entry === 'hot');
    let attempt = -1;
    for (const { why, logQ } of draws) {
      assert.ok(why.kind === 'pool');
      assert.deepEqual(
        why.rejected.map((rejection) => rejection.attempt),
        Array.from({ length: why.attempt - attempt - 1 }, (_, k) => attempt + 1 + k),
      );
      assert.equal(why.u, keyedDraw(...hashWords('u0\u001fg1'), salts(planOf(plain), 'hot'), why.attempt).u);
      // Without item 0 (clicked) and item 9 (removed by then): 20 + 30 + 40 + 50 + 60.
      assert.deepEqual([why.total, why.size, why.pool], [200, 7, 'p0']);
      assert.ok(Math.abs((logQ ?? 0) - Math.log(why.weight / 200)) < 1e-12);
      attempt = why.attempt;
    }
    const reasons = draws
      .flatMap(({ why }) => (why.kind === 'pool' ? why.rejected : []))
      .map(({ item, reason }) => `${item} ${reason}`);
    for (const reason of reasons) assert.match(reason, /^(i0 positive|i9 ineligible|i[1-5] repeated)$/);
  });

  test('shows the tier and rank of each list row', () => {
    const why = (rows: typeof first): unknown =>
      rows?.rows.filter(({ entry }) => entry === 'shown').map((row) => row.why);
    assert.deepEqual(
      why(first),
      [0, 1].map((rank) => ({ kind: 'list', tier: 'request', rank, size: 3, channel: null })),
    );
    // The request of the second group shows no items, so the user's other exposures are used.
    assert.deepEqual(
      why(second),
      [0, 1].map((rank) => ({ kind: 'list', tier: 'user', rank, size: 4, channel: null })),
    );
  });

  test('counts everything, also what it does not show', () => {
    const limited = preview(plain, { groupLimit: 1 });
    assert.deepEqual(limited.totals, totals);
    assert.deepEqual([limited.users[0]?.groupCount, limited.users[0]?.groups], [2, [first]]);
    assert.deepEqual([totals.groups, totals.positives, totals.negatives], [2, 2, 10]);
    assert.deepEqual(
      totals.entries.map(({ name, asked, drawn, shortGroups, distance }) => [
        name,
        asked,
        drawn,
        shortGroups,
        distance,
      ]),
      [
        ['hot', 6, 6, 0, 0.5],
        ['shown', 4, 4, 0, null],
      ],
    );
    const refused = Object.values(totals.rejections).reduce((sum, count) => sum + count, 0);
    assert.equal((totals.entries[0]?.attempts ?? 0) - 6, refused);
    assert.deepEqual(totals.positiveBins, [2, 0]);
    const rows = users.flatMap(({ groups }) => groups).flatMap((group) => group.rows);
    const bins = (name: string): number[] =>
      [0, 1].map(
        (bin) =>
          rows.filter(({ entry, item }) => entry === name && options.bins.ofItem[Number(item.slice(1))] === bin).length,
      );
    assert.deepEqual(totals.entryBins, [bins('hot'), bins('shown')]);
  });

  test('reports the shortfall of an entry', () => {
    const { users: short, totals: sums } = preview({
      ...plain,
      entries: plain.entries.map((entry) => ({ ...entry, amount: 50 })),
    });
    assert.deepEqual(short[0]?.groups[0]?.shortfall, {
      hot: { asked: 50, drawn: 6, cause: 'pool' },
      shown: { asked: 50, drawn: 4, cause: 'list' },
    });
    assert.deepEqual(
      sums.entries.map(({ shortfalls, shortGroups }) => [shortfalls, shortGroups]),
      [
        [{ pool: 44 + 45, attempts: 0, list: 0 }, 2],
        [{ pool: 0, attempts: 0, list: 92 }, 2],
      ],
    );
  });

  test('reports its progress every few hundred groups', () => {
    const [person] = plain.users;
    assert.ok(person);
    const many = {
      ...plain,
      users: [{ ...person, groups: Array.from({ length: 600 }, (_, time) => ({ time, request: 0, positives: [0] })) }],
    };
    const { told } = run(
      previewOf(createSampler(planOf(many), worldOf(many)), blockOf(many), { ...options, groupLimit: 3 }),
    );
    assert.deepEqual(told, [3, 259, 515, 600]);
  });
});

describe('a pair', () => {
  test('that can be drawn: chance, expectation, and where it was drawn', () => {
    const found = explained(plain, 5);
    const [hot, shown] = found.entries;
    assert.deepEqual([found.positiveIn, hot?.membership?.groups, shown?.membership], [0, 2, null]);
    // 60 of 300 while item 9 exists, then 60 of 200.
    assert.ok(
      Math.abs((hot?.membership?.smallestLogQ ?? 0) - Math.log(60 / 300)) < 1e-12 &&
        Math.abs((hot?.membership?.largestLogQ ?? 0) - Math.log(60 / 200)) < 1e-12,
    );
    assert.ok(Math.abs((hot?.expected ?? 0) - (1 - 0.8 ** 3 + 1 - 0.7 ** 3)) < 1e-12);
    assert.deepEqual(shown?.refused, { positive: 0, excluded: 0, ineligible: 0, absent: 2 });
    const rows = preview(plain).users.flatMap(({ groups }) =>
      groups.flatMap(({ key, rows: all }) =>
        all.filter(({ item, entry }) => item === 'i5' && entry === 'hot').map(({ draw }) => ({ key, draw })),
      ),
    );
    assert.deepEqual(
      hot?.drawnIn.map(({ key, draw }) => ({ key, draw })),
      rows,
    );
    assert.equal(found.drawn, rows.length);
  });

  test('that never is: the positive itself, removed, in no list, unknown', () => {
    assert.deepEqual(
      explained(plain, 0).entries.map(({ refused, membership }) => [refused, membership]),
      [
        [{ positive: 2, excluded: 0, ineligible: 0, absent: 0 }, null],
        [{ positive: 0, excluded: 0, ineligible: 0, absent: 2 }, null],
      ],
    );
    assert.equal(explained(plain, 0).positiveIn, 2);
    assert.deepEqual(explained(plain, 9).entries[0]?.refused, { positive: 0, excluded: 0, ineligible: 1, absent: 0 });
    const nobody = explained(plain, -1);
    assert.deepEqual(
      [nobody.expected, nobody.drawn, nobody.entries.map(({ refused }) => refused.absent)],
      [0, 0, [2, 2]],
    );
  });

  test('of a list: the part of the acceptable ones that is taken', () => {
    const [, shown] = explained(plain, 6).entries;
    // In the first group, the request fills the quota; in the second group, two of four are taken.
    assert.deepEqual([shown?.membership?.groups, shown?.refused.absent, shown?.expected], [1, 1, 0.5]);
  });
});

describe('the unit impression', () => {
  const count = 400;
  const shown = Array.from({ length: count }, (_, g) => ({ item: g % 10, event: g % 4 === 0 ? 0 : 255 }));
  const key = (g: number): string => `u0\u001fi${g % 10}\u001f${g}`;
  const plan: StagePlan = {
    ...planOf({ ...plain, entries: [] }),
    unit: 'impression',
    amounts: { kind: 'none' },
    exposures: { entry: 'seen_only', seen: 'all', matureAfter: null, downsample: 0.25, calibration: 'weight' },
  };
  const world: World = { ...worldOf(plain), pools: [] };
  const base = blockOf({ ...plain, entries: [], users: plain.users.slice(0, 1) });
  const block: UserBlock = {
    ...base,
    groups: {
      ...base.groups,
      count,
      offsets: Uint32Array.of(0, count),
      time: Float64Array.from(shown, (_, g) => g),
      readTime: Float64Array.from(shown, (_, g) => g),
      keyWords: Uint32Array.from(shown.flatMap((_, g) => hashWords(key(g)))),
      keys: shown.map((_, g) => key(g)),
      request: new Int32Array(count).fill(-1),
      requestText: shown.map(() => null),
      positives: {
        offsets: Uint32Array.from({ length: count + 1 }, (_, g) => g),
        items: Uint32Array.from(shown, ({ item }) => item),
        weights: new Float64Array(count).fill(2),
        events: Uint8Array.from(shown, ({ event }) => event),
        keep: new Float64Array(count).fill(NaN),
      },
    },
  };
  const {
    result: {
      users: [user],
      totals,
    },
  } = run(previewOf(createSampler(plan, world), block, { ...options, distances: [] }));

  test('keeps every click, and downsamples the rest by key', () => {
    const kept = shown.flatMap(({ event }, g) =>
      event === 0 || keyedDraw(...hashWords(key(g)), salts(plan, '@downsample'), 0).u < 0.25 ? [key(g)] : [],
    );
    assert.deepEqual(
      user?.groups.map((group) => group.key),
      kept,
    );
    assert.deepEqual([totals.groups, totals.positives, totals.negatives], [kept.length, 100, kept.length - 100]);
    assert.ok(totals.negatives > 40 && totals.negatives < 110);
    assert.equal(user.groupCount, kept.length);
    const limited = run(previewOf(createSampler(plan, world), block, { ...options, groupLimit: 7 })).result;
    assert.deepEqual(
      limited.users[0]?.groups.map((group) => group.key),
      kept.slice(0, 7),
    );
  });

  test('gives kept rows a weight and their entry, but no log q', () => {
    for (const { rows, item } of user?.groups ?? []) {
      assert.equal(rows.length, 1);
      const [row] = rows;
      assert.deepEqual(
        row && { ...row, item: null },
        row?.label === 1
          ? {
              item: null,
              label: 1,
              source: null,
              entry: null,
              draw: null,
              logQ: null,
              logQMix: null,
              weight: 2,
              keepProbability: null,
              why: { kind: 'exposure', event: 'click' },
            }
          : {
              item: null,
              label: 0,
              source: 'exposed_unclicked',
              entry: 'seen_only',
              draw: null,
              logQ: null,
              logQMix: null,
              weight: 4,
              keepProbability: null,
              why: { kind: 'exposure', event: null },
            },
      );
      assert.equal(row?.item, item);
    }
  });

  test('explains a pair by its exposures', () => {
    const found = run(explainPair(createSampler(plan, world), block, 1)).result;
    // Item 1 is shown 40 times and never clicked; item 0 is clicked every second time.
    assert.deepEqual([found.positiveIn, found.expected], [0, 10]);
    assert.equal(run(explainPair(createSampler(plan, world), block, 0)).result.positiveIn, 20);
  });
});

test('times are ISO 8601 with microseconds', () => {
  assert.deepEqual([0, 1, -1, 1_700_000_000_123_456, 1e30].map(isoTime), [
    '1970-01-01T00:00:00.000000Z',
    '1970-01-01T00:00:00.000001Z',
    '1969-12-31T23:59:59.999999Z',
    '2023-11-14T22:13:20.123456Z',
    '1e+30',
  ]);
});
