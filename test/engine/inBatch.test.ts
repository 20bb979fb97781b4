import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import type { InBatchGroup } from '../../src/core/sampling/drawn.ts';
import type { Preview } from '../../src/core/sampling/answers.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, failureCode } from './fixture.ts';
import { groupsOf, previewed, requestOf, writeWorld } from './samplingCase.ts';

// test/sampling compares the order of batches, with downsample_hot and caps, with the reference. This file has answers
// worked out by hand, and checks what is read when.

const config = (inBatch: string, { seed = 'hand', share = '0.5' } = {}): string => `version: 1
seed: ${seed}
data:
  impressions: {path: data/impressions.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: data/items.parquet, columns: {item: item_id}}
events: {click: is_click}
window: {train: {from: 2026-11-01, to: 2026-11-10}, eval: {from: 2026-11-11, to: 2026-11-12}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: 4, mix: {global_random: ${share}, popularity: {share: ${String(1 - Number(share))}, exponent: 0.5}}}
    training: {${inBatch}}
`;
const batches = (size: number, more = ''): string => `in_batch: {batch_size: ${size}${more}}`;

/** Clicks of ann: 1, 1, 2, 3. Clicks of bob: 1, 2, 4, 4. Click of cat, after the window: 5. */
async function world(name: string): Promise<string> {
  const clicks = [
    ['ann', 1],
    ['ann', 1],
    ['ann', 2],
    ['ann', 3],
    ['bob', 1],
    ['bob', 2],
    ['bob', 4],
    ['bob', 4],
  ].map(([user, item], k) => `('${user ?? ''}', ${item ?? 0}, TIMESTAMP '2026-11-02 10:00:0${k}', 'r${k}', true)`);
  return await writeWorld(name, {
    impressions: `SELECT * FROM (VALUES ${clicks.join(', ')}, ('ann', 9, TIMESTAMP '2026-11-03 10:00:00', 'x', false), ('cat', 5, TIMESTAMP '2026-11-11 10:00:00', 'y', true)) t(user_id, item_id, ts, request_id, is_click)`,
    items: `SELECT range AS item_id FROM range(1, 21)`,
  });
}
const batchesOf = (preview: Preview, user: string): (InBatchGroup | undefined)[] =>
  groupsOf(preview, user).map(({ inBatch }) => inBatch);

/** The distinct progress messages of the engine. */
async function doings(request: SamplingRequest): Promise<string[]> {
  const said = new Set<string>();
  await engine.call(
    'preview',
    { ...request, users: ['ann'], groupLimit: null },
    {
      progress: ({ message }) => {
        said.add(render(message));
      },
    },
  );
  return [...said];
}

describe('one batch of all positives', () => {
  let root = '';
  before(async () => {
    root = await world('one batch');
  });

  test('in-batch negatives keep duplicates, mask the same item, count false negatives and set log q', async () => {
    const preview = await previewed(await requestOf(root, 'recall', config(batches(64))), 'bob', 'ann');
    const [first, , third, last] = batchesOf(preview, 'ann');
    const logQ = (times: number): number => Math.log(times / 8);
    assert.deepEqual(first, {
      batch: 0,
      others: 7,
      masked: 2,
      distinct: 3,
      falseNegatives: 3,
      items: [
        { item: '2', count: 2, logQ: logQ(2) },
        { item: '4', count: 2, logQ: logQ(2) },
        { item: '3', count: 1, logQ: logQ(1) },
      ],
    });
    // Items 1 and 3 are false negatives for the positive 2; items 1 and 2 for 3.
    assert.deepEqual(
      [third?.masked, third?.falseNegatives, last?.masked, last?.falseNegatives, last?.distinct],
      [1, 4, 0, 5, 3],
    );
    const all = ['ann', 'bob'].flatMap((user) => batchesOf(preview, user));
    assert.deepEqual(
      preview.inBatch && [
        preview.inBatch.positives,
        preview.inBatch.batches,
        preview.inBatch.negatives,
        preview.inBatch.masked,
        preview.inBatch.falseNegatives,
      ],
      [
        8,
        1,
        all.reduce((sum, one) => sum + (one ? one.others - one.masked : 0), 0),
        2 + 2 + 1 + 0 + 2 + 1 + 1 + 1,
        all.reduce((sum, one) => sum + (one?.falseNegatives ?? 0), 0),
      ],
    );
    assert.equal(
      preview.inBatch?.bins.reduce((sum, count) => sum + count, 0),
      preview.inBatch?.negatives,
    );
    assert.ok(preview.facts.items['4'], 'what is named is described');
  });
  test('without the mask, the same item counts as a false negative', async () => {
    const preview = await previewed(
      await requestOf(root, 'recall', config(batches(64, ', mask_same_item: false'))),
      'ann',
    );
    assert.deepEqual(
      batchesOf(preview, 'ann').map((one) => one && [one.masked, one.falseNegatives]),
      [
        [0, 5],
        [0, 5],
        [0, 5],
        [0, 5],
      ],
    );
  });
  test('the positives of the evaluation are batched among themselves', async () => {
    const preview = await previewed(
      await requestOf(root, 'recall', config(batches(64)), { split: 'eval' }),
      'cat',
      'ann',
    );
    assert.deepEqual(
      [batchesOf(preview, 'cat').map((one) => one?.others), batchesOf(preview, 'ann'), preview.inBatch?.positives],
      [[0], [], 1],
    );
  });
  test('users without positives have no batch, but the totals of all users are shown', async () => {
    const request = await requestOf(root, 'recall', config(batches(3)));
    for (const users of [[], ['cat'], ['nobody']])
      assert.deepEqual(
        await previewed(request, ...users).then(
          ({ inBatch }) => inBatch && [inBatch.positives, inBatch.batches, inBatch.negatives],
        ),
        [8, 3, 0],
      );
  });
  test('a pair shows its count with this seed and the expected count', async () => {
    const pair = async (user: string, item: string, more = ''): Promise<unknown> =>
      (
        await engine.call('explainPair', {
          ...(await requestOf(root, 'recall', config(batches(64, more)))),
          user,
          item,
        })
      ).inBatch;
    assert.deepEqual(await pair('ann', '4'), {
      order: 'user',
      times: 2,
      positives: 8,
      groups: 4,
      drawn: 8,
      expected: 8,
    });
    assert.deepEqual(await pair('ann', '1'), {
      order: 'user',
      times: 3,
      positives: 8,
      groups: 2,
      drawn: 6,
      expected: 6,
    });
    assert.deepEqual(await pair('ann', '1', ', mask_same_item: false'), {
      order: 'user',
      times: 3,
      positives: 8,
      groups: 4,
      drawn: 10,
      expected: 10,
    });
    assert.deepEqual(
      [await pair('ann', '9'), await pair('ann', '99'), await pair('cat', '1')],
      [
        { order: 'user', times: 0, positives: 8, groups: 0, drawn: 0, expected: 0 },
        { order: 'user', times: 0, positives: 8, groups: 0, drawn: 0, expected: 0 },
        { order: 'user', times: 3, positives: 8, groups: 0, drawn: 0, expected: 0 },
      ],
    );
  });
});

describe('reading data for batches', () => {
  test('batches are made only if configured, and once per seed', async () => {
    const root = await world('read when');
    const making = 'Making the batches';
    assert.ok(
      !(await doings(await requestOf(root, 'recall', config('loss: pairwise')))).some((text) =>
        [making, 'Reading the positives'].includes(text),
      ),
    );
    assert.ok((await doings(await requestOf(root, 'recall', config(batches(3))))).includes(making));
    assert.ok(!(await doings(await requestOf(root, 'recall', config(batches(3), { share: '0.25' })))).includes(making));
    const another = await doings(await requestOf(root, 'recall', config(batches(3), { seed: 'other' })));
    assert.deepEqual([another.includes(making), another.includes('Reading the positives')], [true, false]);
  });
  test('a seed abandoned while its batches are made changes no answer of any seed', async () => {
    const root = await world('left');
    const request = async (seed: string): Promise<SamplingRequest> =>
      await requestOf(root, 'recall', config(batches(3), { seed }));
    const [a, b] = [await request('a'), await request('b')];
    const before = batchesOf(await previewed(a, 'ann'), 'ann');
    const leaving = new AbortController();
    const left = engine.call(
      'preview',
      { ...b, users: ['ann'], groupLimit: null },
      {
        signal: leaving.signal,
        progress: ({ message }) => {
          if (message.text === 'Making the batches') leaving.abort();
        },
      },
    );
    assert.equal(await failureCode(left), 'cancelled');
    // Other users have other batches, so they are read from the table again.
    const again = await previewed(a, 'ann', 'bob');
    assert.deepEqual(batchesOf(again, 'ann'), before);
    const fresh = await requestOf(await world('fresh'), 'recall', config(batches(3), { seed: 'b' }));
    assert.deepEqual(
      batchesOf(await previewed(b, 'ann', 'bob'), 'bob'),
      batchesOf(await previewed(fresh, 'ann', 'bob'), 'bob'),
    );
  });
});
