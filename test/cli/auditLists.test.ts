import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from './commandLine.ts';
import { valid } from './previewOutput.ts';

// Files of other tools with a log of five columns, and no table of items. Their lists have names that say nothing.
const directory = mkdtempSync(join(tmpdir(), 'recsample-audit-lists-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const config = `version: 1
seed: demo
data:
  impressions: {path: log.parquet, columns: {user: uid, item: iid, time: ts, request: rid}}
  samples: {fine_ranking: {path: rows.parquet, columns: {user: uid, item: iid, label: label, time: ts}}}
events: {click: is_click}
window: {train: {from: 2026-11-12, to: 2026-11-20}}
stages: {fine_ranking: {unit: impression, positives: {events: {click: 1}}}}
`;

/** The last ten clicks of the user before the request as \`x\`. \`late\`: also those of the next day. */
const rows = (
  late: boolean,
): string => `WITH log AS MATERIALIZED (SELECT *, min(ts) OVER (PARTITION BY rid) AS began FROM 'log.parquet')
  SELECT s.uid, s.iid, s.ts, s.is_click AS label, s.rid,
    coalesce(list({'i': c.iid, 't': c.ts} ORDER BY c.ts, c.iid) FILTER (WHERE c.iid IS NOT NULL), [])[-10:] AS x
  FROM log s LEFT JOIN log c ON c.uid = s.uid AND c.is_click = 1 AND c.ts < s.began${late ? ' + INTERVAL 1 DAY AND c.rid <> s.rid' : ''}
  WHERE s.ts >= '2026-11-12' GROUP BY ALL`;

const instance = await DuckDBInstance.create();
const connection = await instance.connect();
after(() => {
  connection.closeSync();
  instance.closeSync();
});

const copy = async (select: string, file = 'rows.parquet'): Promise<void> => {
  await connection.run(`COPY (${select}) TO '${join(directory, file).replaceAll("'", "''")}'`);
};
const lists = (late: boolean, more = ''): string =>
  `SELECT uid, iid, ts, label, list_transform(x, lambda y: y.i) AS a, list_transform(x, lambda y: y.t) AS b${more} FROM (${rows(late)})`;

before(async () => {
  await connection.run(`SET file_search_path = '${directory.replaceAll("'", "''")}'`);
  writeFileSync(join(directory, 'case.ratio.yaml'), config);
  await copy(
    `SELECT n // 5 % 80 AS uid, hash(n) % 4000 AS iid, n // 5 AS rid, TIMESTAMP '2026-11-01' + INTERVAL (n // 5 * 350 + n % 5 * 20) SECOND AS ts,
      (hash(n, 'click') % 4 = 0)::TINYINT AS is_click FROM range(24000) t(n)`,
    'log.parquet',
  );
});

interface Audited {
  /** The rules of sequences that report the file. */
  readonly found: readonly string[];
  /** Each sequence with its number of steps, and the event that it repeats. */
  readonly sequences: readonly unknown[];
  readonly notices: string;
}

async function audit(...args: string[]): Promise<Audited> {
  const { out, err } = await command(...args);
  const { findings, metrics } = valid('audit', out) as {
    findings: { rule: string }[];
    metrics: { metric: string; tables: { lists?: { rows: unknown[][] } } }[];
  };
  const table = metrics.find(({ metric }) => metric === 'sequences')?.tables.lists?.rows ?? [];
  return {
    found: [...new Set(findings.map(({ rule }) => rule))].filter((rule) => rule.startsWith('data/sequence')).sort(),
    sequences: table.map((row) => [row[0], row[5], row[11]]),
    notices: err,
  };
}

async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [file = 'rows.parquet', ...others] = args[0]?.startsWith('--') ? ['rows.parquet', ...args] : args;
  return await recsample(
    ['audit', file, '--format', 'json', ...others],
    {},
    {
      directory,
      terminal: { width: 160, colour: false },
      createEngine: () => Promise.resolve(createEngine({ temporaryDirectory: directory, threads: 1 })),
    },
  );
}

const logged = ['--config', 'case.ratio.yaml'];
const read = (...names: string[]): RegExp =>
  new RegExp(names.map((name) => `${name} of a sequence, by its values`).join('[^]*'));

test('lists of items of the log and of increasing times are a sequence, whatever their names', async () => {
  await copy(lists(false));
  const healthy = await audit(...logged);
  assert.deepEqual(healthy.found, []);
  assert.deepEqual(healthy.sequences, [['a', 'oldest_first', 'click']]);
  assert.match(healthy.notices, read('a is read as a.item', 'b is read as a.time'));
  await copy(lists(true));
  assert.deepEqual((await audit(...logged)).found, ['data/sequence-future']);
});

test('without times, the log tells; without a log, the times', async () => {
  await copy(`SELECT * EXCLUDE (b) FROM (${lists(true)})`);
  const untimed = await audit(...logged);
  assert.deepEqual([untimed.found, untimed.sequences], [['data/sequence-future'], [['a', null, 'click']]]);
  assert.deepEqual((await audit()).sequences, []);
  await copy(`SELECT * EXCLUDE (b), list_transform(b, lambda y: epoch(y)::BIGINT) AS b FROM (${lists(true)})`);
  const alone = await audit();
  assert.deepEqual([alone.found, alone.sequences], [['data/sequence-future'], [['b', 'oldest_first', null]]]);
  assert.match(alone.notices, read('b is read as b.time'));
});

test('times join a sequence that its name tells', async () => {
  await copy(`SELECT * EXCLUDE (a), a AS click_seq FROM (${lists(true)})`);
  const { found, sequences } = await audit(...logged);
  assert.deepEqual([found, sequences], [['data/sequence-future'], [['click_seq', 'oldest_first', 'click']]]);
});

test('candidates, negatives, categories and words are no histories', async () => {
  await copy(`SELECT uid, iid, ts, label, list(iid) OVER (PARTITION BY rid) AS slate, [hash(iid, k) % 4000 FOR k IN range(8)] AS drawn,
    [(hash(rid, k) % 20)::BIGINT FOR k IN range(6)] AS kinds, list_sort([hash(iid, k) % 30000 FOR k IN range(9)]) AS words,
    list_sort([1700000000 + (hash(iid, k) % 3000000000)::BIGINT FOR k IN range(9)]) AS shops,
    [ts + INTERVAL 1 HOUR, ts + INTERVAL 2 HOUR, ts + INTERVAL 3 HOUR] AS opens FROM (${rows(false)})`);
  const { found, sequences, notices } = await audit(...logged);
  assert.deepEqual([found, sequences], [[], []]);
  assert.doesNotMatch(notices, /by its values/);
});

test('--role names lists of a sequence, and the other lists stay in it', async () => {
  await copy(`SELECT * EXCLUDE (a, b), a AS hist_a, b AS hist_ts FROM (${lists(true)})`);
  const named = await audit('--role', 'hist_a=past.item');
  assert.deepEqual([named.found, named.sequences], [['data/sequence-future'], [['past', 'oldest_first', null]]]);
  await copy(lists(true));
  const both = await audit(...logged, '--role', 'a=past.item', '--role', 'b=past.time');
  assert.deepEqual([both.found, both.sequences], [['data/sequence-future'], [['past', 'oldest_first', 'click']]]);
  assert.doesNotMatch(both.notices, /by its values/);
  assert.deepEqual((await audit(...logged, '--role', 'a=', '--role', 'b=')).sequences, []);
});

test('--separator splits texts', async () => {
  await copy(
    `SELECT uid, iid, ts, label, array_to_string(a, '|') AS a, array_to_string(list_transform(b, lambda y: epoch(y)::BIGINT), '|') AS b FROM (${lists(true)})`,
    'rows.csv',
  );
  const role = ['rows.csv', '--role', 'a=past.item', '--role', 'b=past.time'];
  const { found, sequences } = await audit(...role, '--separator', 'past=|', ...logged);
  assert.deepEqual([found, sequences], [['data/sequence-future'], [['past', 'oldest_first', 'click']]]);
  for (const [args, says] of [
    [role, /a has texts: a sequence needs a separator[^]*--separator past=/],
    [[...role, '--separator', 'other=|'], /--separator: no --role names a sequence other/],
    [[...role, '--separator', 'past='], /--separator needs a text after past=/],
    [[...role, '--separator', '|'], /--separator must be NAME=TEXT, not \|/],
    [['rows.csv', '--role', 'none=past.item'], /There is no column none/],
    [['rows.csv', '--role', 'uid=past.item'], /uid has no lists: it is of type int64/],
  ] as const) {
    const { code, err } = await command(...args);
    assert.deepEqual([code, err.match(says)?.length], [2, 1], err);
  }
});
