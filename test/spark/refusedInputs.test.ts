import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import { sparkSqlText } from '../../src/core/spark/sparkText.ts';
import { folder } from '../engine/fixture.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { hostileTexts } from './hostileTexts.ts';
import { jobAndFile, queryRows } from './sparkJob.ts';

const directory = join(folder, 'refused-inputs');
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const log = `SELECT 'u' || k AS user_id, k % 7 AS item_id, TIMESTAMP '2026-11-01 10:00:00' + k * INTERVAL 1 HOUR AS ts, k % 2 = 0 AS is_click FROM range(40) r(k)`;

async function copied(rows: string, file: string, options: string): Promise<void> {
  mkdirSync(dirname(join(directory, file)), { recursive: true });
  await queryRows(`COPY (${rows}) TO '${join(directory, file)}' (${options})`);
}

/** Parts of the config that take the place of its own. */
interface Changed {
  readonly data?: Readonly<Record<string, object>>;
  readonly log?: object;
  readonly click?: string | object;
  readonly output?: object;
  /** A further event. */
  readonly pay?: string;
}

/** The failure of the job over a log; null if it is written. */
async function failureOf(
  file: string,
  { data = {}, log = {}, click = 'is_click', output = {}, pay }: Changed = {},
): Promise<FailureError['failure'] | null> {
  const path = join(directory, 'configs', 'job.ratio.json');
  mkdirSync(join(directory, 'configs'), { recursive: true });
  const config = {
    version: 1,
    seed: 1,
    data: {
      impressions: { path: `../${file}`, columns: { user: 'user_id', item: 'item_id', time: 'ts' }, ...log },
      ...data,
    },
    events: { click, ...(pay === undefined ? {} : { pay }) },
    stages: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1 } },
        negatives: { per_positive: { exposed_random: 1 } },
      },
    },
    output,
  };
  writeFileSync(path, JSON.stringify(config));
  const { job } = await jobAndFile(path, 'recall');
  try {
    sparkSqlText(generateScript(job), [], 'UTC', { output: 'out', work: 'work' });
    return null;
  } catch (error) {
    assert.ok(error instanceof FailureError, String(error));
    return error.failure;
  }
}

test('Arrow files are refused by name, with what to do', async () => {
  const files = await WorldFiles.open();
  const types = { user_id: 'VARCHAR', item_id: 'BIGINT', ts: 'TIMESTAMP', is_click: 'BOOLEAN' };
  const rows = [{ user_id: 'u', item_id: 1n, ts: '2026-11-01 10:00:00', is_click: true }];
  await files.writeFile({ types, rows }, join(directory, 'log.arrow'), 'arrow');
  files.close();
  const failure = await failureOf('log.arrow');
  assert.equal(failure && render(failure.message), 'A Spark job cannot read Arrow files: data.impressions');
  assert.match(failure?.advice ? render(failure.advice) : '', /^Convert them to Parquet/);
});

test('text that zstd compressed is refused with the reason; gzip is not', async () => {
  await copied(log, 'log.csv.zst', 'FORMAT csv, COMPRESSION zstd');
  const failure = await failureOf('log.csv.zst');
  assert.match(failure ? render(failure.message) : '', /Spark 3\.5 cannot read .*zstd.*: data\.impressions/);
  await copied(log, 'log.csv.gz', 'FORMAT csv, COMPRESSION gzip');
  assert.equal(await failureOf('log.csv.gz'), null);
});

test('a name in the header of a text file cannot end a statement', async () => {
  await copied(log.replace('AS is_click', 'AS is_click, 1 AS "x`; DROP TABLE t; --"'), 'log.csv', 'FORMAT csv');
  const failure = await failureOf('log.csv');
  assert.match(failure ? render(failure.message) : '', /spark-sql would read its characters as syntax/);
  assert.match(failure?.place?.path ?? '', /log\.csv$/);
});

const messageOf = (failure: FailureError['failure'] | null): string => (failure ? render(failure.message) : '');
const withColumn = (column: string): string => log.replace('SELECT', `SELECT ${column},`);
const copiedColumn = (column: string): object => ({ pass_through: [{ column, from: 'impressions', side: 'context' }] });

test('a comparison of a text column without values is refused: on the cluster, it may have values', async () => {
  await copied(withColumn('NULL AS price'), 'log.csv', 'FORMAT csv');
  const click = { any: ['is_click', { column: 'price', op: '>=', value: 7 }] };
  const failure = await failureOf('log.csv', { click });
  assert.equal(messageOf(failure), 'column price has texts, which >= cannot compare with the number 7');
});

test('a column of a type that Spark cannot read exactly is refused by name', async () => {
  await copied(withColumn("TIME '10:00' AS clock"), 'log.parquet', 'FORMAT parquet');
  const failure = await failureOf('log.parquet', { output: copiedColumn('clock') });
  assert.match(messageOf(failure), /^A Spark job cannot read column clock: its type is time/);
});

test('a name inside a column is refused at every depth, with the name and its column', async () => {
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  for (const name of hostileTexts.filter((one) => !/^(负样本|\{0\})/.test(one)))
    for (const nested of [
      `struct_pack(${quoted(name)} := 1)`,
      `[struct_pack(a := struct_pack(${quoted(name)} := 1))]`,
      `MAP {'a': struct_pack(${quoted(name)} := 1)}`,
    ]) {
      await copied(withColumn(`${nested} AS deep`), 'log.parquet', 'FORMAT parquet');
      const failure = await failureOf('log.parquet', { output: copiedColumn('deep') });
      assert.match(messageOf(failure), /^A Spark job cannot name .*: spark-sql would read its characters as syntax$/);
      assert.equal(failure?.place?.column, 'deep');
    }
  // Others are quoted.
  await copied(withColumn(`{'a b.c': 1, '负样本': [{'<d>, e: f': 2}]} AS deep`), 'log.parquet', 'FORMAT parquet');
  assert.equal(await failureOf('log.parquet', { output: copiedColumn('deep') }), null);
});

test('files that Spark would read twice, read alone or skip are refused by name', async () => {
  mkdirSync(join(directory, 'log'), { recursive: true });
  await copied(log, 'log/a.parquet', 'FORMAT parquet');
  assert.equal(await failureOf('log'), null);
  symlinkSync('a.parquet', join(directory, 'log', 'b.parquet'));
  const twice = await failureOf('log');
  assert.equal(
    messageOf(twice),
    `Spark would read other files of data.impressions: ${join(directory, 'log/b.parquet')}`,
  );
  assert.match(twice?.advice ? render(twice.advice) : '', /^Several paths lead to the file/);
  // A pattern names one of both.
  assert.equal(await failureOf('log/a*.parquet'), null);
  rmSync(join(directory, 'log', 'b.parquet'));
  writeFileSync(join(directory, 'log', 'notes.txt'), 'not data');
  const alone = await failureOf('log');
  assert.match(messageOf(alone), /notes\.txt$/);
  assert.match(alone?.advice ? render(alone.advice) : '', /^Only Spark reads it/);
  assert.equal(await failureOf('log/*.parquet'), null);
  await copied(log, '_hidden.parquet', 'FORMAT parquet');
  const skipped = await failureOf('_hidden.parquet');
  assert.match(messageOf(skipped), /_hidden\.parquet$/);
  assert.match(skipped?.advice ? render(skipped.advice) : '', /^Spark skips names/);
  // A folder that matches a pattern of files.
  mkdirSync(join(directory, 'log', 'old.parquet'));
  await copied(log, 'log/old.parquet/c.parquet', 'FORMAT parquet');
  assert.match(messageOf(await failureOf('log/*.parquet')), /c\.parquet$/);
});

test('a copied map is refused by name in a layout with lists', async () => {
  await copied(log, 'log.parquet', 'FORMAT parquet');
  await copied("SELECT k AS item_id, MAP {'a': k} AS tags FROM range(7) r(k)", 'items.parquet', 'FORMAT parquet');
  const items = { path: '../items.parquet', columns: { item: 'item_id', attributes: ['tags'] } };
  const failure = await failureOf('log.parquet', {
    data: { items },
    output: { layout: 'grouped', pass_through: ['tags'] },
  });
  assert.match(messageOf(failure), /cannot write column tags as a list: its type is map/);
});

test('a column that a sequence copies must have one type', async () => {
  await copied(withColumn("'ios' AS os, 7::BIGINT AS device, MAP {'a': 1} AS tags"), 'log.parquet', 'FORMAT parquet');
  await copied(
    "SELECT 'u1' AS user_id, 1 AS item_id, TIMESTAMP '2026-11-01' AS ts, true AS paid, 7 AS device, 7 AS os",
    'paid.parquet',
    'FORMAT parquet',
  );
  const columns = { user: 'user_id', item: 'item_id', time: 'ts' };
  const data = { clicks: { path: '../paid.parquet', columns, events: ['pay'] } };
  const sequence = (column: string): object => ({
    sequences: { recent: { events: ['click', 'pay'], length: 5, available_after: '1m', columns: ['item', column] } },
  });
  assert.match(
    messageOf(await failureOf('log.parquet', { data, pay: 'paid', output: sequence('device') })),
    /^A Spark job cannot copy column device into a sequence: its type is int64, int32/,
  );
  // Neither can a sample on one machine.
  for (const [column, says] of [
    ['tags', /cannot copy/],
    ['os', /^os has several types in the steps of recent: string, integer/],
  ] as const) {
    const refused = await failureOf('log.parquet', { data, pay: 'paid', output: sequence(column) }).catch(
      (error: unknown) => (error as FailureError).failure,
    );
    assert.match(messageOf(refused), says);
  }
});

test('a condition on a time is refused with the name of its column', async () => {
  await copied(log, 'log.parquet', 'FORMAT parquet');
  const failure = await failureOf('log.parquet', { log: { where: { ts: { op: '>=', value: '2026-11-02' } } } });
  assert.match(messageOf(failure), /^A Spark job cannot compare column ts: its type is timestamp/);
  assert.equal(failure?.place?.column, 'ts');
});

test('columns that Spark would read one for the other are refused with both names, used or not', async () => {
  for (const [one, other] of [
    ['É', 'é'],
    ['я', 'Я'],
    ['Price', 'price'],
  ] as const) {
    await copied(withColumn(`k AS ${one}`), 'log/a.parquet', 'FORMAT parquet');
    await copied(withColumn(`k AS ${other}`), 'log/b.parquet', 'FORMAT parquet');
    const failure = await failureOf('log');
    assert.equal(messageOf(failure), `Spark does not distinguish the columns ${one} and ${other} of data.impressions`);
  }
  // Another letter is another column.
  await copied(withColumn('k AS é, k AS è'), 'log.parquet', 'FORMAT parquet');
  assert.equal(await failureOf('log.parquet'), null);
});

test('files in folders that are no partitions are refused', async () => {
  mkdirSync(join(directory, 'log', 'old'), { recursive: true });
  for (const file of ['log/a.parquet', 'log/old/b.parquet']) await copied(log, file, 'FORMAT parquet');
  assert.match(messageOf(await failureOf('log')), /data\.impressions has files in folders that Spark would skip/);
});

test('ids that are integers in one data set and texts in another are refused', async () => {
  await copied(log, 'log.parquet', 'FORMAT parquet');
  await copied('SELECT CAST(k AS VARCHAR) AS item_id FROM range(7) r(k)', 'items.parquet', 'FORMAT parquet');
  const items = { path: '../items.parquet', columns: { item: 'item_id' } };
  const expected = /column item_id of data\.items are strings, but those in data\.impressions are integers/;
  await assert.rejects(failureOf('log.parquet', { data: { items } }), expected);
});
