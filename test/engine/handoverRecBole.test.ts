import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { demoRequest, handed, previewRows, table } from './handoverCase.ts';
import { recallStage } from './recallStage.ts';
import { writeDemoBefore } from './lintDemo.ts';
import { requestOf, writeWorld } from './samplingCase.ts';

writeDemoBefore();

describe('atomic files of RecBole', () => {
  for (const stage of ['recall', 'coarse_ranking', 'fine_ranking'] as const) {
    test(`${stage}: the rows are those of the preview, in its order`, async () => {
      const request = await demoRequest(stage);
      const { path } = await handed('recbole', request);
      const rows = table(join(path, `${basename(path)}.inter`));
      const expected = await previewRows(request, [...new Set(rows.map((row) => row['user_id:token'] ?? ''))]);
      assert.deepEqual(
        rows.map((row) => [
          row['user_id:token'],
          row['item_id:token'],
          Number(row['label:float']),
          Number(row['weight:float']),
          Number(row['timestamp:float']),
        ]),
        expected.map(({ user, item, label, weight, time }) => [
          user,
          item,
          label,
          weight,
          Number(BigInt(Date.parse(`${time.slice(0, 19)}Z`)) * 1000n + BigInt(time.slice(20, 26))) / 1e6,
        ]),
      );
      const items = new Set(table(join(path, `${basename(path)}.item`)).map((row) => row['item_id:token']));
      assert.deepEqual(
        rows.filter((row) => !items.has(row['item_id:token'])),
        [],
      );
    });
  }

  test('training and evaluation rows are separate files, which the settings name', async () => {
    const { path, files } = await handed(
      'recbole',
      await demoRequest('recall'),
      await demoRequest('recall', { split: 'eval' }),
    );
    const name = basename(path);
    assert.deepEqual(
      files.map((file) => file.name),
      [`${name}.train.inter`, `${name}.valid.inter`, `${name}.item`, `${name}.user`, `${name}.yaml`, 'handover.json'],
    );
    assert.match(
      readFileSync(join(path, `${name}.yaml`), 'utf8'),
      new RegExp(`^dataset: "${name}"\nbenchmark_filename: \\[train, valid, valid\\]$`, 'm'),
    );
    assert.deepEqual(
      files.slice(0, 2).map(({ rows }) => rows),
      files.slice(0, 2).map((file) => table(join(path, file.name)).length),
    );
  });

  test('texts and integers become tokens, numbers floats, lists sequences with a safe separator', async () => {
    const root = await writeWorld('handover', {
      log: "SELECT 1 AS user_id, i AS item_id, TIMESTAMPTZ '2026-11-10 08:00:00.25Z' AS ts, i = 3 AS is_click FROM range(1, 4) t(i)",
      items:
        "SELECT i AS item_id, true AS online, 'say \"so\"' AS kind, 2.5::DOUBLE AS price, ['a b', 'c'] AS tags, [0.5, 1.5]::FLOAT[] AS vector, true AS new FROM range(1, 3) t(i)",
    });
    const { path } = await handed(
      'recbole',
      await requestOf(
        root,
        'recall',
        `
version: 1
seed: s
data:
  impressions: {path: data/log.parquet, columns: {user: user_id, item: item_id, time: ts}}
  items: {path: data/items.parquet, columns: {item: item_id, attributes: [kind, price, tags, vector, new]}}
${recallStage('{per_positive: 2, mix: {exposed_unclicked: 1}}')}`,
      ),
    );
    const name = basename(path);
    assert.deepEqual(readFileSync(join(path, `${name}.item`), 'utf8').split('\n'), [
      'item_id:token\tkind:token\tprice:float\ttags:token_seq\tvector:float_seq\tnew:token',
      '1\t"say ""so"""\t2.5\ta b,c\t0.5,1.5\t1',
      '2\t"say ""so"""\t2.5\ta b,c\t0.5,1.5\t1',
      '3\t\t\t\t\t',
      '',
    ]);
    assert.match(readFileSync(join(path, `${name}.yaml`), 'utf8'), /^seq_separator: ","$/m);
    assert.deepEqual(
      table(join(path, `${name}.inter`)).map((row) => row['timestamp:float']),
      ['1794297600.25', '1794297600.25', '1794297600.25'].slice(0, table(join(path, `${name}.inter`)).length),
    );
  });
});
