import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { queryObjects } from './queryObjects.ts';
import type { PreviewRow } from '../../src/core/sampling/drawn.ts';
import type { SampleOutput, SampleSummary } from '../../src/protocol/sampling.ts';
import { engine, folder } from './fixture.ts';
import { plainOutput, previewed, requestOf, writeWorld } from './samplingCase.ts';

const twoPools = 'global_random: 0.5, popularity: {share: 0.5, exponent: 1}';
const config = (training: string, { mix = twoPools, positives = 'events: {click: 1}' } = {}): string => `version: 1
seed: hand
data:
  impressions: {path: data/impressions.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: data/items.parquet, columns: {item: item_id}}
events: {click: is_click}
window: {train: {from: 2026-11-01, to: 2026-11-10}, eval: {from: 2026-11-11, to: 2026-11-12}}
stages:
  recall:
    unit: positive
    positives: {${positives}}
    negatives: {per_positive: 4, mix: {${mix}}}
    training: {${training}}
`;

let root = '';
before(async () => {
  // Clicks of ann: 1, 1, 2, 3. Clicks of bob: 1, 2, 4, 4. Clicks of cat, in the eval window: 5, 1.
  const train = [1, 1, 2, 3, 1, 2, 4, 4].map(
    (item, k) => `('${k < 4 ? 'ann' : 'bob'}', ${item}, TIMESTAMP '2026-11-02 10:00:0${k}', 'r${k}', true)`,
  );
  const rows = [
    ...train,
    `('ann', 9, TIMESTAMP '2026-11-03 10:00:00', 'x', false)`,
    `('ann', 8, TIMESTAMP '2026-11-02 10:00:00', 'r0', false)`,
    `('cat', 5, TIMESTAMP '2026-11-11 10:00:00', 'y', true)`,
    `('cat', 1, TIMESTAMP '2026-11-11 11:00:00', 'z', true)`,
  ];
  root = await writeWorld('logq', {
    impressions: `SELECT * FROM (VALUES ${rows.join(', ')}) t(user_id, item_id, ts, request_id, is_click)`,
    items: 'SELECT range AS item_id FROM range(1, 21)',
  });
});

let files = 0;

async function sampled(
  text: string,
  more: Partial<Omit<SampleOutput, 'path'>> & {
    readonly split?: 'eval';
    readonly users?: readonly string[];
    readonly threads?: number;
  } = {},
): Promise<SampleSummary & { readonly path: string }> {
  const { split, users = null, threads, ...output } = more;
  const request = await requestOf(root, 'recall', text, split ? { split } : {});
  const path = join(folder, 'logq-files', `${++files}.${output.format ?? 'parquet'}`);
  const summary = await engine.call('sample', {
    ...request,
    users,
    ...(threads === undefined ? {} : { threads }),
    output: { ...plainOutput, format: 'parquet', ...output, path },
  });
  return { ...summary, path };
}

const columnsOf = async (path: string): Promise<string[]> =>
  (await queryObjects(`DESCRIBE SELECT * FROM read_parquet('${path}')`)).map(({ column_name: name }) => String(name));
const isCorrection = (name: string): boolean => /logq|log_q_batch/.test(name);

describe('columns of a sample file', () => {
  test('corrections are there if the config says so, and in-batch columns if it has in-batch negatives', async () => {
    const found = async (training: string): Promise<string[]> =>
      (await columnsOf((await sampled(config(training))).path)).filter(isCorrection);
    assert.deepEqual(await found('loss: sampled_softmax'), []);
    assert.deepEqual(await found('logq: false, in_batch: {batch_size: 4}'), []);
    for (const logq of ['shares', 'corpus', 'true']) {
      assert.deepEqual(await found(`logq: ${logq}`), ['logq_correction']);
      assert.deepEqual(await found(`logq: ${logq}, in_batch: {batch_size: 4}`), [
        'logq_correction',
        'log_q_batch',
        'logq_correction_batch',
      ]);
    }
  });

  test('without a correction, the file has the same bytes as before', async () => {
    const [without, off] = [await sampled(config('loss: pointwise')), await sampled(config('logq: false'))];
    assert.deepEqual(readFileSync(off.path), readFileSync(without.path));
    assert.equal(off.effective, undefined);
  });

  test('the lists of the layouts wide and grouped hold the values of the layout long', async () => {
    for (const mix of [twoPools, 'popularity: 1', `exposed_unclicked: 0.5, global_random: 0.5`]) {
      const text = config('logq: shares, in_batch: {batch_size: 4}', { mix });
      const long = (await sampled(text)).path;
      const [wide, grouped] = [await sampled(text, { layout: 'wide' }), await sampled(text, { layout: 'grouped' })];
      const names = (await columnsOf(wide.path)).filter(isCorrection);
      assert.deepEqual(names, [
        'logq_correction',
        'negative_logq_correction',
        'log_q_batch',
        'negative_log_q_batch',
        'logq_correction_batch',
      ]);
      const lists = 'logq_correction, log_q_batch, logq_correction_batch';
      const ofLong = ['logq_correction', 'log_q_batch', 'logq_correction_batch'].map(
        (name) => `list(${name}) AS ${name}`,
      );
      const expected = await queryObjects(
        `SELECT ${ofLong.join(', ')} FROM (SELECT *, sum(label) OVER (ROWS UNBOUNDED PRECEDING) AS g FROM read_parquet('${long}')) GROUP BY g ORDER BY g`,
      );
      assert.deepEqual(await queryObjects(`SELECT ${lists} FROM read_parquet('${grouped.path}')`), expected);
      const unnested = [
        'list_prepend(logq_correction, negative_logq_correction) AS logq_correction',
        'list_prepend(log_q_batch, negative_log_q_batch) AS log_q_batch',
        'logq_correction_batch',
      ];
      assert.deepEqual(
        await queryObjects(`SELECT ${unnested.join(', ')} FROM read_parquet('${wide.path}')`),
        expected.map((row) => ({ ...row, logq_correction_batch: (row['logq_correction_batch'] as unknown[])[0] })),
      );
    }
  });
});

describe('log_q_batch', () => {
  const batched = 'logq: shares, in_batch: {batch_size: 4}';
  const byItem = async (path: string): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await queryObjects(`SELECT DISTINCT item, log_q_batch FROM read_parquet('${path}') ORDER BY item`)).map(
        ({ item, log_q_batch: value }) => [String(item), value],
      ),
    );
  const train = { 1: Math.log(3 / 8), 2: Math.log(2 / 8), 3: Math.log(1 / 8), 4: Math.log(2 / 8) } as const;

  test('is the log of the share of the train positives, of all users, in both splits', async () => {
    for (const more of [{}, { split: 'eval' }, { users: ['bob'] }, { threads: 2 }] as const) {
      const found = await byItem((await sampled(config(batched), more)).path);
      for (const [item, value] of Object.entries(found))
        assert.equal(value, (train as Readonly<Record<string, number>>)[item] ?? null, `item ${item}`);
      assert.ok('1' in found);
    }
  });

  test('a preview of eval, of train and of eval again has the same values', async () => {
    for (const split of ['eval', 'train', 'eval'] as const) {
      const request = await requestOf(root, 'recall', config(batched), { split });
      const preview = await previewed(request, 'ann', 'bob', 'cat');
      const rows = preview.users.flatMap(({ groups }) => groups.flatMap((group): readonly PreviewRow[] => group.rows));
      assert.ok(rows.length > 0);
      for (const { item, corrections } of rows)
        assert.equal(corrections?.logQBatch, (train as Readonly<Record<string, number>>)[item] ?? null, `item ${item}`);
    }
  });

  test('an eval file has the values of a train file, although its positives are not resampled', async () => {
    for (const positives of ['max_per_user_per_day: 2', 'downsample_hot: {threshold: 0.05}']) {
      const text = config(batched, { positives: `events: {click: 1}, ${positives}` });
      const trained = await byItem((await sampled(text)).path);
      const evaluated = await byItem((await sampled(text, { split: 'eval' })).path);
      const common = Object.keys(evaluated).filter((item) => item in trained);
      assert.ok(common.some((item) => evaluated[item] !== null));
      for (const item of common) assert.equal(evaluated[item], trained[item], `item ${item}`);
      const preview = await previewed(await requestOf(root, 'recall', text, { split: 'eval' }), 'cat');
      for (const { rows } of preview.users[0]?.groups ?? [])
        for (const { item, corrections } of rows) assert.equal(corrections?.logQBatch, evaluated[item], `item ${item}`);
    }
  });

  test('counts positives after downsample_hot and the cap', async () => {
    for (const positives of ['max_per_user_per_day: 2', 'downsample_hot: {threshold: 0.05}'].map(
      (one) => `events: {click: 1}, ${one}`,
    )) {
      const { path } = await sampled(config(batched, { positives }));
      const [{ all = 0 } = {}] = await queryObjects(
        `SELECT CAST(count(*) AS INTEGER) AS all FROM read_parquet('${path}') WHERE label = 1`,
      );
      const kept = await queryObjects(
        `SELECT item, CAST(count(*) AS INTEGER) AS times, any_value(log_q_batch) AS log_q FROM read_parquet('${path}') WHERE label = 1 GROUP BY item`,
      );
      for (const { times, log_q: value } of kept) assert.equal(value, Math.log(Number(times) / Number(all)));
    }
  });
});

test('a negative of the summary has the effective share that the preview shows', async () => {
  const text = config('logq: shares, in_batch: {batch_size: 4}', { mix: 'exposed_unclicked: 0.5, global_random: 0.5' });
  const preview = await previewed(await requestOf(root, 'recall', text), 'ann', 'bob', 'cat');
  for (const threads of [1, 2]) {
    const { effective } = await sampled(text, { threads });
    assert.ok(effective);
    effective.entries.forEach((share, e) => {
      assert.ok(Math.abs(share - (preview.totals.effective?.entries[e] ?? NaN)) < 1e-12);
    });
    assert.ok(effective.inBatch !== null && effective.inBatch > 0);
  }
});
