import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { sequencesOf, type Sequence } from '../../src/core/data/sequences.ts';
import { render } from '../../src/core/message/message.ts';
import type { SequenceDraft } from '../../src/core/config/definition/sequences.ts';
import { engine, failureOf, folder } from './fixture.ts';
import { handoverOf, table } from './handoverCase.ts';
import { recallStage } from './recallStage.ts';
import { requestOf, writeWorld } from './samplingCase.ts';

/** User 1 clicks item i at minute 10·i of 10 November and of the 21st; user 2 clicks once on each of these days. */
const root = await writeWorld('handover-sequences', {
  log: `SELECT 1 AS user_id, i AS item_id, day + i * INTERVAL 10 MINUTE AS ts, true AS is_click, CASE WHEN i = 2 THEN NULL ELSE 'web ' || i END AS device, CASE WHEN i = 3 THEN E'a\\tb' ELSE 'x' END AS tabbed, [i] AS tags, 0.5 * i AS score
    FROM range(1, 5) t(i), (VALUES (TIMESTAMP '2026-11-10 08:00:00'), (TIMESTAMP '2026-11-21 08:00:00')) d(day)
    UNION ALL SELECT 2, 9, day, true, NULL, 'x', [9], 9 FROM (VALUES (TIMESTAMP '2026-11-10 08:00:00'), (TIMESTAMP '2026-11-21 08:00:00')) d(day)`,
  items: "SELECT i AS item_id, 'kind ' || i AS kind FROM range(2, 12) t(i)",
});
const text = `
version: 1
seed: s
timezone: Asia/Shanghai
data:
  impressions: {path: data/log.parquet, columns: {user: user_id, item: item_id, time: ts}}
  items: {path: data/items.parquet, columns: {item: item_id, attributes: [kind]}}
${recallStage('{per_positive: 1, mix: {global_random: 1}}').replace('window: {', 'window: {eval: {from: 2026-11-21, to: 2026-11-21}, ')}`;
const parts = [
  await requestOf(root, 'recall', text),
  await requestOf(root, 'recall', text, { split: 'eval' }),
] as const;
const sequence = (draft: Omit<SequenceDraft, 'events' | 'length'>): Sequence =>
  sequencesOf({ output: { sequences: { s: { events: ['click'], length: 2, ...draft } } } })[0] ?? assert.fail();
async function handed(name: string, draft: Parameters<typeof sequence>[0]): Promise<{ path: string; told: string[] }> {
  const path = join(folder, 'histories', name);
  const request = { ...handoverOf('recbole', path, ...parts), sequence: sequence(draft) };
  const { notices } = await engine.call('handover', request);
  return { path, told: notices.map((notice) => render(notice)) };
}

const shown = (path: string, split: string): string[] =>
  table(join(path, `${basename(path)}.${split}.inter`)).map((row) =>
    ['user_id:token', 'item_id:token', 'timestamp:float', 'item_id_list:token_seq', 'timestamp_list:float_seq']
      .map((name) => row[name])
      .join(' | '),
  );
/** Seconds of a minute after 08:00 in Shanghai. */
const at = (day: number, minute: number): string => `${Date.UTC(2026, 10, day, 0, minute) / 1000}.0`;

describe('histories for RecBole', () => {
  test('positives with the newest steps, the oldest first, in two files with settings that fit', async () => {
    const { path, told } = await handed('newest', { newest_first: true });
    assert.deepEqual(shown(path, 'train'), [
      `1 | 2 | ${at(10, 20)} | 1 | ${at(10, 10)}`,
      `1 | 3 | ${at(10, 30)} | 1 2 | ${at(10, 10)} ${at(10, 20)}`,
      `1 | 4 | ${at(10, 40)} | 2 3 | ${at(10, 20)} ${at(10, 30)}`,
    ]);
    // Clicks of training, and earlier ones of the evaluation.
    assert.deepEqual(shown(path, 'valid'), [
      `1 | 1 | ${at(21, 10)} | 3 4 | ${at(10, 30)} ${at(10, 40)}`,
      `1 | 2 | ${at(21, 20)} | 4 1 | ${at(10, 40)} ${at(21, 10)}`,
      `1 | 3 | ${at(21, 30)} | 1 2 | ${at(21, 10)} ${at(21, 20)}`,
      `1 | 4 | ${at(21, 40)} | 2 3 | ${at(21, 20)} ${at(21, 30)}`,
      `2 | 9 | ${at(21, 0)} | 9 | ${at(10, 0)}`,
    ]);
    assert.equal(
      told[0],
      'train: 2 of 5 positives have no step in s and are left out, because RecBole cannot read empty lists',
    );
    assert.equal(told.filter((line) => line.startsWith('eval:')).length, 0);
    const settings = readFileSync(join(path, `${basename(path)}.yaml`), 'utf8');
    for (const line of [
      'benchmark_filename: [train, valid, valid]',
      'MAX_ITEM_LIST_LENGTH: 2',
      'alias_of_item_id: [item_id_list]',
      '  inter: ["user_id", "item_id", "timestamp", "item_id_list", "timestamp_list"]',
      '  order: TO',
    ])
      assert.ok(settings.split('\n').includes(line), `${line} in\n${settings}`);
    assert.doesNotMatch(settings, /LABEL_FIELD/);
  });

  test('items are written although the sequence does not name them; ages and other numbers are floats', async () => {
    const { path } = await handed('columns', { columns: ['age', 'score', 'event'] });
    const [, row] = table(join(path, `${basename(path)}.train.inter`));
    assert.deepEqual(row, {
      'user_id:token': '1',
      'item_id:token': '3',
      'timestamp:float': at(10, 30),
      'weight:float': '1.0',
      'item_id_list:token_seq': '1 2',
      'age_list:float_seq': '1200.0 600.0',
      'score_list:float_seq': '0.5 1.0',
      'event_list:token_seq': 'click click',
    });
  });

  for (const [draft, says] of [
    [{ columns: ['item', 'device'] }, /device_list has unknown values in 2 rows\. RecBole drops them/],
    [{ columns: ['item', 'kind'] }, /kind_list has unknown values in \d rows/],
    [{ columns: ['item', 'tabbed'] }, /tabbed_list of 1 contains a tab or a line break/],
    [{ columns: ['item', { column: 'score', as: 'item_id' }] }, /RecBole cannot read item_id_list of the sequence s/],
    [{ columns: ['item', { column: 'score', as: 'a:b' }] }, /cannot have a column named "a:b_list"/],
    [{ lookback: '1s' }, /No positive of train has a step in s/],
  ] as const)
    test(`refused: ${JSON.stringify(draft)}`, async () => {
      assert.match(render((await failureOf(handed('refused', draft))).message), says);
    });
});
