import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DuckDBConnection } from '@duckdb/node-api';
import type { FoundUser, SamplingRequest, UserChoice } from '../../src/protocol/sampling.ts';
import { engine } from './fixture.ts';
import { demo, writeDemoBefore } from './lintDemo.ts';
import { groupsOf, previewed, requestOf, writeWorld } from './samplingCase.ts';

const config = (entries: string): string => `version: 1
seed: 1
data:
  impressions: {path: data/impressions.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: data/items.parquet, columns: {item: item_id, created: created_at, removed: removed_at, attributes: [city]}}
events: {click: is_click}
window: {train: {from: 2026-11-01, to: 2026-11-03}}
stages:
  recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: ${entries}}}
`;

describe('users to preview', () => {
  let request: SamplingRequest;
  before(async () => {
    const root = await writeWorld('choices', {
      // u1 has one impression, u2 two, …; u3, u6 and u9 click their first one. u10 appeared after the window.
      impressions: `SELECT 'u' || u AS user_id, k AS item_id, TIMESTAMP '2026-11-02' + INTERVAL (k) MINUTE AS ts, u || '-' || k AS request_id, u % 3 = 0 AND k = 0 AS is_click FROM range(1, 10) a(u), range(9) b(k) WHERE k < u
        UNION ALL SELECT 'u10', 1, TIMESTAMP '2026-11-09', 'late', true`,
      items: `SELECT range AS item_id, NULL::TIMESTAMP AS created_at, NULL::TIMESTAMP AS removed_at, 'x' AS city, 'Thing ' || range AS title FROM range(20)`,
    });
    request = await requestOf(root, 'recall', config('{global_random: 1, popularity: 1}'));
  });
  const found = async (choice: UserChoice, limit = 4, without: readonly string[] = []): Promise<readonly FoundUser[]> =>
    await engine.call('sampleUsers', { ...request, choice, limit, without });
  const names = (users: readonly FoundUser[]): string[] => users.map(({ user }) => user);

  test('by the beginning of their id, an equal one first', async () => {
    assert.deepEqual(await found({ kind: 'search', text: 'u1' }), [
      { user: 'u1', impressions: 1, positiveImpressions: 0 },
      { user: 'u10', impressions: 0, positiveImpressions: 0 },
    ]);
    assert.deepEqual(names(await found({ kind: 'search', text: "u'" })), []);
    assert.deepEqual(names(await found({ kind: 'search', text: '' }, 3)), ['u1', 'u10', 'u2']);
  });
  test('an id needs no search of the log; a name that users have reads only their rows', async (t) => {
    const root = await writeWorld('names', {
      impressions: `SELECT 'u' || u AS user_id, 1 AS item_id, TIMESTAMP '2026-11-02' AS ts, 'r' || u AS request_id, true AS is_click FROM range(4) a(u)
        UNION ALL SELECT 'Ann', 1, TIMESTAMP '2026-11-02', 'r9', true`,
      items: `SELECT range AS item_id, NULL::TIMESTAMP AS created_at, NULL::TIMESTAMP AS removed_at, 'x' AS city FROM range(20)`,
      // u9 is not in the log, and the user Ann is not in this table.
      users: `SELECT * FROM (VALUES ('u1', 'Bob'), ('u2', 'Eve'), ('u3', 'eve '), ('u0', 'Ann'), ('u9', 'Bob')) t(user_id, name)`,
    });
    const users = `  users: {path: data/users.parquet, columns: {user: user_id}}\nevents`;
    const asked = await requestOf(root, 'recall', config('{global_random: 1}').replace('events', users));
    const { mock } = t.mock.method(DuckDBConnection.prototype, 'run');
    const named = async (text: string): Promise<{ readonly ids: string[]; readonly log: number }> => {
      const before = mock.callCount();
      const choice = { kind: 'named', text } as const;
      const list = await engine.call('sampleUsers', { ...asked, choice, limit: 9, without: [] });
      const statements = mock.calls.slice(before).map((call) => call.arguments[0]);
      return { ids: list.map(({ user }) => user), log: statements.filter((sql) => sql.includes('request_id')).length };
    };
    assert.deepEqual(await named('u9'), { ids: ['u9'], log: 0 });
    assert.deepEqual(await named('nobody'), { ids: [], log: 0 });
    assert.deepEqual((await named('bob')).ids, ['u1']);
    assert.deepEqual((await named('EVE')).ids, ['u2', 'u3']);
    const own = await named('Ann');
    assert.deepEqual(own.ids, ['Ann']);
    assert.ok(own.log > 0, 'the log was counted');
    const item = (text: string) => engine.call('sampleItems', { ...request, text, limit: 9, named: true });
    assert.deepEqual(await item('1'), [{ item: '1', title: null }]);
    assert.equal((await item('thing 1')).length, 9);
  });
  test('the story of a user: exposures in order, events, and the newest if there are many', async () => {
    const story = await engine.call('userStory', { ...request, user: 'u3', limit: 2 });
    assert.deepEqual(
      story.exposures.map(({ item, time, request: id, isChosen }) => [item, time.slice(11, 16), id, isChosen]),
      [
        ['1', '00:01', '3-1', false],
        ['2', '00:02', '3-2', false],
      ],
    );
    assert.deepEqual(story.events, [
      { event: 'click', item: '0', time: '2026-11-02T00:00:00.000000Z', impressions: '2026-11-02T00:00:00.000000Z' },
    ]);
    assert.deepEqual(
      [story.train, story.knownUntil, story.counts],
      [
        { from: '2026-11-01T00:00:00.000000Z', to: '2026-11-03T23:59:59.999999Z' },
        '2026-11-03T23:59:59.999999Z',
        [{ entry: 'popularity', of: ['click'], from: null, to: '2026-11-03T23:59:59.999999Z' }],
      ],
    );
    assert.deepEqual([story.known, story.total, story.kinds], [true, { exposures: 3, events: 1 }, ['click']]);
    assert.deepEqual(story.titles, { 0: 'Thing 0', 1: 'Thing 1', 2: 'Thing 2' });
    assert.equal((await engine.call('userStory', { ...request, user: 'nobody', limit: 2 })).known, false);
  });
  test('a row whose click is unknown is no event, in the story and in the history of a pair', async () => {
    const root = await writeWorld('unknown', {
      impressions: `SELECT 'u' AS user_id, k AS item_id, TIMESTAMP '2026-11-02' + INTERVAL (k) MINUTE AS ts, 'r' || k AS request_id, CASE WHEN k > 0 THEN k = 1 END AS is_click FROM range(3) t(k)`,
      items: `SELECT range AS item_id, NULL::TIMESTAMP AS created_at, NULL::TIMESTAMP AS removed_at, 'x' AS city FROM range(20)`,
    });
    const unknown = await requestOf(root, 'recall', config('{global_random: 1}'));
    const story = await engine.call('userStory', { ...unknown, user: 'u', limit: 9 });
    assert.deepEqual(
      story.exposures.map(({ item, isChosen }) => [item, isChosen]),
      [
        ['0', false],
        ['1', true],
        ['2', false],
      ],
    );
    assert.deepEqual(
      [story.events.map(({ event, item }) => [event, item]), story.kinds],
      [[['click', '1']], ['click']],
    );
    const { history } = await engine.call('explainPair', { ...unknown, user: 'u', item: '0' });
    assert.deepEqual(
      history.map(({ event, times }) => [event, times]),
      [['impressions', 1]],
    );
  });
  test('items by the beginning of their id or a part of their title', async () => {
    const items = async (text: string): Promise<string[]> =>
      (await engine.call('sampleItems', { ...request, text, limit: 4 })).map(({ item }) => item);
    assert.deepEqual(await items('1'), ['1', '10', '11', '12']);
    for (const part of ['tHiNg 1', 'iNg 1']) assert.deepEqual(await items(part), ['1', '10', '11', '12'], part);
    assert.deepEqual(await items("g'"), []);
  });
  test('with the most impressions, or the fewest, of those who have groups; then the others', async () => {
    assert.deepEqual(await found({ kind: 'heaviest' }), [
      { user: 'u9', impressions: 9, positiveImpressions: 1 },
      { user: 'u6', impressions: 6, positiveImpressions: 1 },
      { user: 'u3', impressions: 3, positiveImpressions: 1 },
      { user: 'u8', impressions: 8, positiveImpressions: 0 },
    ]);
    assert.deepEqual(names(await found({ kind: 'coldest' })), ['u3', 'u6', 'u9', 'u10']);
    assert.deepEqual(names(await found({ kind: 'heaviest' }, 2, ['u9', "o'hara"])), ['u6', 'u3']);
  });
  test('at random: the same for one salt, others for another', async () => {
    const all = async (salt: number): Promise<string[]> => names(await found({ kind: 'random', salt }, 10));
    assert.deepEqual(await all(1), await all(1));
    assert.deepEqual([...(await all(1))].sort(), ['u1', 'u10', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7', 'u8', 'u9']);
    assert.notDeepEqual(await all(1), await all(2));
    assert.deepEqual((await all(1)).slice(0, 3).sort(), ['u3', 'u6', 'u9']);
  });
});

describe('explaining a pair', () => {
  let root = '';
  before(async () => {
    root = await writeWorld('pairs', {
      impressions: `SELECT * FROM (VALUES
        ('ann', 1, TIMESTAMP '2026-11-01 10:00:00', 'a', true), ('ann', 2, TIMESTAMP '2026-11-01 10:00:00', 'a', false), ('ann', 2, TIMESTAMP '2026-11-02 10:00:00', 'b', false),
        ('ann', 3, TIMESTAMP '2026-11-02 10:00:00', 'b', true), ('bob', 4, TIMESTAMP '2026-11-02 10:00:00', 'c', true)) t(user_id, item_id, ts, request_id, is_click)`,
      items: `SELECT range AS item_id, CASE WHEN range = 6 THEN TIMESTAMP '2026-11-02 00:00:00' END AS created_at, CASE WHEN range = 7 THEN TIMESTAMP '2026-11-01 00:00:00' END AS removed_at, 'x' AS city FROM range(1, 8)`,
    });
  });
  const explained = async (
    user: string,
    item: string,
    entries = '{global_random: 10, exposed_unclicked: {count: 1, scope: request}}',
  ): ReturnType<typeof engine.call<'explainPair'>> =>
    await engine.call('explainPair', { ...(await requestOf(root, 'recall', config(entries))), user, item });

  test('an item that was shown: its history, and where it is drawn', async () => {
    const {
      user,
      item,
      history,
      positiveIn,
      entries: [exposed, random],
      drawn,
      expected,
    } = await explained('ann', '2');
    assert.deepEqual(
      [user, item],
      [
        { known: true, groups: 2 },
        { created: null, removed: null, title: null, attributes: { city: 'x' }, percentile: 'no events' },
      ],
    );
    assert.deepEqual(history, [
      { event: 'impressions', times: 2, first: '2026-11-01T10:00:00.000000Z', last: '2026-11-02T10:00:00.000000Z' },
    ]);
    assert.deepEqual(
      [positiveIn, drawn, exposed?.expected, exposed?.drawnIn.length, exposed?.membership?.groups],
      [0, 4, 2, 2, 2],
    );
    // On the first day 2, 4 and 5 can be drawn; on the second also 6. Ten draws almost always find all of them.
    assert.deepEqual(
      [random?.drawnIn.length, random?.membership?.largestLogQ, random?.membership?.smallestLogQ],
      [2, Math.log(1 / 3), Math.log(1 / 4)],
    );
    assert.ok(Math.abs(expected - 2 - (1 - (2 / 3) ** 10) - (1 - (3 / 4) ** 10)) < 1e-12);
  });
  test('chosen, not yet created, removed and unknown items have their reason', async () => {
    const refused = async (item: string): Promise<unknown> =>
      (await explained('ann', item)).entries.map((entry) => entry.refused);
    const nothing = { positive: 0, excluded: 0, ineligible: 0, absent: 0 };
    assert.deepEqual(await refused('3'), [
      { ...nothing, absent: 2 },
      { ...nothing, positive: 1, excluded: 1 },
    ]);
    assert.deepEqual(await refused('6'), [
      { ...nothing, absent: 2 },
      { ...nothing, ineligible: 1 },
    ]);
    assert.deepEqual(await refused('7'), [
      { ...nothing, absent: 2 },
      { ...nothing, ineligible: 2 },
    ]);
    const unknown = await explained('ann', '99');
    assert.deepEqual(
      [unknown.item, unknown.history, unknown.expected, unknown.entries.map((entry) => entry.refused.absent)],
      [null, [], 0, [2, 2]],
    );
    assert.equal((await explained('ann', '7')).item?.removed, '2026-11-01T00:00:00.000000Z');
  });
  test('an unknown user has no groups and no history', async () => {
    const { user, history, drawn } = await explained('zoe', '2');
    assert.deepEqual([user, history, drawn], [{ known: false, groups: 0 }, [], 0]);
  });
});

describe('the demo', () => {
  writeDemoBefore();
  for (const stage of ['recall', 'coarse_ranking', 'fine_ranking'] as const) {
    test(`${stage}: a preview of some users is part of the preview of all; totals are row sums`, async () => {
      const text = readFileSync(join(demo, `configs/${stage}.ratio.yaml`), 'utf8').replaceAll('../', '');
      const request = await requestOf(demo, stage, text);
      const users = (
        await engine.call('sampleUsers', { ...request, choice: { kind: 'heaviest' }, limit: 8, without: [] })
      ).map(({ user }) => user);
      const all = await previewed(request, ...users);
      const some = await previewed(request, ...users.slice(2, 4));
      for (const { user, groups } of some.users) assert.deepEqual(groups, groupsOf(all, user));
      const rows = all.users.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
      assert.deepEqual(
        [all.totals.positives, all.totals.negatives],
        [rows.filter(({ label }) => label === 1).length, rows.filter(({ label }) => label === 0).length],
      );
      assert.deepEqual(
        all.totals.entries.map(({ drawn }) => drawn),
        request.plan.entries.map(({ name }) => rows.filter(({ entry }) => entry === name).length),
      );
      assert.ok(rows.length > 0 && rows.every(({ item }) => all.facts.items[item]?.title));
      const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
      assert.equal(sum(all.totals.positiveBins), all.totals.positives);
      assert.equal(all.facts.bins.corpus.length, all.facts.bins.to.length);
      assert.equal(all.facts.bins.to.at(-1), 1);
      assert.equal(sum(all.facts.bins.corpus), all.facts.corpus);
    });
  }
});
