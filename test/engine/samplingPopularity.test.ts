import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { groupsOf, previewed, requestOf, said, writeWorld } from './samplingCase.ts';
import { corpus, day, recall, shown } from './samplingWorlds.ts';

describe('popularity', () => {
  let root = '';
  before(async () => {
    const clicks = (user: number, item: number, times: number, date: number): Parameters<typeof shown>[0] =>
      Array.from(
        { length: times },
        (_, k) => [user, item, day(date, 1 + k), `${user}-${item}-${date}-${k}`, 1, true, true] as const,
      );
    root = await writeWorld('popularity', {
      impressions: shown([
        ...clicks(1, 1, 1, 9),
        ...clicks(2, 2, 4, 9),
        ...clicks(2, 3, 9, 2),
        ...clicks(3, 4, 4, 9),
        ...clicks(3, 5, 1, 9),
        [1, 6, day(9), 'none', 1, true, false],
        // Not in the corpus.
        ...clicks(2, 99, 3, 9),
      ]),
      items: corpus([
        [1, 'x'],
        [2, 'x'],
        [3, 'x'],
        [4, 'x'],
        [5, 'x', 'offline'],
        [6, 'x'],
        [7, 'x'],
      ]),
      users: `SELECT * FROM (VALUES (1::BIGINT, NULL), (2, 'north'), (3, 'south'), (4, 'west')) t(user_id, region)`,
    });
  });
  const users = '  users: {path: data/users.parquet, columns: {user: user_id, attributes: [region]}}\n';
  /** The pools of users 1, 2 and 3, by item: the weight, and the sum of the acceptable weights. */
  const weights = async (options: string): Promise<Record<string, Record<string, number>>> => {
    const config = recall(
      `per_positive: 40\n      exclude: none\n      mix: {popularity: {share: 1, ${options}}}`,
      '{events: {click: 1}}',
      users,
    );
    const preview = await previewed(await requestOf(root, 'recall', config), '1', '2', '3');
    return Object.fromEntries(
      preview.users.map(({ user, groups }) => [
        user,
        Object.fromEntries(
          groups.flatMap(({ rows }) =>
            rows.flatMap(({ item, why }) =>
              why.kind === 'pool' ? [[`${why.pool ?? 'all'} ${item}`, why.weight]] : [],
            ),
          ),
        ),
      ]),
    );
  };

  test('weights are counts to the power of the exponent, times 1024; no events, no draw', async () => {
    const all = { 'all 1': 1024, 'all 2': 2048, 'all 3': 3072, 'all 4': 2048 };
    assert.deepEqual(await weights('exponent: 0.5'), { 1: without(all, '1'), 2: all, 3: all });
  });
  test('smoothing is added to every count', async () => {
    const all = {
      'all 1': 2 * 1024,
      'all 2': 5 * 1024,
      'all 3': 10 * 1024,
      'all 4': 5 * 1024,
      'all 6': 1024,
      'all 7': 1024,
    };
    assert.deepEqual(await weights('exponent: 1, smoothing: 1'), { 1: without(all, '1'), 2: all, 3: all });
  });
  test('window and as_of limit the counts to recent days', async () => {
    const recent = { 'all 1': 1024, 'all 2': 4096, 'all 4': 4096 };
    assert.deepEqual(await weights('exponent: 1, window: 3d'), { 1: without(recent, '1'), 2: recent, 3: recent });
    const early = { 'all 3': 9 * 1024 };
    assert.deepEqual(await weights('exponent: 1, as_of: 2026-11-02'), { 1: early, 2: without(early, ''), 3: early });
  });
  test('count: impressions counts exposures', async () => {
    const all = { 'all 1': 1024, 'all 2': 4096, 'all 3': 9 * 1024, 'all 4': 4096, 'all 6': 1024 };
    assert.deepEqual(await weights('exponent: 1, count: impressions'), { 1: without(all, '1'), 2: all, 3: all });
  });
  test('group_by has one table per value; an unknown value, or one without events, uses all', async () => {
    const all = { 'all 2': 4096, 'all 3': 9 * 1024, 'all 4': 4096 };
    const config = recall(
      'per_positive: 40\n      exclude: none\n      mix: {popularity: {share: 1, exponent: 1, group_by: region}}',
      '{events: {click: 1}}',
      users,
    );
    assert.deepEqual(await weights('exponent: 1, group_by: region'), {
      1: all,
      2: { 'north 2': 4096, 'north 3': 9 * 1024 },
      3: { 'south 4': 4096 },
    });
    assert.deepEqual(said(await previewed(await requestOf(root, 'recall', config), '1', '2', '3')), [
      '1 of these users has no region, or a value without events. popularity draws for this user from the pool of all users',
    ]);
  });
  test('exposed_random draws from the exposures of the window', async () => {
    const preview = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {exposed_random: 40}\n      exclude: none', '{events: {click: 1}}'),
      ),
      '1',
    );
    const own =
      groupsOf(preview, '1')[0]?.rows.flatMap(({ item, why }) =>
        why.kind === 'pool' ? [[item, why.weight, why.total] as const] : [],
      ) ?? [];
    assert.deepEqual([...own].sort(), [
      ['2', 4096, 18432],
      ['3', 9216, 18432],
      ['4', 4096, 18432],
      ['6', 1024, 18432],
    ]);
  });
  function without(all: Readonly<Record<string, number>>, item: string): Record<string, number> {
    return Object.fromEntries(Object.entries(all).filter(([name]) => name !== `all ${item}`));
  }

  test('facts of all users: popularity bins and percentiles, their positives, missing exposures', async () => {
    const { facts, totals } = await previewed(
      await requestOf(
        root,
        'recall',
        recall(
          'per_positive: 10\n      mix: {global_random: 0.5, popularity: {share: 0.5, exponent: 1}}',
          '{events: {click: 1}}',
        ),
      ),
      '1',
    );
    // Hottest first: 3 (9 clicks), 2 and 4 (4 each), 1, then 6 and 7; 5 is offline.
    assert.equal(facts.corpus, 6);
    assert.deepEqual(facts.bins.corpus, [1, 1, 1, 1, 1, 1]);
    assert.deepEqual(facts.bins.positives, [9, 4, 4, 2, 0, 0]);
    assert.deepEqual(
      facts.bins.to.map((to) => Math.round(to * 6)),
      [1, 2, 3, 4, 5, 6],
    );
    assert.equal(facts.positives, 22);
    assert.equal(facts.items['1']?.percentile, 50);
    assert.deepEqual(facts.items['1'].attributes, { city: 'x' });
    assert.equal(facts.items['1'].title, 'Item 1');
    // Exposures by item: 1, 4, 9, 4, 1 (offline), 1, 3 (not in the corpus), of 23; the corpus has six equal items.
    const js = (p: readonly number[], q: readonly number[]): number =>
      p.reduce((sum, x, k) => {
        const y = q[k] ?? 0;
        const term = (a: number): number => (a > 0 ? a * Math.log2(a / ((x + y) / 2)) : 0);
        return sum + (term(x) + term(y)) / 2;
      }, 0);
    const sixth = 1 / 6;
    const exposures = [1, 4, 9, 4, 1, 1, 0, 3].map((n) => n / 23);
    const input = [sixth, sixth, sixth, sixth, 0, sixth, sixth, 0];
    assert.ok(Math.abs((facts.exposureDistance ?? 0) - js(exposures, input)) < 1e-12);
    const clicks = [1, 4, 9, 4, 0, 0, 0, 0].map((n) => n / 18);
    assert.equal(totals.entries[0]?.distance, 0);
    assert.ok(Math.abs((totals.entries[1]?.distance ?? 0) - js(clicks, input)) < 1e-12);
  });
});
