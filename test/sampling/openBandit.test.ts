import '../engine/twoThreads.ts';
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { folder } from '../engine/fixture.ts';
import { previewOf, requestOf } from './sampled.ts';

const place = process.env['RECSAMPLE_OBD'] ?? '';
const skip = place === '' ? 'RECSAMPLE_OBD is not set' : false;

interface Shown {
  readonly user: string;
  readonly item: number;
  readonly time: string;
  readonly clicked: boolean;
}

/** Writes a log as Parquet, with its four user hashes joined as user_id, and the items next to it; returns the rows. */
async function writeLog(policy: string, directory: string): Promise<Shown[]> {
  mkdirSync(directory, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const user = "concat_ws('-', user_feature_0, user_feature_1, user_feature_2, user_feature_3)";
    const log = `SELECT ${user} AS user_id, item_id, CAST("timestamp" AS TIMESTAMPTZ) AS ts, position, click AS is_click FROM read_csv('${join(place, policy, 'men.csv')}', header = true)`;
    await connection.run(`COPY (${log}) TO '${join(directory, 'log.parquet')}' (FORMAT parquet)`);
    await connection.run(
      `COPY (SELECT item_id, item_feature_1, item_feature_2 FROM read_csv('${join(place, policy, 'item_context.csv')}', header = true)) TO '${join(directory, 'items.parquet')}' (FORMAT parquet)`,
    );
    const result = await connection.run(
      `SELECT user_id, CAST(item_id AS INTEGER), CAST(epoch_us(ts) AS VARCHAR), is_click = 1 FROM read_parquet('${join(directory, 'log.parquet')}')`,
    );
    return (await result.getRows()).map(([u, item, time, clicked]) => ({
      user: String(u),
      item: Number(item),
      time: String(time),
      clicked: clicked === true,
    }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const config = {
  version: 1,
  seed: 'bandit',
  data: {
    impressions: {
      path: 'log.parquet',
      columns: { user: 'user_id', item: 'item_id', time: 'ts', position: 'position' },
    },
    items: { path: 'items.parquet', columns: { item: 'item_id', attributes: ['item_feature_1', 'item_feature_2'] } },
  },
  events: { click: 'is_click' },
  stages: {
    recall: {
      unit: 'positive',
      positives: { events: { click: 1 } },
      negatives: {
        per_positive: {
          exposed_unclicked: { count: 40, scope: 'user' },
          clicked: { source: 'popularity', count: 8 },
          global_random: 4,
          shown: { source: 'exposed_random', count: 8 },
        },
      },
    },
  },
};

const weightOf = (count: number): number =>
  count === 0 ? 0 : Math.floor(1024 * Math.sqrt(count) * Math.sqrt(Math.sqrt(count)) + 0.5);
const close = (a: number | null, b: number): boolean => a !== null && Math.abs(a - b) < 1e-12;

for (const policy of ['random', 'bts']) {
  test(`the Open Bandit log (${policy}): lists, popularity by clicks and by impressions, log q`, { skip }, async () => {
    const directory = join(folder, `bandit-${policy}`);
    const log = await writeLog(policy, directory);
    assert.equal(log.length, 10_000);
    const path = join(directory, 'bandit.ratio.json');
    writeFileSync(path, JSON.stringify(config));

    const clicks = Array.from(
      { length: 34 },
      (_, item) => log.filter((row) => row.clicked && row.item === item).length,
    );
    const impressions = Array.from({ length: 34 }, (_, item) => log.filter((row) => row.item === item).length);
    const users = [...new Set(log.filter(({ clicked }) => clicked).map(({ user }) => user))];
    const { users: drawn } = await previewOf(await requestOf(path, 'recall'), users);
    const groups = new Set<string>();
    for (const { user, groups: own } of drawn) {
      const chosen = new Set(log.filter((row) => row.user === user && row.clicked).map(({ item }) => item));
      const free = Array.from({ length: 34 }, (_, item) => item).filter((item) => !chosen.has(item));
      const pools: Record<string, readonly number[]> = {
        clicked: clicks.map(weightOf),
        shown: impressions.map((n) => n * 1024),
        global_random: impressions.map(() => 1),
      };
      for (const group of own) {
        const time = BigInt(Date.parse(group.time)) * 1000n + BigInt(group.time.slice(23, 26));
        groups.add(`${user} ${group.item ?? ''} ${String(time)}`);
        // Without requests, the read time is that of the group.
        const earlier = log.filter((row) => row.user === user && !row.clicked && BigInt(row.time) < time);
        const list = new Set(earlier.filter(({ item }) => !chosen.has(item)).map(({ item }) => item));
        const of = (entry: string): typeof group.rows => group.rows.filter((row) => row.entry === entry);
        assert.deepEqual(new Set(of('exposed_unclicked').map(({ item }) => Number(item))), list);
        for (const { item, logQ } of of('exposed_unclicked'))
          assert.ok(close(logQ, -Math.log(list.size)), `${item}: ${logQ ?? ''}`);
        const q = (entry: string, item: number, put: readonly number[]): number => {
          const weights = pools[entry] ?? [];
          const reachable = [...free, ...put];
          return reachable.includes(item)
            ? (weights[item] ?? 0) / reachable.reduce((sum, one) => sum + (weights[one] ?? 0), 0)
            : 0;
        };
        const filled = { exposed_unclicked: list.size, clicked: 8, global_random: 4, shown: 8 };
        for (const [entry, quota] of Object.entries(filled)) assert.equal(of(entry).length, quota, `${user}: ${entry}`);
        for (const { item, entry, label, logQ, logQMix } of group.rows) {
          const number = Number(item);
          const put = label === 1 ? [number] : [];
          if (label === 0 && entry !== 'exposed_unclicked')
            assert.ok(close(logQ, Math.log(q(entry ?? '', number, put))), `${user}: ${entry ?? ''} ${item}`);
          // A positive that was shown before without a click is a list candidate too.
          const again = label === 1 && earlier.some((row) => row.item === number);
          const listed = again ? 1 / (list.size + 1) : list.has(number) ? 1 / list.size : 0;
          const mixed =
            list.size * listed +
            8 * q('clicked', number, put) +
            4 * q('global_random', number, put) +
            8 * q('shown', number, put);
          assert.ok(close(logQMix, Math.log(mixed / (list.size + 20))), `${user}: mixture of ${item}`);
        }
      }
    }
    assert.deepEqual(
      groups,
      new Set(log.filter(({ clicked }) => clicked).map(({ user, item, time }) => `${user} ${item} ${time}`)),
      'every click is a group',
    );
  });
}
