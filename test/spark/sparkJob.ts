import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withConnection } from '../engine/testDatabase.ts';
import { render } from '../../src/core/message/message.ts';
import type { CountFact } from '../../src/core/spark/lock/countFacts.ts';
import type { SparkJob } from '../../src/core/spark/sparkJob.ts';
import type { SampleSummary } from '../../src/core/sampling/sampleSummary.ts';
import type { PlanOverrides } from '../../src/core/sampling/plan/planStage.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { isDrawable } from '../../src/project/plan/resolveStage.ts';
import { StageJob } from '../../src/project/stage/stageJob.ts';
import { engine } from '../engine/fixture.ts';

/**
 * The job of a stage, and its local sample file, which is written as Parquet. A folder with shards or days. `users`: null:
 * all.
 */
export async function jobAndFile(
  config: string,
  stage: Stage,
  overrides: PlanOverrides = {},
  users: readonly string[] | null = null,
): Promise<{
  readonly job: SparkJob;
  readonly facts: readonly CountFact[];
  readonly file: string;
  readonly summary: SampleSummary;
}> {
  const text = readFileSync(config, 'utf8');
  const opened = openConfig({
    path: config,
    name: config,
    text,
    language: config.endsWith('.json') ? 'json' : 'yaml',
    root: dirname(dirname(config)),
  });
  const stageJob = new StageJob(opened, stage, overrides, { engine, trusted: true, cache: new FactsCache() });
  const resolved = await stageJob.resolve({ fresh: true, tables: 'declared' });
  if (!isDrawable(resolved) || resolved.problems.length > 0)
    throw new Error(`${config}: ${resolved.problems.map(({ message }) => render(message)).join('; ')}`);
  const { request } = resolved;
  const kept = {
    ...resolved,
    request: { ...request, plan: { ...request.plan, onShortfall: keeping(request.plan.onShortfall) } },
  };
  const job = { ...(await stageJob.sparkJob(kept, {})), users };
  const file = join(dirname(config), `local-${overrides.split ?? 'train'}.parquet`);
  const maker = { version: '1.2.3', users };
  const sample = stageJob.sampleRequest(kept, { path: file, format: 'parquet', within: null }, maker);
  const summary = await engine.call('sample', { ...sample, allowEmpty: true, digest: true });
  return { job, facts: stageJob.sparkFacts(kept, job, maker), file, summary };
}

/** Shortfalls do not end these runs. */
function keeping(onShortfall: SparkJob['plan']['onShortfall']): SparkJob['plan']['onShortfall'] {
  return onShortfall === 'fail' ? 'keep' : onShortfall;
}

/** `ln` differs in the last digit between engines. */
const tolerance = 1e-12;
const isApproximate = (name: string): boolean => /^log_?q/.test(name);

/** Names of the columns of a local file. */
export async function columnsOf(file: string): Promise<string[]> {
  const rows = await queryRows(`SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet('${file}'))`);
  return rows.map((row) => String((JSON.parse(row) as unknown[])[0]));
}

/** A query whose rows `difference` compares: exact columns as text, then those that may differ in the last digit. */
export function comparable(columns: readonly string[], from: string): string {
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const exact = columns.filter((name) => !isApproximate(name));
  const near = columns.filter(isApproximate);
  return `SELECT [${exact.map((name) => `CAST(${quoted(name)} AS VARCHAR)`).join(', ')}], ${near.length === 0 ? '[]' : `[${near.map((name) => `CAST(${quoted(name)} AS DOUBLE)`).join(', ')}]`} FROM ${from}`;
}

export async function queryRows(query: string): Promise<string[]> {
  return await withConnection(async (connection) => {
    return (await (await connection.run(query)).getRowsJson()).map((row) => JSON.stringify(row));
  });
}

/** The first difference between the rows of two `comparable` queries, in words; null if they are equal. */
export function difference(ours: readonly string[], expected: readonly string[]): string | null {
  const read = (rows: readonly string[]): (readonly [string, readonly (number | null)[]])[] =>
    rows
      .map((row) => {
        const [exact, near] = JSON.parse(row) as [unknown, (number | null)[]];
        return [JSON.stringify(exact), near] as const;
      })
      .sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : compareNumbers(a[1], b[1])));
  const [here, there] = [read(ours), read(expected)];
  const keys = new Map<string, number>();
  for (const [key] of here) keys.set(key, (keys.get(key) ?? 0) + 1);
  for (const [key] of there) keys.set(key, (keys.get(key) ?? 0) - 1);
  const wrong = [...keys].filter(([, count]) => count !== 0);
  if (wrong.length > 0)
    return `${here.length} rows, expected ${there.length}; ${wrong
      .slice(0, 6)
      .map(([key, count]) => `${count > 0 ? 'too many' : 'missing'}: ${key}`)
      .join('\n')}`;
  for (const [k, [key, numbers]] of there.entries()) {
    const own = here[k]?.[1] ?? [];
    const isEqual = numbers.every((number, n) => {
      const other = own[n] ?? null;
      return number === null || other === null ? number === other : Math.abs(number - other) <= tolerance;
    });
    if (!isEqual) return `${key}: ${JSON.stringify(own)}, expected ${JSON.stringify(numbers)}`;
  }
  return null;
}

function compareNumbers(a: readonly (number | null)[], b: readonly (number | null)[]): number {
  for (const [k, number] of a.entries()) {
    const other = b[k] ?? null;
    if (number !== other) return (number ?? -Infinity) - (other ?? -Infinity);
  }
  return 0;
}
