import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recsample, type Outcome } from '../cli/commandLine.ts';
import { folder } from '../engine/fixture.ts';
import { withConnection } from '../engine/testDatabase.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { Dice } from './dice.ts';

const place = process.env['RECSAMPLE_OBD'] ?? '';
const directory = join(folder, 'bandit-infer');
/** Of the draws of the script. */
const [RATIO, UNCLICKED, EXPONENT] = [4, 0.25, 0.75];

const config = {
  version: 1,
  seed: 'bandit',
  data: {
    impressions: { path: 'log.parquet', columns: { user: 'user_id', item: 'item_id', time: 'ts' } },
    items: { path: 'items.parquet', columns: { item: 'item_id' } },
    samples: {
      recall: { path: 'sample.csv', columns: { user: 'user_id', item: 'item_id', label: 'label', time: 'ts' } },
    },
  },
  events: { click: 'is_click' },
  window: { train: { from: '2019-11-24', to: '2019-11-30' } },
  stages: {
    recall: {
      unit: 'positive',
      positives: { events: { click: 1 } },
      negatives: { per_positive: 4, exclude: 'none', mix: { global_random: 1 } },
    },
  },
};

/**
 * Three rows in turn of the log of the bandit are the exposures of a user. The log names no users and has few clicks, so
 * an exposure in the first position counts as one. Returns user, item, time and click.
 */
async function writeLog(): Promise<readonly (readonly [user: number, item: number, time: string, click: boolean])[]> {
  return await withConnection(async (connection) => {
    const csv = `read_csv('${join(place, 'bts', 'men.csv')}', header = true)`;
    await connection.run(
      `CREATE TEMP TABLE shown AS SELECT (row_number() OVER () - 1) // 3 AS user_id, item_id, TIMESTAMP '2019-11-24' + to_seconds((row_number() OVER () - 1) * 60) AS ts, (position = 1)::INTEGER AS is_click FROM ${csv}`,
    );
    await connection.run(`COPY shown TO '${join(directory, 'log.parquet')}' (FORMAT parquet)`);
    await connection.run(
      `COPY (SELECT DISTINCT item_id FROM shown ORDER BY 1) TO '${join(directory, 'items.parquet')}' (FORMAT parquet)`,
    );
    const rows = await (
      await connection.run('SELECT user_id, item_id, ts::VARCHAR, is_click FROM shown ORDER BY ts')
    ).getRows();
    return rows.map(([user, item, time, click]) => [Number(user), Number(item), String(time), Number(click) === 1]);
  });
}

/** Draws negatives of each click: some are exposures without a click, others are by popularity, as a script would. */
function drawn(log: Awaited<ReturnType<typeof writeLog>>): string {
  const dice = new Dice('bandit script');
  const clicks = new Map<number, number>();
  for (const [, item, , click] of log) if (click) clicks.set(item, (clicks.get(item) ?? 0) + 1);
  const lines = ['user_id,item_id,label,ts'];
  for (const [user, positive, time, click] of log) {
    const own = log.slice(user * 3, user * 3 + 3);
    const clicked = new Set(own.filter((row) => row[3]).map((row) => row[1]));
    const unclicked = own.map((row) => row[1]).filter((item) => !clicked.has(item));
    if (!click || unclicked.length === 0) continue;
    const shown = new Set(own.map((row) => row[1]));
    const pool = [...clicks].filter(([item]) => !shown.has(item)).map(([item, n]) => ({ item, weight: n ** EXPONENT }));
    const mass = pool.reduce((sum, { weight }) => sum + weight, 0);
    const byPopularity = (): number | undefined => {
      let left = dice.unit() * mass;
      return pool.find(({ weight }) => (left -= weight) < 0)?.item;
    };
    lines.push(`${user},${positive},1,${time}`);
    for (let k = dice.whole(RATIO - 1, RATIO + 1); k > 0; k--)
      lines.push(`${user},${dice.chance(UNCLICKED) ? dice.pick(unclicked) : byPopularity()},0,${time}`);
  }
  return `${lines.join('\n')}\n`;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

interface Metric {
  readonly metric: string;
  readonly figures: Readonly<Record<string, Interval>>;
  readonly tables: Readonly<Record<string, { readonly rows: readonly (readonly [name: string, ...number[]])[] }>>;
}

test(
  'the Open Bandit log: ratio, mix and exponent of the draws of a script, from a file without sources',
  { skip: place === '' ? 'RECSAMPLE_OBD is not set' : false },
  async () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'bandit.ratio.json'), JSON.stringify(config));
    writeFileSync(join(directory, 'sample.csv'), drawn(await writeLog()));
    const run = (...args: readonly string[]): Promise<Outcome> =>
      recsample(args, {}, { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) });
    const within = ({ low, high }: Interval, truth: number, widest: number): void => {
      assert.ok(low <= truth && truth <= high, `${truth} is not from ${low} to ${high}`);
      assert.ok(high > low && high - low < widest, `from ${low} to ${high}`);
    };
    const { out, err } = await run('audit', 'sample.csv', '--config', 'bandit.ratio.json', '--format', 'json');
    const { metrics } = JSON.parse(out) as { readonly metrics: readonly Metric[] };
    const metric = (name: string): Metric => metrics.find((one) => one.metric === name) ?? assert.fail(err);
    const figure = (name: string, id: string): Interval => metric(name).figures[id] ?? assert.fail(id);
    within(figure('implied', 'ratio'), RATIO, 0.1);
    within(figure('exponent', 'exponent'), EXPONENT, 0.1);
    const unclicked = metric('implied').tables['classes']?.rows.find(([name]) => name === 'exposed_unclicked');
    const [, , , low = NaN, high = NaN] = unclicked ?? [];
    within({ low, high }, UNCLICKED, 0.05);

    const inferred = await run(
      'infer',
      'sample.csv',
      '--data',
      'impressions=log.parquet',
      '--data',
      'items=items.parquet',
    );
    assert.equal(inferred.code, 0, inferred.err);
    assert.match(inferred.out, /per_positive: 4 /);
    assert.match(
      inferred.out,
      /exposed_unclicked: 0\.25 .*\n +popularity: \{share: 0\.75, exponent: 0\.75, count: click\}/,
    );
    const [, from, to] = /exponent [.\d]+ \(([.\d]+) to ([.\d]+)\)/.exec(inferred.out) ?? [];
    within({ low: Number(from), high: Number(to) }, EXPONENT, 0.1);
  },
);
