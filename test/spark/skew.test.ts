import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { MIN_OF_PART } from '../../src/core/spark/groups/splitUsers.ts';
import type { Script } from '../../src/core/spark/script.ts';
import type { Expression, Relation } from '../../src/core/relation/tree.ts';
import { folder } from '../engine/fixture.ts';
import { answersOf, relationSqlOf } from './duckdbDialect.ts';
import { skewedStages, writeSkewedWorld } from './skewedWorld.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';

const directory = join(folder, 'spark-skew');
let config = '';
before(async () => {
  config = await writeSkewedWorld(directory);
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** Groups of a part in this test, so that it needs few rows. */
const SMALL = 64;

/** A script that splits users with few groups: the only change is the number that decides. */
function withSmallParts(script: Script): Pick<Script, 'sections' | 'rowsOnlyIf'> {
  let changed = 0;
  const small = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(small);
    if (typeof part !== 'object' || part === null) return part;
    const { kind, value } = part as { kind?: unknown; value?: unknown };
    if (kind === 'integer' && value === BigInt(MIN_OF_PART)) {
      changed++;
      return { kind, value: BigInt(SMALL) };
    }
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, small(inner)]));
  };
  const sections = script.sections.map(({ title, steps }) => ({
    title,
    steps: steps.map((step) => (step.name === 'split_users' ? (small(step) as typeof step) : step)),
  }));
  assert.equal(changed, 1);
  const rowsOnlyIf = script.rowsOnlyIf.map(([step, rows, like]) => [step, small(rows) as Relation, like] as const);
  return { sections, rowsOnlyIf };
}

/** What rows are brought together by: the columns that name the task of a row, and the rows. */
interface Gathering {
  readonly step: string;
  readonly keys: readonly string[];
  readonly rows: Relation;
}

/** The name of a column. */
function nameOf(column: Expression): string {
  if (column.kind !== 'name') throw new Error('rows are brought together by a computed value');
  return `"${column.name}"`;
}

/** The rows that a script sends to tasks by their user, and by nothing finer than their parts. */
function gatherings(script: Pick<Script, 'sections'>): Gathering[] {
  const found: Gathering[] = [];
  const visit = (step: string, part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { together, ...rest } = part as { together?: readonly Expression[] };
    if (together !== undefined) found.push({ step, keys: together.map(nameOf), rows: rest as unknown as Relation });
    for (const inner of Object.values(part)) visit(step, inner);
  };
  for (const { steps } of script.sections) for (const step of steps) if ('rows' in step) visit(step.name, step.rows);
  return found;
}

for (const stage of Object.keys(skewedStages) as (keyof typeof skewedStages)[])
  test(`no task has all groups of a user with a third of the positives: ${stage}`, async () => {
    const { job, file } = await jobAndFile(config, stage);
    const script = withSmallParts(generateScript(job));
    const columns = await columnsOf(file);
    const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
    const own = gatherings(script);
    assert.ok(own.length >= 4, own.map(({ step }) => step).join());
    const largest = own.map(
      ({ step, keys, rows }) =>
        `SELECT ['${step}', CAST(max(n) AS VARCHAR)], [] FROM (SELECT count(*) AS n FROM (${relationSqlOf(rows)}) GROUP BY ${keys.join(', ')})`,
    );
    const groups = `SELECT ['groups of a user', CAST(max(n) AS VARCHAR)], [] FROM (SELECT count(*) AS n FROM groups GROUP BY "user")`;
    const parts = `SELECT ['parts', CAST(count(DISTINCT part) AS VARCHAR)], [] FROM groups`;
    // A step that job.py leaves out has no rows.
    const left = script.rowsOnlyIf.flatMap(([step, rows]) =>
      [step, `(${relationSqlOf(rows)})`].map((of) => `SELECT ['${step}', CAST(count(*) AS VARCHAR)], [] FROM ${of}`),
    );
    const [ours, ...counts] = await answersOf(script, job.plan.timezone, [
      comparable(columns, 'result'),
      ...left,
      groups,
      parts,
      ...largest,
    ]);
    assert.equal(difference(ours ?? [], expected), null);
    const found = counts.map((rows) => (JSON.parse(rows[0] ?? '[]') as [[string, string]])[0]);
    for (let k = 0; k < left.length; k += 2) {
      const [[step, rows] = [], [, only] = []] = found.slice(k, k + 2);
      assert.ok(Number(rows) === 0 || Number(only) > 0, `${step} has ${rows} rows, and its query has ${only}`);
    }
    const ofUsers = found.findIndex(([step]) => step === 'split_users');
    assert.ok(Number(found[ofUsers]?.[1]) > 0);
    const numbers = found.slice(left.length);
    const [[, most], [, count], ...tasks] = numbers as [[string, string], [string, string], ...[string, string][]];
    assert.ok(Number(most) > 4 * SMALL, `${most} groups of a user`);
    assert.ok(Number(count) > 4, `${count} parts`);
    // Requests are spread by a hash, so parts are only about equal.
    assert.deepEqual(
      tasks.filter(([, rows]) => Number(rows) > 1.6 * SMALL),
      [],
    );
  });
