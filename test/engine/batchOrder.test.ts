import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Placement, RowOrder } from '../../src/core/sampling/placement.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine } from './fixture.ts';
import { plainOutput, requestOf, writeWorld } from './samplingCase.ts';
import { withConnection } from './testDatabase.ts';

// A trainer that reads a sample file from its beginning cuts batches in the order of the file. Each test writes the
// file, cuts it, and counts what the preview shows.

const batchSize = 7;
const users = Array.from({ length: 12 }, (_, k) => `u${k + 1}`);
const config = `version: 1
seed: order
timezone: Asia/Shanghai
data:
  impressions: {path: data/log.parquet, columns: {user: user_id, item: item_id, time: ts}}
  items: {path: data/items.parquet, columns: {item: item_id}}
events: {click: is_click}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}, max_per_user_per_day: 5}
    negatives: {per_positive: {global_random: 2}}
    training: {in_batch: {batch_size: ${batchSize}, mask_same_item: false}}
`;

let request: SamplingRequest;
before(async () => {
  // Users come again every hour, so their days overlap; u1 and u2 click more than the cap of some days.
  const root = await writeWorld('batch order', {
    log: `SELECT concat('u', 1 + k % 12) AS user_id, 1 + (k * 7 + k // 12) % 20 AS item_id,
      TIMESTAMP '2026-11-02 03:00:00' + to_hours(k // 3) AS ts, k % 5 <> 0 OR k % 12 < 2 AS is_click FROM range(150) t(k)`,
    items: 'SELECT range AS item_id FROM range(1, 41)',
  });
  request = await requestOf(root, 'recall', config);
});

/** User and item of each positive, in the order of the file, or of the files of the folder. */
async function positivesOf(path: string, isFolder: boolean): Promise<{ user: string; item: string }[]> {
  const files = isFolder
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.parquet'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  return await withConnection(async (connection) => {
    const positives: { user: string; item: string }[] = [];
    for (const file of files) {
      const found = await connection.run(
        `SELECT "user", CAST(item AS VARCHAR) FROM read_parquet('${file}', hive_partitioning = false) WHERE label = 1`,
      );
      for (const [user, item] of (await found.getRowsJson()) as string[][])
        positives.push({ user: user ?? '', item: item ?? '' });
    }
    return positives;
  });
}

/** What the trainer sees in the batches of the file, by user: how many others, and how many of them the user clicked. */
function countedIn(positives: readonly { user: string; item: string }[], user: string): string[] {
  const clicked = new Set(positives.filter((one) => one.user === user).map(({ item }) => item));
  const counts: string[] = [];
  positives.forEach((one, place) => {
    if (one.user !== user) return;
    const batch = Math.floor(place / batchSize);
    const others = positives.slice(batch * batchSize, (batch + 1) * batchSize).filter((other) => other !== one);
    const liked = others.filter(({ item }) => clicked.has(item)).length;
    counts.push(`${one.item}: batch ${batch}, ${others.length} others, ${liked} clicked`);
  });
  return counts.sort();
}

const orders: readonly RowOrder[] = ['user', 'shuffled', 'shuffled_rows'];
const days = { shards: 1, partitionBy: { column: 'dt', format: 'yyyy-MM-dd' } };
const placements: readonly Placement[] = orders.flatMap((order) =>
  [null, days].map((folder) => ({ order, groupId: true, folder })),
);
let clickedInUserOrder = 0;

for (const placement of placements) {
  const name = `${placement.order}${placement.folder ? ' by day' : ''}`;
  test(`the preview shows the batches of a file in the order ${name}`, async () => {
    const path = join(
      request.data.log.impressions.ref.path,
      '..',
      '..',
      `${name}${placement.folder ? '' : '.parquet'}`,
    );
    await engine.call('sample', {
      ...request,
      users: null,
      output: { ...plainOutput, path, format: 'parquet', placement },
    });
    const positives = await positivesOf(path, placement.folder !== null);
    assert.ok(positives.length > 10 * batchSize, `${positives.length} positives`);
    const preview = await engine.call('preview', { ...request, users, groupLimit: null, placement });
    for (const { user, groups } of preview.users) {
      const shown = groups.map(
        ({ item, inBatch }) =>
          `${item ?? ''}: batch ${inBatch?.batch ?? -1}, ${inBatch?.others ?? -1} others, ${inBatch?.falseNegatives ?? -1} clicked`,
      );
      assert.deepEqual(shown.sort(), countedIn(positives, user), user);
    }
    assert.deepEqual([preview.inBatch?.order, preview.inBatch?.positives], [placement.order, positives.length]);
    const share = (preview.inBatch?.falseNegatives ?? 0) / (preview.inBatch?.negatives ?? 1);
    if (name === 'user') clickedInUserOrder = share;
    else if (placement.order !== 'user') assert.ok(share < clickedInUserOrder / 2, `${share} ${clickedInUserOrder}`);
  });
}

test('without a placement, batches are those of a file in the order of users', async () => {
  const draw = { ...request, users, groupLimit: null };
  const placement: Placement = { order: 'user', groupId: false, folder: null };
  const [plain, placed] = [await engine.call('preview', draw), await engine.call('preview', { ...draw, placement })];
  assert.deepEqual(plain.users, placed.users);
});
