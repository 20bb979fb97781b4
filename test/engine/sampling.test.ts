import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { groupsOf, negatives, previewed, requestOf, said, taken, writeWorld } from './samplingCase.ts';
import { corpus, day, recall, shown } from './samplingWorlds.ts';

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
    assert.deepEqual([user?.isKnown, user?.impressions, user?.positiveImpressions], [true, 10, 4]);
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
    // Item 5 was first shown in the request of the second group.
    assert.deepEqual(first && negatives(first), { exposed_unclicked: ['2'] });
    assert.deepEqual(second && negatives(second), { exposed_unclicked: ['5', '2'] });
    assert.deepEqual(first?.shortfall, { exposed_unclicked: { asked: 9, drawn: 1, cause: 'list' } });
    const all = await previewed(
      await requestOf(
        root,
        'recall',
        recall('per_positive: {exposed_unclicked: {count: 9, scope: user, before: false}}'),
      ),
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
