import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { groupsOf, negatives, previewed, requestOf, said, taken, writeWorld } from './samplingCase.ts';

// Small worlds with answers worked out by hand. Quotas exceed the lists, so the drawn items do not depend on the seed.

/** Times of the log: `day(2, 10)` is 2 November at 10:00. */
const day = (date: number, hour = 10): string =>
  `TIMESTAMP '2026-11-${String(date).padStart(2, '0')} ${String(hour).padStart(2, '0')}:00:00'`;
const shown = (
  rows: readonly (readonly [
    user: number | null,
    item: number | null,
    time: string,
    request: string | null,
    position: number,
    viewed: boolean,
    click: boolean,
    seconds?: number,
  ])[],
): string =>
  `SELECT * FROM (VALUES ${rows
    .map(
      ([user, item, time, request, position, viewed, click, seconds = 0]) =>
        `(CAST(${user ?? 'NULL'} AS BIGINT), CAST(${item ?? 'NULL'} AS BIGINT), CAST(${time} AS TIMESTAMP), ${request === null ? 'CAST(NULL AS VARCHAR)' : `'${request}'`}, ${position}, ${viewed}, ${click}, ${seconds})`,
    )
    .join(', ')}) t(user_id, item_id, ts, request_id, position, is_viewed, is_click, seconds)`;
const corpus = (
  rows: readonly (readonly [item: number, city: string | null, status?: string, created?: string, removed?: string])[],
): string =>
  `SELECT * FROM (VALUES ${rows
    .map(
      ([item, city, status = 'online', created = 'NULL', removed = 'NULL']) =>
        `(CAST(${item} AS BIGINT), ${city === null ? 'CAST(NULL AS VARCHAR)' : `'${city}'`}, '${status}', CAST(${created} AS TIMESTAMP), CAST(${removed} AS TIMESTAMP), 'Item ${item}')`,
    )
    .join(', ')}) t(item_id, city, status, created_at, removed_at, title)`;

const head = `version: 1
seed: hand
data:
  impressions: {path: data/impressions.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id, position: position, viewed: is_viewed}}
  items: {path: data/items.parquet, columns: {item: item_id, created: created_at, removed: removed_at, attributes: [city]}, where: {status: online}}
`;
const events = `events: {click: is_click, long_play: {column: seconds, op: ">=", value: 7}}
window: {train: {from: 2026-11-01, to: 2026-11-10}, eval: {from: 2026-11-11, to: 2026-11-12}}
`;
const recall = (negatives: string, positives = '{events: {click: 1, long_play: 2}}', more = ''): string =>
  `${head}${more}${events}stages:\n  recall:\n    unit: positive\n    positives: ${positives}\n    negatives:\n      ${negatives}\n`;

describe('groups and lists of the unit positive', () => {
  let root = '';
  before(async () => {
    root = await writeWorld('positive', {
      impressions: shown([
        [1, 1, day(2), 'a', 1, true, true, 9],
        [1, 2, day(2), 'a', 2, true, false],
        [1, 3, day(2), 'a', 3, false, false],
        [1, 4, day(3), 'b', 1, true, true],
        [1, 5, day(3), 'b', 2, true, false],
        [1, 5, day(3), 'b', 2, true, false],
        // Shown twice, clicked once: never a negative.
        [1, 6, day(4), 'c', 1, true, false],
        [1, 6, day(5), 'd', 1, true, true],
        // The same positive again.
        [1, 6, day(5), 'd', 1, true, true],
        // The first is too close to the cut to be mature; the others are after the window.
        [1, 7, `TIMESTAMP '2026-11-10 23:45:00'`, 'e', 1, true, false],
        [1, 8, day(11), 'f', 1, true, false],
        [1, 9, day(11), 'f', 2, true, true],
        // Before the window.
        [1, 10, "TIMESTAMP '2026-10-20 10:00:00'", 'g', 1, true, true],
        [2, 2, day(2), 'h', 1, true, true],
        [null, 2, day(2), 'i', 1, true, true],
        [2, 2, 'NULL', 'j', 1, true, true],
      ]),
      items: corpus([
        [1, 'x'],
        [2, 'x'],
        [3, 'x'],
        [4, 'y'],
        [5, 'y'],
        [6, null],
        [7, 'y'],
        [8, 'y'],
        [9, 'x'],
        [10, 'x'],
        [11, 'x', 'offline'],
        [12, 'x', 'online', day(4)],
        [13, 'x', 'online', 'NULL', day(2)],
      ]),
      users: `SELECT * FROM (VALUES (1::BIGINT, 'north'), (2, NULL)) t(user_id, region)`,
    });
  });

  test('each distinct positive of the window is one group, with its heaviest event', async () => {
    const preview = await previewed(
      await requestOf(root, 'recall', recall('per_positive: {exposed_unclicked: 1}')),
      '1',
    );
    assert.deepEqual(
      groupsOf(preview, '1').map(({ item, request, time, rows }) => [
        item,
        request,
        time,
        rows[0]?.weight,
        rows[0]?.why,
      ]),
      [
        ['1', 'a', '2026-11-02T10:00:00.000000Z', 2, { kind: 'positive', event: 'long_play' }],
        ['4', 'b', '2026-11-03T10:00:00.000000Z', 1, { kind: 'positive', event: 'click' }],
        ['6', 'd', '2026-11-05T10:00:00.000000Z', 1, { kind: 'positive', event: 'click' }],
      ],
    );
    assert.equal(groupsOf(preview, '1')[0]?.key, ['1', '1', '1793613600000000', 'a', 'long_play'].join('\u001f'));
    const [user] = preview.users;
    assert.deepEqual([user?.known, user?.shown, user?.chosen], [true, 10, 4]);
    assert.deepEqual(
      [preview.facts.groups, preview.facts.positives, preview.facts.cut],
      [4, 4, '2026-11-10T23:59:59.999999Z'],
    );
    assert.deepEqual(said(preview), [
      'Impressions without user or item, left out: 1',
      'Impressions without time, left out: 1',
      '1 positive of these users has the same user, item, time, request and event as another. The two count as one',
    ]);
  });

  test('exposed-unclicked: the request first, then the user; only seen, mature, never chosen items', async () => {
    const preview = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {exposed_unclicked: {count: 9, seen: viewed, mature_after: 30m}}'),
      ),
      '1',
    );
    const [first, second] = groupsOf(preview, '1');
    assert.deepEqual(first && negatives(first), { exposed_unclicked: ['2', '5'] });
    assert.deepEqual(second && negatives(second), { exposed_unclicked: ['5', '2'] });
    assert.deepEqual(first?.shortfall, { exposed_unclicked: { asked: 9, drawn: 2, cause: 'list' } });
    const all = await previewed(
      await requestOf(root, 'recall', recall('per_positive: {exposed_unclicked: {count: 9, scope: user}}')),
      '1',
    );
    assert.deepEqual(taken(groupsOf(all, '1')[0]), { exposed_unclicked: ['2', '3', '5', '7'] });
    const near = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {exposed_unclicked: {count: 9, scope: request, seen: above_last_click+1}}'),
      ),
      '1',
    );
    assert.deepEqual(groupsOf(near, '1').map(taken), [{ exposed_unclicked: ['2'] }, { exposed_unclicked: ['5'] }, {}]);
  });

  test('exclusion counts from the window, by a lookback, or for all time', async () => {
    const drawn = async (exclude: string): Promise<string[]> => {
      const request = await requestOf(
        root,
        'recall',
        recall(`per_positive: {global_random: 40}\n      exclude: ${exclude}`),
      );
      return taken(groupsOf(await previewed(request, '1'), '1')[1])['global_random'] ?? [];
    };
    // Item 4 is the group's own positive, 11 is offline, 12 is not created yet, 13 is already removed.
    assert.deepEqual(await drawn('none'), ['1', '10', '2', '3', '5', '6', '7', '8', '9']);
    assert.deepEqual(await drawn('{events: [click], within: train}'), ['10', '2', '3', '5', '7', '8', '9']);
    assert.deepEqual(await drawn('{events: [click], within: all}'), ['2', '3', '5', '7', '8']);
    assert.deepEqual(await drawn('{events: [click], within: train, lookback: 12h}'), [
      '1',
      '10',
      '2',
      '3',
      '5',
      '7',
      '8',
      '9',
    ]);
    assert.deepEqual(await drawn('{events: [click], within: train, lookback: 30d}'), ['2', '3', '5', '7', '8', '9']);
    assert.deepEqual(await drawn('{events: [impressions], within: train}'), ['10', '8', '9']);
  });

  test('same_attribute matches the positive; a positive without the attribute draws nothing', async () => {
    const preview = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {same_attribute: {count: 20, match: [city]}}\n      exclude: none'),
      ),
      '1',
    );
    assert.deepEqual(groupsOf(preview, '1').map(taken), [
      { same_attribute: ['10', '2', '3', '9'] },
      { same_attribute: ['5', '7', '8'] },
      {},
    ]);
    assert.deepEqual(
      groupsOf(preview, '1').map(({ shortfall }) => shortfall['same_attribute']?.cause),
      ['pool', 'pool', 'pool'],
    );
    const why = groupsOf(preview, '1')[1]?.rows.find(({ label }) => label === 0)?.why;
    assert.deepEqual(why?.kind === 'pool' && [why.pool, why.size, why.weight, why.total], ['y', 4, 1, 3]);
  });

  test('the positives of the evaluation draw exposures of their window, and popularity as it was at the training cut', async () => {
    const preview = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {exposed_unclicked: 9, popularity: {count: 9, exponent: 1}}\n      exclude: none'),
        { split: 'eval' },
      ),
      '1',
    );
    assert.deepEqual(
      groupsOf(preview, '1').map(({ item }) => item),
      ['9'],
    );
    assert.deepEqual(taken(groupsOf(preview, '1')[0]), { exposed_unclicked: ['8'], popularity: ['1'] });
  });

  test('max_per_user_per_day caps positives, and downsample_hot drops hot ones', async () => {
    const capped = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {global_random: 1}', '{events: {click: 1}, max_per_user_per_day: 1}'),
      ),
      '1',
    );
    assert.equal(groupsOf(capped, '1').length, 3);
    const thinned = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {global_random: 1}', '{events: {click: 1}, downsample_hot: {threshold: 0.1}}'),
      ),
      '1',
    );
    // Each of the four positives has its own item: f = 1/4, t = 1/10.
    const keep = (Math.sqrt(2.5) + 1) * 0.4;
    assert.ok(Math.abs(keep - 1.0325) < 1e-3);
    assert.ok(groupsOf(thinned, '1').every(({ rows }) => rows[0]?.keepProbability === 1));
    const hard = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {global_random: 1}', '{events: {click: 1}, downsample_hot: {threshold: 0.001}}'),
      ),
      '1',
    );
    const kept = groupsOf(hard, '1').map(({ rows }) => rows[0]?.keepProbability ?? 0);
    assert.ok(kept.every((p) => Math.abs(p - (Math.sqrt(250) + 1) / 250) < 1e-12));
    assert.deepEqual(
      said(hard).filter((text) => text.includes('downsample_hot')),
      [`${3 - kept.length} positives of these users are dropped by downsample_hot`],
    );
  });
});

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
    assert.ok(Math.abs((facts.exposureBias ?? 0) - js(exposures, input)) < 1e-12);
    const clicks = [1, 4, 9, 4, 0, 0, 0, 0].map((n) => n / 18);
    assert.equal(totals.entries[0]?.biasRemoved, 1);
    assert.ok(Math.abs((totals.entries[1]?.biasRemoved ?? 0) - (1 - js(clicks, input) / js(exposures, input))) < 1e-12);
  });
});

describe('the units request and impression', () => {
  let root = '';
  before(async () => {
    root = await writeWorld('units', {
      impressions: shown([
        [1, 1, day(2), 'a', 1, true, true],
        [1, 2, day(2), 'a', 2, true, true, 9],
        [1, 3, day(2), 'a', 3, false, false],
        [1, 3, day(2), 'a', 3, false, false],
        [1, 3, day(2), 'a', 4, true, false],
        [1, 4, day(3), null, 1, true, false],
        [1, 5, day(3), null, 2, true, true],
        [1, 4, "TIMESTAMP '2026-11-10 23:59:00'", 'z', 1, true, true],
      ]),
      items: corpus(Array.from({ length: 12 }, (_, k) => [k + 1, 'x'] as const)),
      candidates: `SELECT * FROM (VALUES
        (1::BIGINT, 'a', 1::BIGINT, 'i2i', 1, 'exposed', 0.9), (1, 'a', 6, 'i2i', 150, 'coarse', 0.8), (1, 'a', 6, 'hot', 20, 'coarse', NULL), (1, 'a', 7, 'i2i', 120, 'fine', 0.7), (1, 'a', 7, 'hot', 130, 'recall', 0.1),
        (1, 'a', 8, 'i2i', 500, 'coarse', 0.6), (1, 'a', 9, 'hot', 501, 'coarse', 0.5), (1, 'a', 10, NULL, NULL, 'recall', NULL),
        (1, 'b', 8, 'hot', 101, 'fine', 0.2), (1, NULL, 8, 'hot', 101, 'fine', 0.2), (NULL, 'a', 11, 'hot', 101, 'fine', 0.2)
        ) t(user_id, request_id, item_id, channel, recall_rank, reached, coarse_score)`,
    });
  });
  const candidates =
    '  candidates: {path: data/candidates.parquet, columns: {user: user_id, item: item_id, request: request_id, channel: channel, rank: recall_rank, reached: reached, score: coarse_score}}\n';
  const coarse = (per: string, data = candidates): string =>
    `${head}${data}${events}stages:\n  coarse_ranking:\n    unit: request\n    positives: {events: {click: 1, long_play: 2}}\n    negatives:\n      per_request: ${per}\n`;
  const fine = (options: string): string =>
    `${head}${events}stages:\n  fine_ranking:\n    unit: impression\n    positives: {events: {click: 1, long_play: 2}}\n    negatives: {mix: {exposed_unclicked: ${options}}}\n`;

  test('coarse ranking: each request of the candidates with a time is a group', async () => {
    const config = coarse(
      '{exposed_unclicked: 9, hard_rank: 9, hot: {source: hard_rank, count: 9, channel: hot, ranks: [1, 130]}, hard_score: {count: 9, skip: 1, top: 2}, coarse_filtered: {count: 9, by: channel}, ranked_unexposed: 9}',
    );
    const preview = await previewed(await requestOf(root, 'coarse_ranking', config), '1');
    const [group, ...others] = groupsOf(preview, '1');
    // `b` has no time; the third one has no request in the candidates.
    assert.deepEqual(others, []);
    assert.deepEqual([group?.key, group?.item, group?.time], ['a', null, '2026-11-02T10:00:00.000000Z']);
    assert.deepEqual(
      group?.rows.filter(({ label }) => label === 1).map(({ item, weight }) => [item, weight]),
      [
        ['1', 1],
        ['2', 2],
      ],
    );
    assert.deepEqual(taken(group), {
      exposed_unclicked: ['3'],
      hard_rank: ['7', '8'],
      hot: ['6', '7'].sort(),
      coarse_filtered: ['6', '8', '9'],
      ranked_unexposed: ['7'],
      // Acceptable items by score: 6, 7, 8, 9, 10.
      hard_score: ['7', '8'],
    });
    // Both channels have item 6.
    const turns = group.rows.flatMap(({ entry, item, why }) =>
      entry === 'coarse_filtered' && item !== '6' && why.kind === 'list' ? [`${item} ${why.channel ?? ''}`] : [],
    );
    assert.deepEqual(turns.sort(), ['8 i2i', '9 hot']);
    assert.deepEqual(said(preview), [
      'Candidates without user, item or request, left out: 2',
      '1 request of these users has no time and is left out',
      '2 positives of these users are left out: their requests are missing from data.candidates',
    ]);
    assert.deepEqual([preview.facts.groups, preview.facts.positives], [1, 2]);
  });

  test('without candidates, each request of the impressions is a group; others by user and time', async () => {
    const preview = await previewed(await requestOf(root, 'coarse_ranking', coarse('{exposed_unclicked: 9}', '')), '1');
    const at = String(Date.UTC(2026, 10, 3, 10) * 1000);
    assert.deepEqual(
      groupsOf(preview, '1').map(({ key }) => key),
      ['a', `1\u001f${at}`, 'z'],
    );
    assert.deepEqual(groupsOf(preview, '1').map(taken), [{ exposed_unclicked: ['3'] }, {}, {}]);
    assert.deepEqual([preview.facts.groups, preview.facts.positives, preview.facts.exposureBias], [3, 4, null]);
  });

  test('fine ranking: every exposure is a row; unseen and immature ones are left out and reported', async () => {
    const all = await previewed(await requestOf(root, 'fine_ranking', fine('1')), '1');
    assert.deepEqual([all.totals.positives, all.totals.negatives, all.facts.groups, all.facts.positives], [4, 4, 8, 4]);
    assert.deepEqual(said(all), [
      '1 exposure of these users has the same user, item, time, request and position as another',
    ]);
    const seen = await previewed(
      await requestOf(root, 'fine_ranking', fine('{share: 1, seen: viewed, mature_after: 30m}')),
      '1',
    );
    assert.deepEqual(
      groupsOf(seen, '1').map(({ item, rows: [row] }) => [item, row?.label, row?.weight, row?.why]),
      [
        ['1', 1, 1, { kind: 'exposure', event: 'click' }],
        ['2', 1, 2, { kind: 'exposure', event: 'long_play' }],
        ['3', 0, 1, { kind: 'exposure', event: null }],
        ['4', 0, 1, { kind: 'exposure', event: null }],
        ['5', 1, 1, { kind: 'exposure', event: 'click' }],
      ],
    );
    assert.deepEqual([seen.facts.groups, seen.facts.positives], [5, 3]);
    assert.deepEqual(said(seen), [
      '2 exposures of these users do not count as seen and are left out',
      '1 exposure of these users is dropped by mature_after: it is too close to the end of the known outcomes',
    ]);
    const near = await previewed(
      await requestOf(root, 'fine_ranking', fine('{share: 1, seen: above_last_click+1}')),
      '1',
    );
    assert.deepEqual(
      groupsOf(near, '1').map(({ item }) => item),
      ['1', '2', '3', '3', '4', '5', '4'],
    );
    assert.equal(near.facts.groups, 7);
  });
});
