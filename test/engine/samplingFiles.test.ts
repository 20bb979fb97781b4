import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, failureCode, failureOf, parquet } from './fixture.ts';
import { previewed, requestOf, said, unpinned, writeWorld } from './samplingCase.ts';
import { config, impressions, items } from './samplingWithstandCase.ts';

// Previews with odd files and with files that change.

describe('files', () => {
  let root = '';
  before(async () => {
    root = await writeWorld('files', { impressions: impressions(), items });
  });
  const failing = async (table: string, select: string): Promise<Awaited<ReturnType<typeof failureOf>>> => {
    await parquet(`files/data/${table}.parquet`, select);
    const named =
      table === 'clicked'
        ? config('{global_random: 1}', 'data/items.parquet', 'data/clicked.parquet')
        : // A list of ids alone may repeat them.
          config('{global_random: 1}', `data/${table}.parquet`).replace(
            '{item: item_id}',
            '{item: item_id}, where: {item_id: {op: "!=", value: x}}',
          );
    const request = await requestOf(root, 'recall', named);
    return await failureOf(previewed(request, 'few'));
  };

  test('two rows of one item name the file and the item', async () => {
    const { code, message, place } = await failing('twice', `${items} UNION ALL SELECT 'i3'`);
    assert.deepEqual(
      [code, message.args, place?.path, place?.column],
      ['bad-request', [2, 'i3'], join(root, 'data/twice.parquet'), 'item_id'],
    );
  });

  test('an id with the key separator is refused', async () => {
    assert.equal((await failing('separated', `${items} UNION ALL SELECT 'a' || chr(31) || 'b'`)).code, 'unsupported');
  });

  test('rows of the corpus without an id are left out and reported', async () => {
    await parquet('files/data/nulls.parquet', `${items} UNION ALL SELECT NULL`);
    const preview = await previewed(
      await requestOf(root, 'recall', config('{global_random: 1}', 'data/nulls.parquet')),
      'few',
    );
    assert.deepEqual([said(preview), preview.facts.corpus], [['Items of the corpus without id, left out: 1'], 20]);
  });

  test('CSV and Parquet of the same rows draw the same', async () => {
    const request = await requestOf(root, 'recall', config('{global_random: 3, exposed_unclicked: 2, popularity: 2}'));
    const wanted = await previewed(request, 'few', 'all');
    writeFileSync(
      join(root, 'data/items.csv'),
      ['item_id', ...Array.from({ length: 20 }, (_, k) => `i${k}`)]
        .reverse()
        .sort((a, b) => (a === 'item_id' ? -1 : b === 'item_id' ? 1 : 0))
        .join('\n'),
    );
    const csv = await previewed(
      await requestOf(
        root,
        'recall',
        config('{global_random: 3, exposed_unclicked: 2, popularity: 2}', 'data/items.csv'),
      ),
      'few',
      'all',
    );
    assert.deepEqual(csv.users, wanted.users);
  });
});

describe('files that change', () => {
  let root = '';
  let request: SamplingRequest;
  before(async () => {
    root = await writeWorld('changing', { impressions: impressions(), items });
    request = await requestOf(root, 'recall', config('{global_random: 1}'));
  });

  test('changed files are read again with one notice; a request for the old files fails', async () => {
    assert.equal((await previewed(request, 'few')).users[0]?.groupCount, 5);
    await parquet('changing/data/impressions.parquet', impressions('range < 8'));
    assert.equal(await failureCode(previewed(request, 'few')), 'changed');
    const after = await previewed(unpinned(request), 'few');
    assert.deepEqual([after.users[0]?.groupCount, said(after)], [8, ['The files changed and were read again']]);
    assert.deepEqual(said(await previewed(unpinned(request), 'few')), []);
  });

  test('files that change during a preview: the preview is drawn from the new files', async () => {
    await previewed(unpinned(request), 'few');
    let written: Promise<unknown> | null = null;
    const preview = await engine.call(
      'preview',
      { ...unpinned(request), users: ['all'], groupLimit: null },
      {
        progress: () => {
          written ??= parquet('changing/data/impressions.parquet', impressions('range < 9'));
        },
      },
    );
    assert.ok(written);
    await (written as Promise<unknown>);
    assert.equal(preview.users[0]?.groupCount, 20);
    assert.equal((await previewed(unpinned(request), 'few')).users[0]?.groupCount, 9);
  });

  test('missing files fail, and are found when they are back', async () => {
    await previewed(unpinned(request), 'few');
    rmSync(join(root, 'data/items.parquet'));
    assert.equal(await failureCode(previewed(unpinned(request), 'few')), 'not-found');
    await parquet('changing/data/items.parquet', items);
    assert.equal((await previewed(unpinned(request), 'few')).users.length, 1);
  });
});
