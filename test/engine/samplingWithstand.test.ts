import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { PreviewRequest } from '../../src/protocol/sampling.ts';
import { engine, failureCode } from './fixture.ts';
import { groupsOf, previewed, requestOf, said, taken, writeWorld } from './samplingCase.ts';
import { config, impressions, items } from './samplingWithstandCase.ts';

// Previews with odd users, cancelled previews, and NaN.

describe('users', () => {
  let root = '';
  before(async () => {
    root = await writeWorld('users', { impressions: impressions(), items });
  });

  test('a user who clicked everything gets no negatives, with the reason', async () => {
    const preview = await previewed(
      await requestOf(root, 'recall', config('{global_random: 3, exposed_unclicked: 2}')),
      'all',
    );
    assert.equal(groupsOf(preview, 'all').length, 20);
    assert.ok(
      groupsOf(preview, 'all').every(
        ({ rows, shortfall }) =>
          rows.length === 1 &&
          shortfall['global_random']?.cause === 'pool' &&
          shortfall['exposed_unclicked']?.cause === 'list',
      ),
    );
    assert.deepEqual(
      preview.totals.entries.map(({ asked, drawn, shortGroups }) => [asked, drawn, shortGroups]),
      [
        [40, 0, 20],
        [60, 0, 20],
      ],
    );
  });

  test('a user without clicks has no group; an unknown user is reported; each user is answered once', async () => {
    const preview = await previewed(
      await requestOf(root, 'recall', config('{global_random: 1}')),
      'nobody',
      'none',
      'few',
      'nobody',
      "o'hara",
    );
    assert.deepEqual(
      preview.users.map(({ user, isKnown, impressions, positiveImpressions, groupCount }) => [
        user,
        isKnown,
        impressions,
        positiveImpressions,
        groupCount,
      ]),
      [
        ['nobody', false, 0, 0, 0],
        ['none', true, 20, 0, 0],
        ['few', true, 20, 5, 5],
        ["o'hara", false, 0, 0, 0],
      ],
    );
  });

  test('no users at all', async () => {
    const preview = await previewed(await requestOf(root, 'recall', config('{global_random: 1}')));
    assert.deepEqual([preview.users, preview.totals.groups, preview.facts.groups], [[], 0, 25]);
  });

  test('a pool of one item draws this item', async () => {
    const request = await requestOf(root, 'recall', config('{global_random: {count: 2, where: {item_id: i7}}}'));
    const preview = await previewed(request, 'few');
    assert.deepEqual(
      groupsOf(preview, 'few').map(taken),
      Array.from({ length: 5 }, () => ({ global_random: ['i7'] })),
    );
    assert.ok(groupsOf(preview, 'few').every(({ rows }) => rows[1]?.logQ === 0));
  });

  test('a window without rows, and a log without positives, draw nothing', async () => {
    const empty = await previewed(
      await requestOf(
        root,
        'recall',
        `${config('{popularity: 3, exposed_random: 3, exposed_unclicked: 3}')}window: {train: {from: 2020-01-01, to: 2020-01-02}}\n`,
      ),
      'few',
    );
    assert.deepEqual(
      [
        empty.users.map(({ isKnown, impressions, groupCount }) => [isKnown, impressions, groupCount]),
        empty.facts.positives,
        empty.totals.negatives,
      ],
      [[[true, 0, 0]], 0, 0],
    );
    assert.equal(empty.facts.exposureDistance, null);
    await writeWorld('unclicked', {
      impressions: impressions('false').replace('true AS is_click', 'false AS is_click'),
      items,
    });
    const none = await previewed(
      await requestOf(join(root, '../unclicked'), 'recall', config('{popularity: 3}')),
      'few',
      'all',
    );
    assert.deepEqual(
      [
        none.users.map(({ positiveImpressions }) => positiveImpressions),
        none.facts.positives,
        none.totals.entries[0]?.distance,
      ],
      [[0, 0], 0, null],
    );
  });

  test('clicks without a request, or of requests missing from the candidates, are reported', async () => {
    const text = config('{global_random: 1}')
      .replace(
        / {2}recall: .*/,
        '  coarse_ranking: {unit: request, positives: {events: {click: 1}}, negatives: {per_request: {global_random: 1}}}',
      )
      .replace(
        'events:',
        '  candidates: {path: data/candidates.parquet, columns: {user: user_id, item: item_id, request: request_id}}\nevents:',
      );
    const odd = await writeWorld('unretrieved', {
      impressions: `SELECT * REPLACE (CASE WHEN item_id = 'i4' THEN NULL ELSE request_id END AS request_id) FROM (${impressions()})`,
      items,
      candidates: `SELECT 'few' AS user_id, 'i' || range AS item_id, 'rf' || range AS request_id FROM range(2, 9)`,
    });
    const preview = await previewed(await requestOf(odd, 'coarse_ranking', text), 'few');
    // i0 and i1 were clicked in requests without candidates, i4 in no request; i2 and i3 in other requests.
    assert.deepEqual(
      groupsOf(preview, 'few')
        .flatMap(({ rows }) => rows.filter(({ label }) => label === 1).map(({ item }) => item))
        .sort(),
      ['i2', 'i3'],
    );
    assert.ok(
      said(preview).includes(
        '3 positives of these users are left out: their requests are missing from data.candidates',
      ),
      said(preview).join('\n'),
    );
    assert.deepEqual(said(await previewed(await requestOf(root, 'recall', config('{global_random: 1}')), 'few')), []);
  });

  test('an entry that draws nothing names its window, condition or empty file', async () => {
    const base = config('{global_random: {count: 1, where: {item_id: none}}}');
    const cases: readonly (readonly [string, readonly string[]])[] = [
      [
        `${base}window: {train: {from: 2026-11-09, to: 2026-11-01}}\n`,
        [
          'The window train is empty: it ends before it begins',
          'global_random has nothing to draw from: no eligible item passes its where',
        ],
      ],
      [
        `${config('{global_random: 1}')}window: {train: {from: 2020-01-01, to: 2020-01-02}}\n`,
        ['The window train has no positives of any user'],
      ],
      [`${config('{global_random: 1}')}window: {train: {from: 2026-11-01}}\n`, []],
      [
        config('{global_random: 1}').replace('request: request_id}', 'request: request_id}, where: {user_id: nobody}'),
        ['No row of data.impressions passes its where'],
      ],
      [
        config('{global_random: 1}').replace('item: item_id}}', 'item: item_id}, where: {item_id: none}}'),
        ['No row of data.items passes its where'],
      ],
    ];
    for (const [text, expected] of cases) {
      const preview = await previewed(await requestOf(root, 'recall', text), 'few');
      assert.deepEqual(said(preview), expected, text);
      if (expected.length > 0) assert.equal(preview.totals.negatives, 0, text);
    }
    const bare = await writeWorld('empty', { impressions: impressions(), items: `${items} LIMIT 0` });
    assert.deepEqual(said(await previewed(await requestOf(bare, 'recall', config('{global_random: 1}')), 'few')), [
      'data.items has no rows',
    ]);
  });

  test('a log without rows', async () => {
    const bare = await writeWorld('bare', { impressions: `${impressions()} LIMIT 0`, items });
    const preview = await previewed(
      await requestOf(bare, 'recall', config('{global_random: 3, exposed_unclicked: 1}')),
      'few',
    );
    assert.deepEqual([preview.users[0]?.isKnown, preview.facts.corpus, preview.facts.positives], [false, 20, 0]);
  });

  test('100,000 exposures of one user', async () => {
    const heavy = await writeWorld('heavy', {
      impressions: `SELECT 7 AS user_id, range % 50000 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (range) SECOND AS ts, range // 10 AS request_id, range % 100 = 0 AS is_click FROM range(100000)`,
      items: 'SELECT range AS item_id FROM range(60000)',
    });
    const request = await requestOf(heavy, 'recall', config('{exposed_unclicked: 5, global_random: 5}'));
    const preview = await engine.call('preview', { ...request, users: ['7'], groupLimit: 3 });
    // Items with a click are those of even hundreds; they were clicked twice.
    assert.deepEqual(
      [preview.users[0]?.groupCount, preview.users[0]?.groups.length, preview.totals.groups, preview.totals.negatives],
      [1000, 3, 1000, 10_000],
    );
    assert.ok(
      preview.users[0]?.groups.every(({ rows }) => rows.slice(1).every(({ item }) => Number(item) % 100 !== 0)),
    );
  });
});

describe('cancelling a preview', () => {
  let request: PreviewRequest;
  before(async () => {
    const root = await writeWorld('cancelled', {
      impressions: `SELECT range % 3 AS user_id, range % 5000 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (range) SECOND AS ts, range AS request_id, range % 2 = 0 AS is_click FROM range(30000)`,
      items: 'SELECT range AS item_id FROM range(6000)',
    });
    request = {
      ...(await requestOf(root, 'recall', config('{global_random: 100}'))),
      users: ['0', '1', '2'],
      groupLimit: 1,
    };
  });

  test('a preview cancelled before its start ends as cancelled', async () => {
    assert.equal(await failureCode(engine.call('preview', request, { signal: AbortSignal.abort() })), 'cancelled');
  });

  test('a preview is cancelled while reading or drawing, and the next one is complete', async () => {
    for (const wanted of ['Reading the items', 'Drawing']) {
      const abort = new AbortController();
      const seen: string[] = [];
      const running = engine.call('preview', request, {
        signal: abort.signal,
        progress: ({ message: { text } }) => {
          seen.push(text);
          if (text === wanted) abort.abort();
        },
      });
      assert.equal(await failureCode(running), 'cancelled', seen.join());
      assert.equal(seen.at(-1), wanted);
    }
    const whole = await engine.call('preview', request);
    assert.deepEqual([whole.totals.groups, whole.totals.negatives], [15_000, 1_500_000]);
  });

  test('of two previews at once, only the cancelled one ends', async () => {
    const abort = new AbortController();
    const [cancelled, whole] = await Promise.allSettled([
      engine.call(
        'preview',
        { ...request, users: ['1'] },
        {
          signal: abort.signal,
          progress: () => {
            abort.abort();
          },
        },
      ),
      engine.call('preview', { ...request, users: ['0'] }),
    ]);
    assert.equal(cancelled.status, 'rejected');
    assert.ok(whole.status === 'fulfilled' && whole.value.totals.groups === 5000);
  });
});

describe('NaN, which DuckDB sorts above all numbers', () => {
  const text = `version: 1
seed: 1
data:
  impressions: {path: data/impressions.parquet, columns: {user: user_id, item: item_id, time: ts}}
  items: {path: data/items.parquet, columns: {item: item_id}}
events: {click: is_click, long_play: {column: play_time, op: '>=', value: 7}, stayed: {column: play_time, op: '!=', value: 0}}
stages:
  recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: {global_random: 1}}}
`;
  const rows = `SELECT 'u' AS user_id, 'i' || range AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (range) HOUR AS ts,
    CASE WHEN range < 3 THEN CAST('nan' AS REAL) ELSE CAST(range % 2 AS REAL) END AS is_click, CASE WHEN range < 5 THEN CAST('nan' AS DOUBLE) ELSE 7.5 END AS play_time FROM range(10)`;
  let root = '';
  before(async () => {
    root = await writeWorld('nan', { impressions: rows, items: `SELECT 'i' || range AS item_id FROM range(20)` });
  });

  test('NaN is not an event, in any comparison: the row is dropped and counted', async () => {
    for (const [event, positives, dropped] of [
      ['click', 4, 3],
      ['long_play', 5, 5],
      ['stayed', 5, 5],
    ] as const) {
      const preview = await previewed(await requestOf(root, 'recall', text.replace('click: 1', `${event}: 1`)), 'u');
      assert.equal(preview.totals.positives, positives, event);
      assert.deepEqual(said(preview), []);
      assert.deepEqual(preview.facts.unknown, [{ event, day: '2026-11-01', impressions: dropped }]);
    }
  });

  test('where a missing value means no event, NaN is reported', async () => {
    const known = text
      .replace('click: is_click', 'click: {column: is_click, unknown: negative}')
      .replaceAll('value: 7}', 'value: 7, unknown: negative}')
      .replaceAll('value: 0}', 'value: 0, unknown: negative}');
    for (const [event, positives] of [
      ['click', 4],
      ['long_play', 5],
      ['stayed', 5],
    ] as const) {
      const preview = await previewed(await requestOf(root, 'recall', known.replace('click: 1', `${event}: 1`)), 'u');
      assert.equal(preview.totals.positives, positives, event);
      assert.equal(preview.facts.unknown, undefined);
      assert.deepEqual(said(preview), [
        event === 'click'
          ? 'Impressions with NaN in is_click, not counted as an event: 3'
          : 'Impressions with NaN in play_time, not counted as an event: 5',
      ]);
    }
  });

  test('NaN matches no where condition', async () => {
    for (const op of ['>=', '!=']) {
      const preview = await previewed(
        await requestOf(
          root,
          'recall',
          text.replace('time: ts}}', `time: ts}, where: {play_time: {op: '${op}', value: 0}}}`),
        ),
        'u',
      );
      assert.deepEqual([preview.users[0]?.impressions, preview.totals.positives], [5, 3], op);
    }
  });

  test('NaN is not a label, a view of a sample file or a score', async () => {
    const viewed = await previewed(
      await requestOf(
        root,
        'recall',
        text
          .replace('time: ts}', 'time: ts, viewed: play_time}')
          .replace('click: 1}}', 'click: 1}}')
          .replace('global_random: 1', 'exposed_unclicked: {count: 9, seen: viewed, before: false}'),
      ),
      'u',
    );
    // Of i5 to i9, those without a click are i6 and i8; an item without a play time was not viewed.
    assert.ok(groupsOf(viewed, 'u').every((group) => taken(group)['exposed_unclicked']?.join() === 'i6,i8'));
  });
});
