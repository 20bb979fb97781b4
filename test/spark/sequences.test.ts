import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeWorld } from '../sampling/listWorlds.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import { folder, parquet } from '../engine/fixture.ts';
import { answersOf } from './duckdbDialect.ts';
import { comparable, columnsOf, difference, jobAndFile, queryRows } from './sparkJob.ts';

const directory = join(folder, 'spark-sequences');
const golden = join(import.meta.dirname, '../golden/sequences');
const read = (name: string): unknown => JSON.parse(readFileSync(join(golden, name), 'utf8'));
before(() => {
  mkdirSync(join(directory, 'configs'), { recursive: true });
  for (const name of ['impressions', 'items', 'orders', 'taps', 'searches'])
    cpSync(join(golden, `${name}.csv`), join(directory, `${name}.csv`));
});
after(() => {
  rmSync(directory, { recursive: true, force: true });
});

const columns = { user: 'user', item: 'item', time: 'time' };
const anyRow = { column: 'user', op: '>', value: 0 };

function configOf(output: object): object {
  return {
    version: 1,
    seed: 1,
    timezone: 'Asia/Shanghai',
    data: {
      impressions: { path: '../impressions.csv', columns: { ...columns, request: 'request', position: 'position' } },
      items: { path: '../items.csv', columns: { item: 'item' } },
      clicks: {
        orders: { path: '../orders.csv', columns, events: ['order'], within: '1d', unmatched: 'ignore' },
        taps: { path: '../taps.csv', columns: { ...columns, request: 'request' }, events: ['tap'] },
        searches: {
          path: '../searches.csv',
          columns: { user: 'user', value: 'value', time: 'time' },
          events: ['search'],
        },
      },
    },
    events: { is_click: 'is_click', order: anyRow, tap: anyRow, search: anyRow },
    stages: { fine_ranking: { unit: 'impression', positives: { events: { is_click: 1 } } } },
    output,
  };
}

test('a job writes the lists of the golden tables', async () => {
  const { sequences } = read('config.json') as { readonly sequences: Readonly<Record<string, object>> };
  const { words, ...ofItems } = sequences;
  const path = join(directory, 'configs', 'golden.ratio.json');
  writeFileSync(
    path,
    JSON.stringify(configOf({ sequences: { ...ofItems, words: { ...words, columns: ['item', 'time'] } } })),
  );
  const { job, file } = await jobAndFile(path, 'fine_ranking');
  const names = await columnsOf(file);
  const script = generateScript(job);
  const lists = names.filter((name) => name.includes('__'));
  const groups = `read_csv('${join(golden, 'groups.csv')}', types = {time: 'TIMESTAMPTZ'})`;
  const [ours = [], answers = []] = await answersOf(script, job.plan.timezone, [
    comparable(names, 'result'),
    `SELECT CAST(g."group" AS INT), ${lists.map((name) => `"${name}"`).join(', ')} FROM ${groups} g JOIN result r ON r.user = g.user AND r.item = g.item AND r.time = g.time`,
  ]);
  assert.equal(difference(ours, await queryRows(comparable(names, `read_parquet('${file}')`))), null);
  const expected = read('expected.json') as Readonly<
    Record<string, Readonly<Record<string, (string | number | null)[]>>>
  >;
  const timeOf = (value: unknown): unknown => String(value).replace(' ', 'T').replace('+00', 'Z');
  assert.equal(answers.length, Object.keys(expected).length);
  for (const answer of answers) {
    const [group, ...values] = JSON.parse(answer) as [number, ...unknown[][]];
    const ofGroup = expected[String(group)] ?? {};
    lists.forEach((name, k) => {
      const drawn = (values[k] ?? []).map((value) => (name.endsWith('__time') ? timeOf(value) : value));
      const texts = (ofGroup[name] ?? []).map((value) => (value === null ? null : String(value)));
      assert.deepEqual(drawn, texts, `${group} ${name}`);
    });
  }
});

test('a job writes the items of events in a wider type than those of the log', async () => {
  const path = join(directory, 'configs', 'wide.ratio.json');
  const tables = ['impressions', 'orders', 'taps', 'items', 'searches'];
  const wide = JSON.stringify(
    configOf({
      sequences: {
        steps: { events: ['order'], length: 9 },
        taps: { events: ['tap'], length: 9 },
        words: { events: ['search'], length: 9 },
      },
    }),
  );
  writeFileSync(
    path,
    tables.reduce((text, name) => text.replace(`${name}.csv`, `${name}.parquet`), wide),
  );
  for (const name of tables)
    await parquet(
      join(directory, `${name}.parquet`),
      `SELECT * REPLACE (${name === 'searches' ? 'length(value) AS value' : name === 'orders' ? 'item + 3000000000 AS item' : 'item::INTEGER AS item'}) FROM read_csv('${join(directory, name)}.csv')`,
    );
  const { job, file } = await jobAndFile(path, 'fine_ranking');
  const types =
    'SELECT typeof(item), typeof(steps__item), typeof(taps__item), typeof(words__value), max(list_max(steps__item)) > 3_000_000_000';
  const query = (from: string): string => `${types} FROM ${from} GROUP BY ALL`;
  const names = await columnsOf(file);
  const [ours = [], found = []] = await answersOf(generateScript(job), job.plan.timezone, [
    comparable(names, 'result'),
    query('result'),
  ]);
  const local = `read_parquet('${file}')`;
  assert.equal(difference(ours, await queryRows(comparable(names, local))), null);
  assert.deepEqual(found, ['["INTEGER","BIGINT[]","INTEGER[]","BIGINT[]",true]']);
  assert.deepEqual(await queryRows(query(local)), found);
});

test('a job writes the lists of worlds whose events come soon after impressions, some without a time', async () => {
  let rows = 0;
  for (let seed = 0; seed < 12; seed++) {
    const world = writeWorld(seed);
    const { job, file } = await jobAndFile(join(world.directory, 'world.ratio.json'), 'recall');
    const names = await columnsOf(file);
    const [ours = []] = await answersOf(generateScript(job), job.plan.timezone, [comparable(names, 'result')]);
    assert.equal(
      difference(ours, await queryRows(comparable(names, `read_parquet('${file}')`))),
      null,
      `world ${seed}`,
    );
    rows += ours.length;
  }
  assert.ok(rows > 100, `only ${rows} rows`);
});
