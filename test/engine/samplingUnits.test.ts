import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { groupsOf, previewed, requestOf, said, taken, writeWorld } from './samplingCase.ts';
import { corpus, day, events, head, shown } from './samplingWorlds.ts';

const fine = (options: string): string =>
  `${head}${events}stages:\n  fine_ranking:\n    unit: impression\n    positives: {events: {click: 1, long_play: 2}}\n    negatives: {mix: {exposed_unclicked: ${options}}}\n`;

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
    assert.deepEqual([preview.facts.groups, preview.facts.positives, preview.facts.exposureDistance], [3, 4, null]);
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

test('exposures of one key with different outcomes are reported', async () => {
  const root = await writeWorld('contradiction', {
    impressions: shown([
      [1, 1, day(2), 'a', 1, true, true],
      [1, 1, day(2), 'a', 1, true, false],
      [1, 2, day(2), 'a', 2, true, false],
      [1, 2, day(2), 'a', 2, true, false],
    ]),
    items: corpus([
      [1, 'x'],
      [2, 'x'],
    ]),
  });
  assert.deepEqual(said(await previewed(await requestOf(root, 'fine_ranking', fine('1')), '1')), [
    '2 exposures of these users have the same user, item, time, request and position as another',
    '1 exposure of these users contradicts another: the same user, item, time, request and position, but one has a positive event',
  ]);
});
