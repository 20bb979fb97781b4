import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recsample } from '../cli/commandLine.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { withConnection } from '../engine/testDatabase.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from './dice.ts';

const place = process.env['RECSAMPLE_OBD'] ?? '';
const skip = place === '' ? 'RECSAMPLE_OBD is not set' : false;

/** The items that a policy could show. */
const ITEMS = 34;

/** Each item that the policy showed is the negative of a positive: the draws are those of the policy. */
const config = {
  version: 1,
  seed: 'bandit',
  data: {
    impressions: { path: 'log.parquet', columns: { user: 'user_id', item: 'item_id', time: 'ts' } },
    items: { path: 'items.parquet', columns: { item: 'item_id' } },
    samples: {
      recall: {
        path: 'sample.parquet',
        columns: {
          ...{ user: 'user_id', item: 'item_id', label: 'label', source: 'source' },
          ...{ positive_item: 'positive_item', time: 'ts' },
        },
      },
    },
  },
  events: { click: 'is_click' },
  window: { train: { from: '2019-11-24', to: '2019-11-30' } },
  stages: {
    recall: {
      unit: 'positive',
      positives: { events: { click: 1 } },
      negatives: { per_positive: 1, exclude: 'none', mix: { global_random: 1 } },
    },
  },
};

/**
 * Writes the shown items of a policy as draws: row r is the negative of a click of user r modulo 500. The clicked items
 * are those of the log in turn, so that items have its popularity; a row is left out if it shows that item.
 */
async function writeDraws(policy: string, directory: string): Promise<readonly number[]> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'bandit.ratio.json'), JSON.stringify(config));
  return await withConnection(async (connection) => {
    const at = (name: string): string => join(directory, `${name}.parquet`);
    const csv = `read_csv('${join(place, policy, 'men.csv')}', header = true)`;
    await connection.run(
      `CREATE TEMP TABLE shown AS SELECT row_number() OVER () - 1 AS r, item_id, click, propensity_score FROM ${csv}`,
    );
    await connection.run(
      'CREATE TEMP TABLE clicked AS SELECT row_number() OVER (ORDER BY r) - 1 AS k, item_id AS positive FROM shown WHERE click = 1',
    );
    await connection.run(
      `CREATE TEMP TABLE drawn AS SELECT r % 500 AS user_id, TIMESTAMP '2019-11-24' + to_seconds(r * 60) AS ts, positive, item_id
        FROM shown JOIN clicked ON k = r % (SELECT count(*) FROM clicked) WHERE positive <> item_id`,
    );
    const copy = async (select: string, name: string): Promise<void> => {
      await connection.run(`COPY (${select}) TO '${at(name)}' (FORMAT parquet)`);
    };
    await copy('SELECT user_id, positive AS item_id, ts, 1 AS is_click FROM drawn', 'log');
    await copy(`SELECT CAST(range AS BIGINT) AS item_id FROM range(${ITEMS})`, 'items');
    await copy(
      `SELECT user_id, positive AS item_id, 1 AS label, NULL AS source, positive AS positive_item, ts FROM drawn
        UNION ALL SELECT user_id, item_id, 0, 'global_random', positive, ts FROM drawn`,
      'sample',
    );
    const rows = await (await connection.run('SELECT propensity_score FROM shown ORDER BY r')).getRows();
    for (const table of ['drawn', 'clicked', 'shown']) await connection.run(`DROP TABLE ${table}`);
    return rows.map(([propensity]) => Number(propensity));
  });
}

/** The mean of 1/propensity, and its 95 % bootstrap interval: the number of items, if the propensities are right. */
function itemsOf(propensities: readonly number[]): readonly [mean: number, low: number, high: number] {
  const dice = new Dice('bandit');
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const inverse = propensities.map((one) => 1 / one);
  const means = Array.from({ length: 400 }, () => mean(inverse.map(() => dice.pick(inverse)))).sort((a, b) => a - b);
  return [mean(inverse), means[10] ?? NaN, means[389] ?? NaN];
}

for (const { policy, isUniform } of [
  { policy: 'random', isUniform: true },
  { policy: 'bts', isUniform: false },
])
  test(
    `the Open Bandit log (${policy}): its draws ${isUniform ? 'have' : 'do not have'} uniform chances`,
    { skip },
    async (t) => {
      const directory = join(folder, `bandit-audit-${policy}`);
      const [mean, low, high] = itemsOf(await writeDraws(policy, directory));
      t.diagnostic(
        `mean of 1/propensity: ${mean.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}), items: ${ITEMS}`,
      );
      // The mean of the bandit has a heavy tail, so only the random policy is checked.
      if (isUniform) assert.ok(Math.abs(mean - ITEMS) < 1e-9, String(mean));
      const { code, out, err } = await recsample(
        ['audit', 'sample.parquet', '--config', 'bandit.ratio.json', '--format', 'json'],
        {},
        { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
      );
      assert.ok(code === 0 || code === 1, err);
      const { findings, rules } = JSON.parse(out) as {
        readonly findings: readonly { readonly rule: string }[];
        readonly rules: readonly { readonly rule: string; readonly status: string }[];
      };
      const status = rules.find(({ rule }) => rule === 'data/declared-q')?.status;
      assert.notEqual(status, 'not-run', JSON.stringify(rules));
      assert.equal(
        findings.some(({ rule }) => rule === 'data/declared-q'),
        !isUniform,
        JSON.stringify(findings, null, 1),
      );
    },
  );
