import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Answers } from '../../src/core/data/facts.ts';
import { render } from '../../src/core/message/message.ts';
import { folder, parquet } from './fixture.ts';
import { demo, demoConfig, lintOn, writeDemoBefore } from './lintDemo.ts';
import { queryObjects } from './queryObjects.ts';
import { writeSample } from './sampledFile.ts';

writeDemoBefore();

const root = join(folder, 'passed-values');
const passes =
  'pass_through: [city, activity, {column: device, from: impressions, side: context}, {column: item_ctr, from: impressions, side: item, max_age: 7d}, {column: shown_price, from: impressions, side: exposure}]';

const count = async (select: string): Promise<number> => Number((await queryObjects(select))[0]?.['n']);

/** A config that copies columns of every side, for a sample file with requests. */
const config = (path: string, layout = 'long'): string =>
  demoConfig('recall')
    .replace(/pass_through: \[.*\]/, passes)
    .replace(
      /path: out\/recall\.parquet\n.*columns: .*\n/,
      `path: ${path}\n      layout: ${layout}\n      columns: {user: user_id, item: item_id, label: label, source: source, entry: entry, positive_item: positive_item, request: request_id, time: ts}\n`,
    )
    .replace('layout: long, pass', `layout: ${layout}, pass`);

async function columnsOf(path: string, layout = 'long', unnamed = ''): Promise<Answers['passed-values']['columns']> {
  const { facts } = await lintOn(config(path, layout).replace(unnamed, unnamed && ', time: ts}'), {
    root,
    path: `${layout}.ratio.yaml`,
    questions: () => [{ kind: 'passed-values', stage: 'recall' }],
  });
  const answer = facts.answer({ kind: 'passed-values', stage: 'recall' });
  if (!answer || 'failure' in answer) assert.fail(answer ? render(answer.failure.message) : 'not asked');
  return answer.value.columns;
}

const faults = (columns: Answers['passed-values']['columns']): Record<string, readonly number[]> =>
  Object.fromEntries(columns.map(({ name, wrong, later, foreign }) => [name, [wrong, later, foreign]]));
const clean = { city: [0, 0, 0], activity: [0, 0, 0], device: [0, 0, 0], item_ctr: [0, 0, 0], shown_price: [0, 0, 0] };

describe('copied values of a file that the sampler wrote', () => {
  before(async () => {
    cpSync(demo, root, { recursive: true });
    for (const layout of ['long', 'grouped', 'wide'])
      for (const split of ['train', 'eval'] as const) {
        const path = `out/${layout}-${split}.parquet`;
        await writeSample(root, config(path, layout), 'recall', path, split);
      }
  });

  for (const layout of ['long', 'grouped', 'wide'])
    for (const split of ['train', 'eval'] as const)
      test(`are right in the layout ${layout} of ${split}`, async () => {
        assert.deepEqual(faults(await columnsOf(`out/${layout}-${split}.parquet`, layout)), clean);
      });

  const of = (file: string): string => `read_parquet('${join(root, file)}')`;

  test('a value of another item is wrong, and one of the future is counted as such', async () => {
    const log = `(SELECT user_id, request_id, item_id, ts, item_ctr FROM ${of('data/impressions/*/*.parquet')})`;
    // The newest value of the whole log, whatever the time of the group.
    await parquet(
      join(root, 'out/newest.parquet'),
      `SELECT s.* REPLACE (n.item_ctr AS item_ctr) FROM ${of('out/long-train.parquet')} s LEFT JOIN (SELECT item_id, arg_max(item_ctr, ts) AS item_ctr FROM ${log} GROUP BY item_id) n USING (item_id)`,
    );
    const [counted] = (await columnsOf('out/newest.parquet')).filter(({ name }) => name === 'item_ctr');
    // Row by row: the newest row before the first exposure of the request, at most seven days older.
    const countWrong = (readTimes: string): Promise<number> =>
      count(
        `SELECT count(*) AS n FROM ${of('out/newest.parquet')} s JOIN ${readTimes} WHERE s.item_ctr IS DISTINCT FROM (SELECT arg_max(l.item_ctr, l.ts) FROM ${log} l WHERE l.item_id = s.item_id AND l.ts < r.t AND l.ts = (SELECT max(m.ts) FROM ${log} m WHERE m.item_id = s.item_id AND m.ts < r.t) AND r.t - l.ts <= INTERVAL 7 DAY)`,
      );
    const starts = `(SELECT user_id, request_id, min(ts) AS t FROM ${log} GROUP BY ALL)`;
    const expected = await countWrong(`${starts} r USING (user_id, request_id)`);
    assert.ok(expected > 100);
    assert.equal(counted?.wrong, expected);
    assert.ok(counted.later > 0 && counted.later <= expected);
    // Without the column of the requests, the positive tells which one it is, unless it was shown twice at that time.
    const unnamed = async (file: string): Promise<Answers['passed-values']['columns'][number] | undefined> =>
      (await columnsOf(file, 'long', ', request: request_id, time: ts}')).find(({ name }) => name === 'item_ctr');
    const ofPositive = `(SELECT user_id, item_id AS positive_item, ts, min(t) AS t FROM ${log} JOIN ${starts} USING (user_id, request_id) GROUP BY ALL HAVING min(t) = max(t))`;
    assert.equal(
      (await unnamed('out/newest.parquet'))?.wrong,
      await countWrong(`${ofPositive} r USING (user_id, positive_item, ts)`),
    );
    assert.equal((await unnamed('out/long-train.parquet'))?.wrong, 0);
  });

  test('a value of an exposure on a drawn row is foreign', async () => {
    await parquet(
      join(root, 'out/price.parquet'),
      `SELECT s.* REPLACE (coalesce(shown_price, 1) AS shown_price) FROM ${of('out/long-train.parquet')} s`,
    );
    const [counted] = (await columnsOf('out/price.parquet')).filter(({ name }) => name === 'shown_price');
    const drawn = await count(
      `SELECT count(*) AS n FROM ${of('out/long-train.parquet')} WHERE label = 0 AND source <> 'exposed_unclicked'`,
    );
    assert.equal(counted?.foreign, drawn);
    assert.equal(counted.wrong, 0);
  });
});
