import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Value } from '../../src/core/audit/metric.ts';
import { auditOf, figure, measured, outcomeOf, table, written } from './auditCase.ts';

const near = (actual: Value | undefined, expected: number, most = 1e-9): void => {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) < most, `${String(actual)} is not ${expected}`);
};

suite('effective share at equal scores', () => {
  test('the worked example: corpus and shares', async () => {
    for (const [corrections, expected] of [
      [
        [-0.539, -1.5686, -2.4849],
        [0.0926, 0.2593, 0.6481],
      ],
      [
        [0.1001, 0.069, 0],
        [0.3188, 0.3289, 0.3523],
      ],
    ] as const) {
      const values = corrections.map((c, k) => `(1, ${k}, 0, 'e${k}', 7, 'r', ${c}::DOUBLE)`);
      const path = await written(
        `SELECT * FROM (VALUES ${values.join(', ')}, (1, 7, 1, NULL, 7, 'r', 0)) t(user_id, item_id, label, entry, positive_item, request_id, logq_correction)`,
      );
      const rows = table(measured(await auditOf(path), 'effective_share'), 'entries');
      const shares = new Map(rows.map((row) => [row[0], row[3]]));
      for (const [k, share] of expected.entries()) near(shares.get(`e${k}`), share, 1e-4);
    }
  });

  test('over groups of several users, against plain sums; corrections of any size', async () => {
    const groups = [
      {
        user: 1,
        rows: [
          ['a', 700],
          ['a', 701],
          ['b', 699],
        ],
      },
      { user: 1, rows: [['b', -3]] },
      {
        user: 2,
        rows: [
          ['a', 0.5],
          ['b', -0.5],
          ['b', 1.5],
        ],
      },
    ] as const;
    const values = groups.flatMap(({ user, rows }, group) =>
      rows.map(([entry, c], k) => `(${user}, ${k}, 0, '${entry}', 9, 'r${group}', ${c}::DOUBLE)`),
    );
    const path = await written(
      `SELECT * FROM (VALUES ${values.join(', ')}, (3, 3, 0, 'a', 9, 'r9', NULL)) t(user_id, item_id, label, entry, positive_item, request_id, logq_correction)`,
    );
    const found = measured(await auditOf(path), 'effective_share');
    const shareOf = (entry: string, rows: readonly (readonly [string, number])[]): number => {
      const least = Math.min(...rows.map(([, c]) => c));
      const sum = (some: readonly (readonly [string, number])[]): number =>
        some.reduce((all, [, c]) => all + Math.exp(least - c), 0);
      return sum(rows.filter(([own]) => own === entry)) / sum(rows);
    };
    const rows = new Map(table(found, 'entries').map((row) => [row[0], row]));
    for (const entry of ['a', 'b']) {
      const mean = groups.reduce((sum, group) => sum + shareOf(entry, group.rows), 0) / groups.length;
      near(rows.get(entry)?.[3], mean);
    }
    assert.equal(figure(found, 'groups'), 3);
    assert.deepEqual(
      found.notes.map(({ args }) => args?.[0]),
      [1],
    );
  });
});

test('many entries: the groups count them as they count a few', async () => {
  // Group g has one negative of each of the entries g, g + 1, …, 19; group 0 also has one without a name, and one twice.
  const entries = Array.from({ length: 20 }, (_, k) => `e${k}`);
  const negative = (g: number, k: number, entry: string | null): string =>
    `(${g % 3}, ${100 + k}, 0, ${entry === null ? 'NULL' : `'${entry}'`}, ${g}, 'r${g}', 0.5::DOUBLE)`;
  const values = entries.flatMap((_, g) => [
    `(${g % 3}, ${g}, 1, NULL, ${g}, 'r${g}', NULL)`,
    ...entries.flatMap((entry, k) => (k < g ? [] : [negative(g, k, entry)])),
  ]);
  const path = await written(
    `SELECT * FROM (VALUES ${[...values, negative(0, 50, null), negative(0, 7, 'e7')].join(', ')}) t(user_id, item_id, label, entry, positive_item, request_id, logq_correction)`,
  );
  const answer = await auditOf(path);
  const cascade = table(measured(answer, 'cascade'), 'entries');
  assert.deepEqual(
    new Map(cascade.map(([entry, , , , zero]) => [entry, zero])),
    new Map([...entries.map((entry, k) => [entry, 19 - k] as const), [null, 19]]),
  );
  const shares = new Map(table(measured(answer, 'effective_share'), 'entries').map((row) => [row[0], row]));
  // All corrections are equal, so a share is one of the group's negatives.
  const sizes = entries.map((_, g) => 20 - g + (g === 0 ? 2 : 0));
  const mean = (of: (g: number) => number): number => sizes.reduce((sum, size, g) => sum + of(g) / size, 0) / 20;
  near(
    shares.get('e7')?.[3],
    mean((g) => (g === 0 ? 2 : g <= 7 ? 1 : 0)),
  );
  near(
    shares.get(null)?.[3],
    mean((g) => (g === 0 ? 1 : 0)),
  );
  const levels = new Map(table(measured(answer, 'duplicates'), 'levels').map((row) => [row[0], [row[1], row[2]]]));
  assert.deepEqual(
    ['row', 'request_item', 'positive_item'].map((level) => levels.get(level)),
    [
      [232, 1],
      [212, 1],
      [212, 1],
    ],
  );
});

test('further labels: their rate, and how they agree with the label', async () => {
  const path = await written(
    `SELECT * FROM (VALUES (1, 1, 1, 1, true), (1, 2, 1, 0, NULL), (1, 3, 0, 1, false), (1, 4, 0, NULL, true)) t(user_id, item_id, label, label_pay, is_click)`,
  );
  const found = table(measured(await auditOf(path), 'labels'), 'columns');
  assert.deepEqual(
    found.map(([column, known, positives, rate, , , ofPositives, ofNegatives]) => [
      column,
      known,
      positives,
      rate,
      ofPositives,
      ofNegatives,
    ]),
    [
      ['label_pay', 0.75, 2, 2 / 3, 1, 1],
      ['is_click', 0.75, 2, 2 / 3, 1, 1],
    ],
  );
  const plain = await auditOf(await written('SELECT 1 AS user_id, 2 AS item_id, 1 AS label'));
  assert.equal(outcomeOf(plain, 'labels').state, 'not-run');
});

suite('the exponent of a file that nothing is known about', () => {
  /** 60 items of which item k has 61 − k positives, all of other users; `weight`: of the draws. */
  const sampled = async (weight: (positives: number) => number): Promise<string> => {
    const items = Array.from({ length: 60 }, (_, k) => 60 - k);
    const total = items.reduce((sum, positives) => sum + weight(positives), 0);
    const rows = items.flatMap((positives, item) => [
      ...Array.from({ length: positives }, (_, k) => `(${1000 + k}, ${item}, 1)`),
      ...Array.from({ length: Math.round((20_000 * weight(positives)) / total) }, (_, k) => `(${k % 400}, ${item}, 0)`),
    ]);
    return await written(`SELECT * FROM (VALUES ${rows.join(', ')}) t(user_id, item_id, label)`);
  };
  for (const exponent of [0, 0.75, 1])
    test(`${exponent}`, async () => {
      const found = measured(await auditOf(await sampled((positives) => positives ** exponent)), 'exponent');
      near(figure(found, 'exponent'), exponent, 0.02);
      const { low = NaN, high = NaN } = found.figures[0] ?? {};
      assert.ok(low < exponent && exponent < high && high - low < 0.2, `${low} to ${high}`);
    });
});
