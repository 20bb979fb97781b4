import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { changed, directory, run, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';

useDemoFolder();

const table = (name: string, more: string): string =>
  `    ${name}: {path: ../data/${name}.parquet, columns: {user: user_id, item: item_id, time: ts}, ${more}}\n`;
const twoTables = `  clicks:\n${table('orders', 'within: 3d, unmatched: positive')}${table('search', 'events: [found]')}  users:\n`;

/** The demo's recall with two tables of events. */
const config = (name: string): string =>
  changed(
    name,
    '  users:\n',
    twoTables,
    changed(
      name,
      '  click: is_click\n',
      '  click: is_click\n  pay: paid\n  found: {column: action, op: "=", value: found}\n',
      changed(name, 'events: {click: 1, long_play: 2}', 'events: {click: 1, long_play: 2, pay: 5}'),
    ),
  );

async function report(args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(args);
  assert.equal(code, 0, err);
  return out;
}

suite('events in tables of their own', () => {
  before(async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const log = `read_parquet('${join(directory, 'data/impressions/*/*.parquet')}')`;
    const write = async (name: string, select: string): Promise<void> => {
      await connection.run(`COPY (${select}) TO '${join(directory, 'data', `${name}.parquet`)}' (FORMAT parquet)`);
    };
    await write(
      'orders',
      `SELECT user_id, item_id, ts + INTERVAL 1 HOUR AS ts, true AS paid FROM ${log} WHERE is_click = 1
        UNION ALL SELECT user_id, 5_000_000 + item_id, ts + INTERVAL 2 HOUR, true FROM ${log} WHERE is_click = 1 AND position = 1`,
    );
    await write(
      'search',
      `SELECT user_id, item_id, ts - INTERVAL 1 DAY AS ts, 'found' AS action FROM ${log} WHERE position = 2`,
    );
    connection.closeSync();
    instance.closeSync();
  });

  test('sample reports the events of each table, and the lock file has their counts', async () => {
    const out = await report(['sample', config('events.ratio.yaml'), '--out', 'made/events.parquet']);
    assertGolden('sample.events.txt', out.replace(/· [\d.]+ kB ·/, '· SIZE ·').replace(/\d+\.\d s/, 'TIME s'));
    const lock = JSON.parse(readFileSync(join(directory, 'made/events.parquet.recsample.json'), 'utf8')) as {
      readonly event_counts: Readonly<Record<string, number>>;
      readonly data: Readonly<Record<string, unknown>>;
    };
    assert.deepEqual(Object.keys(lock.event_counts), ['clicks.orders.matched', 'clicks.orders.unmatched']);
    assert.ok(Object.values(lock.event_counts).every((count) => count > 0));
    assert.deepEqual(Object.keys(lock.data).slice(0, 3), ['impressions', 'clicks.orders', 'clicks.search']);
    const same = await run(['diff', 'made/events.parquet', 'made/events.parquet']);
    assert.equal(same.code, 0, same.err);
  });

  test('lint accepts the tables, and preview has the counts in JSON', async () => {
    const path = config('events.ratio.yaml');
    const { out, code } = await run(['lint', path, '--facts', 'data']);
    assert.equal(code, 0, out);
    const { events } = JSON.parse(await report(['preview', path, '--users', '3', '--format', 'json'])) as {
      readonly events: readonly { readonly data: string; readonly does: string; readonly unmatched: number }[];
    };
    assert.deepEqual(
      events.map(({ data, does }) => `${data} ${does}`),
      ['clicks.orders positive'],
    );
    assert.ok((events[0]?.unmatched ?? 0) > 0);
  });
});
