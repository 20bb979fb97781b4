import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { itemWeight } from '../../src/core/sampling/weight.ts';
import type { Trainer } from '../../src/protocol/handover.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, failureOf, folder } from './fixture.ts';
import { demoRequest, handed, handoverOf, previewRows, table } from './handoverCase.ts';
import { recallStage } from './recallStage.ts';
import { demo, demoConfig as config, writeDemoBefore } from './lintDemo.ts';
import { requestOf, writeWorld } from './samplingCase.ts';

writeDemoBefore();

let folders = 0;
const pair = (user: string, item: string): string => `${user} ${item}`;
const setting = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`^  ${name}: (.*)$`, 'gm'))].map(([, value = '']) => value);

describe('tables of negative samplers', () => {
  test('edges are the positives and the hard negatives of the preview; users are those that have rows', async () => {
    const request = await demoRequest('recall');
    const { path } = await handed('easyrec', request);
    const users = table(join(path, 'user.tsv')).map((row) => row['id:int64'] ?? '');
    const rows = await previewRows(request, users);
    const edges = (name: string): string[] =>
      table(join(path, name)).map(
        (row) => `${pair(row['userid:int64'] ?? '', row['itemid:int64'] ?? '')} ${Number(row['weight:float'])}`,
      );
    const summed = (chosen: typeof rows): string[] => {
      const sums = new Map<string, number>();
      for (const { user, item, weight } of chosen)
        sums.set(pair(user, item), (sums.get(pair(user, item)) ?? 0) + weight);
      return [...sums].map(([key, weight]) => `${key} ${weight}`);
    };
    assert.deepEqual(edges('pos_edge.tsv'), summed(rows.filter(({ label }) => label === 1)));
    assert.deepEqual(
      edges('hard_neg_edge.tsv'),
      summed(
        rows.filter(({ label, entry }) => label === 0 && ['exposed_unclicked', 'host_refused'].includes(entry ?? '')),
      ),
    );
    assert.deepEqual([...new Set(rows.map(({ user }) => user))], users);
  });

  test('settings have the negatives per positive, the attribute order and a safe delimiter', async () => {
    const { path, told } = await handed('easyrec', await demoRequest('recall'));
    const text = readFileSync(join(path, 'sampler.config'), 'utf8');
    assert.match(text, /^hard_negative_sampler \{\n[^]*\n\}\n$/);
    // 10 · (0.4 + 0.2) by popularity and at random; 10 · (0.3 + 0.05) from lists, rounded up.
    assert.deepEqual(
      [setting(text, 'num_sample'), setting(text, 'num_hard_sample'), setting(text, 'attr_fields')],
      [['6'], ['4'], ['"item_id"', '"city"', '"category"']],
    );
    assert.deepEqual(
      [setting(text, 'item_input_path'), setting(text, 'pos_edge_input_path'), setting(text, 'attr_delimiter')],
      [['"handed/item.tsv"'], [], []],
    );
    const edges = readFileSync(join(path, 'sampler_v2.config'), 'utf8');
    assert.match(edges, /^hard_negative_sampler_v2 \{/);
    assert.deepEqual(setting(edges, 'pos_edge_input_path'), ['"handed/pos_edge.tsv"']);
    for (const row of table(join(path, 'item.tsv')))
      assert.equal((row['attrs:string'] ?? '').split(':')[0], row['id:int64']);
    for (const part of [
      /^The trainer draws negatives itself/,
      /^same_city left out/,
      /^popularity: the weights are for all users together/,
      /^exposed_unclicked, host_refused are written as edges/,
    ])
      assert.ok(
        told.some((line) => part.test(line)),
        String(part),
      );
  });

  // Five items, clicked 3, 1 and 0 times; the last is offline.
  const world = (attributes = "'a' AS kind, CAST(1.5 AS DOUBLE) AS price"): Promise<string> =>
    writeWorld(`handover-${++folders}`, {
      log: `SELECT u AS user_id, i AS item_id, TIMESTAMPTZ '2026-11-10 08:00:00Z' + INTERVAL (u) MINUTE AS ts, c AS is_click FROM (VALUES (1, 11, true), (2, 11, true), (3, 11, true), (1, 12, true), (2, 13, false), (3, 14, false)) t(u, i, c)`,
      items: `SELECT i AS item_id, i < 15 AS online, ${attributes} FROM (VALUES (11), (12), (13), (14), (15)) t(i)`,
    });
  const text = (mix: string, attributes = 'kind, price'): string => `
version: 1
seed: s
data:
  impressions: {path: data/log.parquet, columns: {user: user_id, item: item_id, time: ts}}
  items: {path: data/items.parquet, columns: {item: item_id, attributes: [${attributes}]}, where: {online: true}}
${recallStage(`{per_positive: 4, exclude: {events: [click], within: train}, mix: ${mix}}`)}`;
  const weightsOf = (path: string): Record<string, number> =>
    Object.fromEntries(
      table(join(path, 'item.tsv')).map((row) => [row['id:int64'] ?? '', Number(row['weight:float'])]),
    );

  test('weights of one pool are those of its alias table', async () => {
    const root = await world();
    const popular = await handed(
      'easyrec',
      await requestOf(root, 'recall', text('{popularity: {share: 1, exponent: 0.5, count: click, smoothing: 1}}')),
    );
    assert.deepEqual(weightsOf(popular.path), {
      11: itemWeight(4, 2 ** 15),
      12: itemWeight(2, 2 ** 15),
      13: itemWeight(1, 2 ** 15),
      14: itemWeight(1, 2 ** 15),
    });
    assert.equal(itemWeight(4, 2 ** 15), 2048);
    assert.match(
      readFileSync(join(popular.path, 'sampler.config'), 'utf8'),
      /^negative_sampler \{\n {2}input_path: "handed\/item\.tsv"\n {2}num_sample: 4\n/,
    );
    const uniform = await handed('torcheasyrec', await requestOf(root, 'recall', text('{global_random: 1}')));
    assert.deepEqual(weightsOf(uniform.path), { 11: 1, 12: 1, 13: 1, 14: 1 });
  });

  test('tables by day are exported as one table at the cut, which the notices say', async () => {
    const root = await world();
    const popular = (more: string) => text(`{popularity: {share: 1, exponent: 0.5, count: click, window: 30d${more}}}`);
    const [cut, day] = [
      await handed('easyrec', await requestOf(root, 'recall', popular(''))),
      await handed('torcheasyrec', await requestOf(root, 'recall', popular(', as_of: day'))),
    ];
    assert.deepEqual(weightsOf(day.path), weightsOf(cut.path));
    const said =
      'popularity: the trainer has no weights by day (as_of: day). The weights count events up to the training cut';
    assert.deepEqual([cut.told.includes(said), day.told.includes(said)], [false, true]);
  });

  test('weights of several pools draw as the mix does; positives out of them weigh 0', async () => {
    const root = await world();
    const { path, told } = await handed(
      'easyrec',
      await requestOf(
        root,
        'recall',
        text(
          '{global_random: {share: 0.25, where: {item_id: {op: ">", value: 11}}}, popularity: {share: 0.75, exponent: 1, count: click}}',
        ),
      ),
    );
    // A quarter is split among 12, 13 and 14; three quarters by clicks, 3 : 1.
    const found = weightsOf(path);
    const sum = Object.values(found).reduce((all, weight) => all + weight, 0);
    for (const [item, share] of [
      ['11', 9 / 16],
      ['12', 1 / 12 + 3 / 16],
      ['13', 1 / 12],
      ['14', 1 / 12],
    ] as const)
      assert.ok(Math.abs((found[item] ?? 0) / sum - share) < 1e-12, item);
    assert.ok(
      told.includes(
        'global_random, popularity are combined: the weight of an item is proportional to the probability that they draw it',
      ),
    );
    const few = await handed(
      'easyrec',
      await requestOf(root, 'recall', text('{global_random: {share: 1, where: {item_id: {op: ">", value: 12}}}}')),
    );
    assert.deepEqual(weightsOf(few.path), { 11: 0, 12: 0, 13: 1, 14: 1 });
    const without = await handed(
      'easyrec',
      await requestOf(
        root,
        'recall',
        text(
          '{global_random: {share: 0.5, where: {item_id: {op: ">", value: 99}}}, popularity: {share: 0.5, exponent: 1, count: click}}',
        ),
      ),
    );
    assert.deepEqual(weightsOf(without.path), { 11: 3072, 12: 1024 });
    assert.ok(without.told.includes('global_random left out: there is no item to draw'));
    assert.deepEqual(setting(readFileSync(join(without.path, 'sampler.config'), 'utf8'), 'num_sample'), ['2']);
  });

  test('amounts per request are divided among the positives of the request', async () => {
    const request = await requestOf(
      demo,
      'coarse_ranking',
      config('coarse_ranking').replace('coarse_filtered: {count: 40, by: channel}', 'global_random: 20'),
    );
    const {
      path,
      drawn: [summary],
    } = await handed('easyrec', request);
    const text = readFileSync(join(path, 'sampler.config'), 'utf8');
    const each = (summary?.groups ?? 0) / (summary?.positives ?? 1);
    assert.ok(each > 1, 'as many positives as requests show nothing');
    assert.deepEqual(
      [setting(text, 'num_sample'), setting(text, 'num_hard_sample')],
      [[String(Math.ceil(20 * each))], [String(Math.ceil(20 * each))]],
    );
  });

  test('lists without draws make no edges and no hard negative sampler', async () => {
    const root = await world();
    const { path, files } = await handed(
      'easyrec',
      await requestOf(
        root,
        'recall',
        text('{global_random: {share: 0.5}, exposed_unclicked: {share: 0.5, mature_after: 20d}}'),
      ),
    );
    assert.ok(!files.some(({ name }) => name === 'hard_neg_edge.tsv'));
    assert.match(readFileSync(join(path, 'sampler.config'), 'utf8'), /^negative_sampler \{\n/);
    assert.match(readFileSync(join(path, 'sampler_v2.config'), 'utf8'), /^negative_sampler_v2 \{\n/);
  });

  test('attributes: unknown numbers become 0 with a warning, lists are joined by a safe delimiter', async () => {
    const root = await world(
      "'a:b' AS kind, CASE WHEN i > 12 THEN CAST(0.5 AS DOUBLE) END AS price, CASE WHEN i = 11 THEN [7, 8] END AS tags, {x: 1} AS nested, CASE WHEN i = 12 THEN 3 END AS stars",
    );
    const request = await requestOf(root, 'recall', text('{global_random: 1}', 'kind, price, tags, nested, stars'));
    const { path, told } = await handed('torcheasyrec', request);
    assert.deepEqual(
      table(join(path, 'item.tsv')).map((row) => row['attrs:string']),
      ['11|a:b|0|7\u001d8|0', '12|a:b|0||3', '13|a:b|0.5||0', '14|a:b|0.5||0'],
    );
    const settings = readFileSync(join(path, 'sampler.config'), 'utf8');
    assert.deepEqual(
      [setting(settings, 'attr_delimiter'), setting(settings, 'attr_fields')],
      [['"|"'], ['"item_id"', '"kind"', '"price"', '"tags"', '"stars"']],
    );
    assert.ok(told.includes('price is unknown for 2 items and is written as 0'), told.join('\n'));
    assert.ok(
      told.some((line) => line.startsWith('nested is left out')),
      told.join('\n'),
    );
    // EasyRec joins lists with the character that would be the delimiter.
    const other = await handed('easyrec', request);
    assert.deepEqual(table(join(other.path, 'item.tsv'))[0]?.['attrs:string'], '11;a:b;0;7|8;0');
  });

  test('a list value that contains the trainer’s list separator is refused', async () => {
    const root = await world("CASE WHEN i = 12 THEN ['x', 'a|b'] ELSE ['c'] END AS kind, 1 AS price");
    const request = await requestOf(root, 'recall', text('{global_random: 1}'));
    const failure = await failureOf(
      engine.call('handover', handoverOf('easyrec', join(folder, 'handed', 'refused'), request)),
    );
    assert.deepEqual(
      [failure.code, render(failure.message), failure.place?.column],
      [
        'unsupported',
        'A value of kind of 12 contains "|", which separates the values of a list in these files',
        'kind',
      ],
    );
    const { path } = await handed('torcheasyrec', request);
    assert.deepEqual(
      table(join(path, 'item.tsv')).map((row) => row['attrs:string']),
      ['11:c:1', '12:x\u001da|b:1', '13:c:1', '14:c:1'],
    );
  });

  test('ids that are no 64-bit integers are refused for EasyRec, and hashed by TorchEasyRec', async () => {
    const root = await writeWorld(`handover-${++folders}`, {
      log: "SELECT u AS user_id, i AS item_id, TIMESTAMPTZ '2026-11-10 08:00:00Z' AS ts, c AS is_click FROM (VALUES ('u1', '01', true), ('u2', 'x', false)) t(u, i, c)",
      items: "SELECT i AS item_id, true AS online, 'a' AS kind, 1 AS price FROM (VALUES ('01'), ('x')) t(i)",
    });
    const request = await requestOf(root, 'recall', text('{global_random: 1}'));
    const failure = await failureOf(
      engine.call('handover', handoverOf('easyrec', join(folder, 'handed', 'refused'), request)),
    );
    assert.match(render(failure.message), /^EasyRec reads ids as 64-bit integers, but 01 is not one$/);
    const { path, told } = await handed('torcheasyrec', request);
    assert.deepEqual(
      table(join(path, 'item.tsv')).map((row) => row['id:string']),
      ['01', 'x'],
    );
    assert.ok(told.some((line) => line.includes('USE_HASH_NODE_ID=1')));
  });

  test('a text with a tab, and a stage that draws from no pool, are refused', async () => {
    const root = await world("CASE WHEN i = 13 THEN 'a\tb' ELSE 'a' END AS kind, 1 AS price");
    const refused = async (trainer: Trainer, request: SamplingRequest): Promise<string> => {
      const path = join(folder, 'handed', `refused${++folders}`);
      const failure = await failureOf(engine.call('handover', handoverOf(trainer, path, request)));
      assert.equal(existsSync(path), false);
      return render(failure.message);
    };
    const tabbed = await requestOf(root, 'recall', text('{global_random: 1}'));
    for (const trainer of ['easyrec', 'recbole'] as const)
      assert.equal(
        await refused(trainer, tabbed),
        'kind of 13 contains a tab or a line break, which separate columns and rows in these files',
      );
    assert.equal(
      await refused('easyrec', await demoRequest('fine_ranking')),
      'fine_ranking does not draw from a pool of items, but these trainers always do',
    );
    assert.equal(
      await refused('easyrec', await demoRequest('coarse_ranking')),
      'coarse_ranking does not draw from a pool of items, but these trainers always do',
    );
  });
});
