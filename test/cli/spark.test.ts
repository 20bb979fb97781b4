import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { writeArrow } from '../engine/writeArrow.ts';
import { jobOfText, stepsOf } from '../spark/jobOfText.ts';
import type { Outcome } from './commandLine.ts';
import { changed, directory, run, useDemoFolder } from './demoFolder.ts';

useDemoFolder();

const fine = 'configs/fine_ranking.ratio.yaml';

test('a Spark job is refused by the names of what it cannot do, and nothing is written', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const name of ['items', 'users'])
    await writeArrow(
      connection,
      `SELECT * FROM read_parquet('${join(directory, 'data', name)}.parquet')`,
      join(directory, 'data', `${name}.arrow`),
    );
  connection.closeSync();
  instance.closeSync();
  const config = changed('refused.ratio.yaml', /(items|users)\.parquet/g, '$1.arrow');
  const { code, err, out } = await run(['spark', config, '--out', 'refused.sql']);
  assert.equal(code, 2);
  assert.match(err, /A Spark job cannot read Arrow files: data\.items, data\.users\. Convert them to Parquet/);
  assert.match(err, /recsample sample/);
  assert.equal(out, '');
  assert.equal(existsSync(join(directory, 'refused.sql')), false);
});

test('places that cannot be written or do not exist are refused by name, without a message of the system', async () => {
  symlinkSync('loop', join(directory, 'loop'));
  writeFileSync(join(directory, 'plain'), '');
  const rows = join(directory, 'rows.csv');
  writeFileSync(rows, 'a\n1\n');
  for (const [args, says] of [
    [['spark', fine, '--out', 'plain/job.sql'], /plain: Expected a folder, found a file/],
    [['spark', fine, '--out', 'loop/job.sql'], /loop: The folder cannot be written \(ELOOP\)/],
    [['spark', fine, '--output', ' '], /--output is empty/],
    [['spark', fine, '--work', ' '], /--work is empty/],
    [['lint', '--root', 'loop'], /--root must be an existing folder, not loop/],
    [['lint', '--root', 'x'.repeat(300)], /--root must be an existing folder, not x/],
    [['diff', 'loop', 'loop'], /The symbolic links form a loop/],
    [['lint', '--policy', 'loop'], /The policy loop cannot be read: The symbolic links form a loop/],
    [['lint', '--policy', 'x'.repeat(300)], /There is no policy file x/],
    [['inspect', rows, '--export', 'plain/x.csv'], /plain: Expected a folder, found a file/],
    [['inspect', rows, '--export', 'loop/x.csv'], /loop: The folder cannot be written \(ELOOP\)/],
  ] as const) {
    const { code, err } = await run([...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, says);
    assert.doesNotMatch(err, /(stat|mkdir) '|too many|name too long/);
  }
});

test('a job is one file of SQL, or the same queries in Python', async () => {
  const { code, out, err } = await run(['spark', fine, '--out', 'job.sql']);
  assert.equal(code, 0, err);
  assert.match(out, /job\.sql is written\. Run it with spark-sql -f job\.sql\./);
  assert.match((await run(['spark', fine, '--out', 'my job.sql'])).out, /Run it with spark-sql -f 'my job\.sql'\./);
  const sql = readFileSync(join(directory, 'job.sql'), 'utf8');
  assert.equal((await run(['spark', fine])).out, sql);
  assert.equal((await run(['spark', fine, '--out', 'job.py'])).code, 0);
  const python = readFileSync(join(directory, 'job.py'), 'utf8');
  const { job } = jobOfText(python);
  const steps = stepsOf(job);
  const statements = steps.flatMap((step) => step.statements ?? []).map((lines) => lines.join('\n'));
  // The result takes its place by a rename after the last statement. Python writes the rows of a step itself, and names
  // those of a view.
  const writes =
    /^(INSERT OVERWRITE DIRECTORY '.*' USING parquet|CREATE .* VIEW \S+ (AS|USING parquet OPTIONS \(path '[^']*'\);))\n/gm;
  const queries = sql.replaceAll(writes, '');
  for (const statement of statements)
    assert.ok(queries.includes(`${statement.replaceAll('/_staged/', '/')};`), statement);
  assert.match(job.publish?.['staged'] ?? '', /\/_staged\//);
  // Python checks the inputs without queries, and sets what the rows depend on without statements.
  const checks = / VIEW raw_\w+_(files|columns) USING |^SET |: there are no files'|columns that are missing there: '/m;
  const [, ...others] = queries.split(/;\n/).filter((text) => !checks.test(text));
  assert.equal(statements.length, others.length);
  const inputs = steps
    .flatMap((step) => step.inputs ?? [])
    .filter(({ place }) => place.startsWith('data.impressions, /'));
  assert.deepEqual(
    inputs.map(({ options, columns }) => [Object.keys(options), columns === null]),
    [
      [['path', 'basePath'], true],
      [['path', 'basePath'], false],
    ],
  );
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('a Python job writes in place on a file system that cannot rename folders', async () => {
  const args = ['--output', 's3a://samples/fine', '--work', 's3a://scratch/fine', '--out', 'remote.py'];
  assert.equal((await run(['spark', fine, ...args])).code, 0);
  const python = readFileSync(join(directory, 'remote.py'), 'utf8');
  const { job, json } = jobOfText(python);
  assert.equal(stepsOf(job).find(({ name }) => name === 'result')?.folder, 's3a://samples/fine');
  assert.equal(job.publish, null);
  assert.ok(!json.includes('_staged'));
});

test('a job reads the data where Spark has it, and writes where it is told', async () => {
  const args = [
    '--input-root',
    'data=s3a://lake/data/',
    '--output',
    's3a://samples/fine',
    '--work',
    's3a://scratch/fine',
  ];
  const { out } = await run(['spark', fine, ...args]);
  assert.match(
    out,
    /path 's3a:\/\/lake\/data\/impressions\/dt=\*\/\*\.parquet', basePath 's3a:\/\/lake\/data\/impressions'/,
  );
  assert.match(out, /INSERT OVERWRITE DIRECTORY 's3a:\/\/samples\/fine' USING parquet/);
  assert.match(out, /INSERT OVERWRITE DIRECTORY 's3a:\/\/scratch\/fine\/log' USING parquet/);
  assert.doesNotMatch(out, new RegExp(directory));
});

test('--estimate counts rows by entry, names its assumptions, and writes nothing', async () => {
  const before = readdirSync(directory);
  // Days of the output take one statement more.
  const days = 'configs/recall-days.ratio.yaml';
  const config = readFileSync(join(directory, 'configs', 'recall.ratio.yaml'), 'utf8')
    .replace('out/recall.parquet', 'out/recall-days')
    .replace('output: {', 'output: {partition_by: {column: dt}, ');
  writeFileSync(join(directory, days), config);
  const { code, out, err } = await run(['spark', days, '--estimate', '--format', 'json']);
  assert.equal(code, 0, err);
  const estimate = JSON.parse(out) as {
    readonly rows: number;
    readonly positives: number;
    readonly groups: number;
    readonly entries: readonly { readonly entry: string; readonly rows: number }[];
    readonly shuffle_bytes: number;
    readonly core_seconds: number;
    readonly statements: number;
    readonly heaviest_user: { readonly user: string; readonly positives: number };
  };
  const { rows, positives, groups, entries, heaviest_user: heaviest } = estimate;
  const popularity = entries.find(({ entry }) => entry === 'popularity');
  assert.equal(popularity?.rows, Math.round(groups * 4));
  assert.equal(rows, positives + entries.reduce((sum, entry) => sum + entry.rows, 0));
  assert.ok(heaviest.positives > 0 && heaviest.positives < positives, JSON.stringify(heaviest));
  assert.equal(estimate.shuffle_bytes, Math.round((rows / 33_000_000) * 845_000_000));
  assert.equal(estimate.core_seconds, (rows / 33_000_000) * 244);
  const { out: job } = await run(['spark', days]);
  assert.equal(estimate.statements, job.match(/^INSERT /gm)?.length);
  const { out: text } = await run(['spark', 'configs/recall.ratio.yaml', '--estimate']);
  assert.match(text, /^recall · train · nothing is written\n {2}[≈≤] [\d,]+ rows\n {2}[\d,]+ positives\n/);
  assert.match(text, /\n {2}popularity: [\d,]+ negatives\n/);
  assert.ok(text.includes(`user with the most impressions, ${heaviest.user}: `), text);
  assert.match(text, /Extrapolated by rows from 3,000,000 positives with 10 negatives each and 500,000 items/);
  assert.deepEqual(readdirSync(directory), before);
});

test('a job for some users names them, and has its own work folder', async () => {
  const { code, out, err } = await run(['spark', fine, '--users', '-7', '--users', '8,7', '--output', 'out/some']);
  assert.equal(code, 0, err);
  assert.match(out, /^-- users: \["-7","8","7"\]$/m);
  assert.match(out, /^-- work: out\/_work\/fine_ranking-[0-9a-f]{12}-users$/m);
  assert.match(out, / IN \(-7L, 8L, 7L\)/);
});

const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  [['--out', 'job.txt'], /--out must end with \.sql or \.py, not job\.txt/],
  [['--input-root', 'data'], /--input-root must be FROM=TO, not data/],
  [['--output', 'out/a', '--work', 'out/a/b'], /--work must lie outside of --output/],
  [['--output', 'out/a', '--work', 'out/_staged'], /--work must lie outside of --output/],
  [['--output', 'out/a', '--work', 'out/_replaced/a/b'], /--work must lie outside of --output/],
  [['--output', "out/a'b"], /spark-sql would read its characters as syntax/],
  [['--output', 'data/impressions/dt=2026-11-01'], /Spark would replace the data that it reads/],
  [['--output', 'data'], /Spark would replace the data that it reads/],
  [['--output', 's3a://bucket'], /--work is missing/],
  [['--out', 'none/job.sql'], /cannot be written/],
  [['--format', 'json'], /--format needs --estimate/],
  [['--estimate', '--out', 'job.sql'], /--estimate and --out cannot be combined/],
  [['--estimate', '--run'], /--estimate and --run cannot be combined/],
  [['--estimate', '--split', 'eval'], /--estimate counts the training window only/],
  [['--users', '7'], /--users needs --output: otherwise Spark would replace the rows of all users/],
  [['--users', '7,u1', '--output', 'out/some'], /The ids of users are 64-bit integers, but not u1/],
  [['--users', '9223372036854775808', '--output', 'out/some'], /The ids of users are 64-bit integers, but not 922/],
];
for (const [args, expected] of wrong) {
  test(`a wrong option of spark is reported: ${args.join(' ')}`, async () => {
    const { code, err } = await run(['spark', fine, ...args]);
    assert.equal(code, 2);
    assert.match(err, expected);
  });
}

test('a job that would replace its input is refused, by whatever address and through links', async () => {
  mkdirSync(join(directory, 'elsewhere'), { recursive: true });
  symlinkSync(join(directory, 'data'), join(directory, 'elsewhere', 'link'));
  symlinkSync(join(directory, 'data', 'impressions', 'new'), join(directory, 'elsewhere', 'dangling'));
  const data = join(directory, 'data');
  const places = [
    ...[`file://${data}`, `file:${data}/impressions/dt=2026-11-01/`, `FILE:///${data}//impressions`, './data/../data'],
    ...['elsewhere/link/impressions', 'elsewhere/link/new/../items.parquet', 'elsewhere/dangling/deep', '.'],
  ];
  for (const place of places)
    for (const option of ['--output', '--work']) {
      const others = option === '--output' ? ['--work', 'w'] : ['--output', 'out/rows'];
      const { code, err } = await run(['spark', fine, option, place, ...others, '--out', 'replace.py']);
      assert.equal(code, 2, place);
      assert.match(
        err.replaceAll(/\s+/g, ' '),
        /Spark would replace the data that it reads|--work must lie outside/,
        place,
      );
    }
  assert.ok(!existsSync(join(directory, 'replace.py')));
  const mapped = (to: string, output: string): Promise<Outcome> =>
    run(['spark', fine, '--input-root', `data=${to}`, '--output', output, '--work', 's3a://scratch/w']);
  for (const [to, output, isRefused] of [
    ['s3a://lake/data', 's3a://lake/data/impressions/dt=1', true],
    ['s3a://lake/data', 's3://lake//data/x/..', true],
    ['hdfs://nn/lake/data', '/lake/data/impressions', true],
    ['hdfs://nn:8020/lake', 'hdfs:/lake/impressions/', true],
    [join(directory, 'elsewhere', 'link'), `file:${data}`, true],
    ['s3a://lake/data', 's3a://other/data', false],
    ['s3a://lake/data', 's3a://lake/data2', false],
    ['s3a://lake/data', 'hdfs://lake/data', false],
  ] as const) {
    const { code, err } = await mapped(to, output);
    assert.equal(code, isRefused ? 2 : 0, `${to} ${output} ${err}`);
    if (isRefused) assert.match(err, /Spark would replace the data that it reads/);
  }
  // The staging folders of a Python job are replaced too.
  const staged = await mapped('hdfs://nn/a/_staged', 'hdfs://nn/a/impressions');
  assert.match(staged.err, /Spark would replace the data that it reads/);
});

test('a place that Spark would read as a pattern is refused', async () => {
  for (const place of ['out/rows[1]', 'out/{a}', 'out/a*', 'out/a?', 'out/a\\b']) {
    const { code, err } = await run(['spark', fine, '--output', place]);
    assert.equal(code, 2, place);
    assert.match(err, /Spark would read this path as a pattern/);
  }
});

test('a file whose name has characters of patterns is read by its name', async () => {
  copyFileSync(join(directory, 'data', 'items.parquet'), join(directory, 'data', 'it[e]m{s},.parquet'));
  const { out } = await run(['spark', changed('named.ratio.yaml', /items\.parquet/g, 'it[e]m{s},.parquet')]);
  assert.match(out, /path '[^']*\/data\/it\\\\\[e\\\\\]m\\\\\{s\\\\\},\.parquet'/);
  const { out: python } = await run(['spark', 'configs/named.ratio.yaml', '--out', 'named.py']);
  assert.match(python, /named\.py is written/);
  const { job } = jobOfText(readFileSync(join(directory, 'named.py'), 'utf8'));
  assert.ok(job.reads.includes(join(directory, 'data', 'it[e]m{s},.parquet')));
});

test('a root below which no data are is reported', async () => {
  const { code, err } = await run(['spark', fine, '--input-root', 'date=s3a://lake/data', '--out', 'roots.sql']);
  assert.equal(code, 0);
  assert.match(err, /--input-root changes nothing: no path of data is below \S*\/date\n$/);
});

test('of several roots, the longest one that fits gives the place', async () => {
  const wide = ['--input-root', 'data=s3a://lake/data'];
  const narrow = ['--input-root', 'data/impressions=s3a://log/shown'];
  for (const roots of [
    [...wide, ...narrow],
    [...narrow, ...wide],
  ]) {
    const { code, err } = await run(['spark', fine, ...roots, '--out', 'longest.py']);
    assert.deepEqual([code, err], [0, '']);
    const job = readFileSync(join(directory, 'longest.py'), 'utf8');
    assert.match(job, /s3a:\/\/log\/shown/);
    assert.doesNotMatch(job, /s3a:\/\/lake\/data\/impressions/);
  }
});

test('folders of days are partitions of a table over the output, and replace only themselves', async () => {
  const text = readFileSync(join(directory, fine), 'utf8')
    .replace('out/fine_ranking.parquet', 'out/days')
    .replace('output: {', 'output: {partition_by: {column: dt, format: yyyyMMdd}, shards: 4, ');
  writeFileSync(join(directory, 'configs', 'days.ratio.yaml'), text);
  const { code, out, err } = await run(['spark', 'configs/days.ratio.yaml', '--output', 's3a://samples/fine']);
  assert.equal(code, 0, err);
  const table = /CREATE TABLE (recsample_output_[0-9a-f]{16}) \(/.exec(out)?.[1] ?? '';
  assert.match(out, /\) USING parquet PARTITIONED BY \(dt\) LOCATION 's3a:\/\/samples\/fine';/);
  assert.match(
    out,
    new RegExp(
      `SET spark\\.sql\\.sources\\.partitionOverwriteMode=dynamic;\nINSERT OVERWRITE TABLE ${table} PARTITION \\(dt\\)`,
    ),
  );
  assert.ok(out.includes(`\nDROP TABLE ${table};\n`));
  assert.match(out, /\/\*\+ REPARTITION\(4, number\) \*\//);
  assert.doesNotMatch(out, /INSERT OVERWRITE DIRECTORY 's3a:\/\/samples\/fine'/);
  // The table would lie in the warehouse of Spark, and its counts in the working folder.
  const refused = await run(['spark', 'configs/days.ratio.yaml', '--output', 'out/days']);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /With partition_by, --output must be an absolute path or a URI/);
  assert.ok(refused.err.replace(/\s+/g, '').includes(join(directory, 'out', 'days').replace(/\s+/g, '')), refused.err);
});

test('a name that would end a statement is refused', async () => {
  const from = 'pass_through: [position, city';
  const config = changed('injected.ratio.yaml', from, `${from}, {column: city, as: "x\`; DROP TABLE t; --"}`, fine);
  const { code, err } = await run(['spark', config]);
  assert.equal(code, 2);
  assert.match(err, /spark-sql would read its characters as syntax/);
});

test('texts of a config are quoted, and comments hold no line break', async () => {
  const events = 'events:\n  "it\'s\\n; SELECT 1": is_click';
  const text = readFileSync(join(directory, fine), 'utf8')
    .replace('events:\n  click: is_click', events)
    .replace('events: {click: 1}', 'events: {"it\'s\\n; SELECT 1": 1}');
  writeFileSync(join(directory, 'configs', 'quoted.ratio.yaml'), text);
  const { code, out, err } = await run(['spark', 'configs/quoted.ratio.yaml']);
  assert.equal(code, 0, err);
  assert.doesNotMatch(out, /; SELECT 1/);
});

test('a job has no step that collects rows, draws at random or sees all rows at once', async () => {
  const { code, out, err } = await run(['spark', 'configs/recall.ratio.yaml']);
  assert.equal(code, 0, err);
  // A list of a group is sorted, so that it is the same in each run.
  const unsorted = out.replaceAll('sort_array(collect_list(struct(', '');
  assert.doesNotMatch(unsorted, /\brand\(|CACHE TABLE|CROSS JOIN|collect_|monotonically/i);
  // Without PARTITION BY, a window may order only the buckets of rows.
  const whole = [...out.matchAll(/OVER \((?!PARTITION BY)([^)]*)\)/g)].map(([, order = '']) => order);
  assert.ok(whole.length > 0);
  for (const order of whole) assert.match(order, /^ORDER BY bucket /);
});
