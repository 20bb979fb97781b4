import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { sparkPythonText } from '../../src/core/spark/sparkText.ts';
import { folder } from '../engine/fixture.ts';
import { skip, submit } from './realSpark.ts';
import { jobAndFile, queryRows } from './sparkJob.ts';

/** The files on the cluster differ from those for which the job was written. */
interface Wrong {
  readonly name: string;
  readonly format: 'parquet' | 'csv';
  /** SQL of the log and of the items on the cluster; null: no folder. */
  readonly log: string | null;
  readonly items: string;
  readonly fails: RegExp;
}

const log = `SELECT 'u' || k AS user_id, CAST(k % 7 AS BIGINT) AS item_id, TIMESTAMP '2026-11-01 10:00:00' + k * INTERVAL 1 HOUR AS ts, k % 2 = 0 AS is_click FROM range(40) r(k)`;
const items = 'SELECT CAST(k AS BIGINT) AS item_id FROM range(20) r(k)';

const cases: readonly Wrong[] = [
  { name: 'no_folder', format: 'parquet', log: null, items, fails: /no_folder\/log/ },
  {
    name: 'other_type',
    format: 'parquet',
    log: log.replace('k % 7 AS BIGINT', 'k % 7 AS INTEGER'),
    items,
    fails: /item_id[^]*(INT32|bigint)/,
  },
  {
    name: 'separator',
    format: 'parquet',
    log: log.replace(`'u' || k`, `'u' || chr(31) || k`),
    items,
    fails: /data\.impressions, column user_id: an id contains U\+001F/,
  },
  {
    name: 'duplicates',
    format: 'parquet',
    log,
    items: `${items} UNION ALL SELECT 3`,
    fails: /data\.items, column item_id: several rows have the id 3/,
  },
  {
    name: 'leading_zero',
    format: 'csv',
    log: log.replace('CAST(k % 7 AS BIGINT)', `'00' || k % 7`),
    items,
    fails: /data\.impressions, column item_id: the job was written for BIGINT, but a file has 00\d/,
  },
  {
    name: 'other_header',
    format: 'csv',
    log: log.replace('AS is_click', 'AS clicked'),
    items,
    fails: /is_click[^]*clicked|clicked[^]*is_click/,
  },
  {
    name: 'ragged',
    format: 'csv',
    log: log.replace('AS is_click', 'AS is_click, 5 AS more'),
    items,
    fails: /more|[Mm]alformed|header/,
  },
];

const directory = join(folder, 'wrong-files');
let results: Readonly<Record<string, string>> = {};

async function write(path: string, format: Wrong['format'], rows: string): Promise<void> {
  mkdirSync(join(directory, path), { recursive: true });
  await queryRows(`COPY (${rows}) TO '${join(directory, path)}/part-0.${format}' (FORMAT ${format})`);
}

/** Writes the jobs for right files, and runs them in one session over wrong ones. */
before(async () => {
  if (skip !== false) return;
  for (const format of ['parquet', 'csv'] as const) {
    await write(`data/${format}/log`, format, log);
    await write(`data/${format}/items`, format, items);
  }
  for (const { name, format, log: wrong, items: wrongItems } of cases) {
    const columns = { user: 'user_id', item: { column: 'item_id', type: 'int64' }, time: 'ts' };
    const config = {
      version: 1,
      seed: 1,
      data: {
        impressions: { path: `../data/${format}/log`, columns },
        items: { path: `../data/${format}/items`, columns: { item: columns.item } },
      },
      events: { click: 'is_click' },
      stages: {
        recall: {
          unit: 'positive',
          positives: { events: { click: 1 } },
          negatives: { per_positive: { global_random: 2 } },
        },
      },
    };
    mkdirSync(join(directory, 'configs'), { recursive: true });
    const path = join(directory, 'configs', `${name}.ratio.json`);
    writeFileSync(path, JSON.stringify(config));
    const { job } = await jobAndFile(path, 'recall');
    const roots = [{ from: join(directory, 'data', format), to: join(directory, name) }];
    const places = { output: join(directory, 'out', name), work: join(directory, '_work', name) };
    writeFileSync(join(directory, `${name}.py`), sparkPythonText(generateScript(job, roots), [], 'UTC', places));
    if (wrong !== null) await write(`${name}/log`, format, wrong);
    await write(`${name}/items`, format, wrongItems);
  }
  writeFileSync(join(directory, 'all.py'), allJobs(cases.map(({ name }) => name)));
  const printed = await submit('submit', directory, 'all.py', []);
  results = JSON.parse(/^RESULTS (.*)$/m.exec(printed)?.[1] ?? '{}') as typeof results;
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** Starts Spark once. Prints how each job ends. */
function allJobs(names: readonly string[]): string {
  return `import json
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
results = {}
for name in ${JSON.stringify(names)}:
    job = {}
    exec(open(name + ".py").read().split("spark = ")[0], job)
    try:
        for statement in job["STATEMENTS"]:
            spark.sql(statement)
        results[name] = "no failure"
    except Exception as error:
        results[name] = str(error)[:6000]
print("RESULTS " + json.dumps(results), flush=True)
`;
}

for (const { name, fails } of cases)
  test(`a job says what is wrong with the files: ${name}`, { skip }, () => {
    assert.match(results[name] ?? 'no result', fails);
  });
