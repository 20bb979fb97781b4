import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateExtract } from '../../src/core/spark/extract/generateExtract.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import { namesRead, Script, type Step } from '../../src/core/spark/script.ts';
import type { SparkJob } from '../../src/core/spark/sparkJob.ts';
import { int } from '../../src/core/relation/expression.ts';
import { select } from '../../src/core/relation/relation.ts';
import type { Relation } from '../../src/core/relation/tree.ts';
import { stepNeeds } from '../../src/core/spark/stepOrder.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { isDrawable } from '../../src/project/plan/resolveStage.ts';
import { StageJob } from '../../src/project/stage/stageJob.ts';
import { engine, folder } from '../engine/fixture.ts';
import { writeScarceWorld } from './scarceWorld.ts';

const directory = join(folder, 'spark-step-order');
let config = '';
before(async () => {
  config = await writeScarceWorld(directory);
});
after(() => rmSync(directory, { recursive: true, force: true }));

async function jobOf(path: string): Promise<SparkJob> {
  const text = readFileSync(path, 'utf8');
  const opened = openConfig({ path, name: path, text, language: 'json', root: dirname(dirname(path)) });
  const stageJob = new StageJob(opened, 'recall', {}, { engine, trusted: true, cache: new FactsCache() });
  const resolved = await stageJob.resolve({ fresh: true, tables: 'declared' });
  assert.ok(isDrawable(resolved) && resolved.problems.length === 0);
  return await stageJob.sparkJob(resolved, {});
}

const stepsOf = ({ sections }: Script): readonly Step[] => sections.flatMap(({ steps }) => steps);

/** Every step that must have ended before a step begins. */
function allNeeds(script: Script): (step: string) => ReadonlySet<string> {
  const needs = stepNeeds(script);
  const of = (step: string): ReadonlySet<string> =>
    new Set((needs.get(step) ?? []).flatMap((one) => [one, ...of(one)]));
  return (step) => {
    assert.ok(needs.has(step), step);
    return of(step);
  };
}

const inputs = ['raw_impressions', 'raw_items'];

test('inputs do not wait for the checks of files and columns, but the result and its counts do', async () => {
  const needed = allNeeds(generateScript(await jobOf(config)));
  for (const check of ['input_files', 'input_columns']) {
    for (const input of [...inputs, 'log', 'excluded_0']) assert.ok(!needed(input).has(check), `${input}: ${check}`);
    for (const last of ['result', 'counts']) assert.ok(needed(last).has(check), `${last}: ${check}`);
  }
  assert.ok(needed('input_columns').has('input_files'));
});

test('every folder of an extract waits for the checks of files and columns', async () => {
  const job = { ...(await jobOf(config)), users: ['é, "1', 'é, "2'] };
  const script = generateExtract(job, { columns: new Map(), facts: [] });
  const needed = allNeeds(script);
  const [none, ...folders] = stepsOf(script).filter(({ kind }) => kind === 'extract');
  // The first step only makes an older extract invalid.
  assert.ok(none && needed(none.name).size === 0);
  assert.ok(folders.length > 3);
  for (const { name } of folders)
    for (const check of ['input_files', 'input_columns']) assert.ok(needed(name).has(check), `${name}: ${check}`);
  assert.ok(!needed('raw_impressions').has('input_columns'));
});

test('with a table, every input waits for the comparison of types', async () => {
  const types = { user_id: 'string', item_id: 'string', request_id: 'string', ts: 'timestamp' };
  const table = `"table":"lake.log","types":${JSON.stringify({ ...types, is_click: 'boolean', is_buy: 'boolean' })}`;
  const path = join(dirname(config), 'table.ratio.json');
  writeFileSync(path, readFileSync(config, 'utf8').replace('"path": "../data/log.parquet"', table));
  const needed = allNeeds(generateScript(await jobOf(path)));
  for (const input of inputs) {
    assert.ok(needed(input).has('input_types'), input);
    assert.ok(needed('result').has(input), input);
  }
});

test('a step that makes no rows has the columns of another step', async () => {
  const script = generateScript(await jobOf(config));
  const columnsOf = (name: string | null): readonly string[] => {
    const step = stepsOf(script).find((one) => one.name === name);
    assert.ok(step && 'rows' in step && step.rows.kind === 'select', String(name));
    return step.rows.columns.map((one) => ('name' in one ? one.name : '*'));
  };
  const alike = script.rowsOnlyIf.filter(([, , like]) => like !== null);
  assert.deepEqual(
    alike.map(([step]) => step),
    [2, 3].map((k) => `scarce__accepted_${k}`),
  );
  for (const [step, , like] of alike) {
    const [own, others] = [columnsOf(step), columnsOf(like)];
    assert.ok(own.length > 5 && !own.includes('*'));
    for (const column of own) assert.ok(others.includes(column), `${step}: ${column}`);
  }
});

test('the counts also need the steps of tables that are noted later', () => {
  const script = new Script();
  script.section('Steps');
  const one = select([['x', int(1)]], null);
  for (const name of ['first', 'second']) script.table(name, one);
  script.counts('one', select(['x'], 'first'));
  script.writeCounts({ plan: '', inputs: [], samples: int(1), isPartitioned: false });
  const [counts] = stepsOf(script).filter(({ kind }) => kind === 'counts');
  assert.ok(counts);
  assert.deepEqual(namesRead(counts), ['first']);
  script.counts('two', select(['x'], 'second'));
  assert.deepEqual(namesRead(counts), ['first', 'second']);
});

test('the work of reading steps in place grows with their number, not with its square', () => {
  const workOf = (count: number): number => {
    let read = 0;
    const script = new Script();
    script.section('Steps');
    script.view('step_0', select(['x'], null));
    for (let k = 1; k <= count; k++) {
      const rows: Relation = {
        kind: 'named',
        get name() {
          read++;
          return `step_${k - 1}`;
        },
      };
      script.table(`step_${k}`, rows);
    }
    for (let k = 1; k <= count; k++) script.readInPlace(`step_${k}`, 1);
    script.dropUnreadViews();
    return read;
  };
  assert.ok(workOf(400) <= 3 * workOf(200), `${workOf(200)}, ${workOf(400)}`);
});
