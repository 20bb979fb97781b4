import { inferredNote } from '../../core/audit/inputText.ts';
import { withParts, type MeasuredPart } from '../../core/audit/byParts.ts';
import type { MetricOutcome } from '../../core/audit/metric.ts';
import { metrics } from '../../core/audit/metrics.ts';
import { FailureError, failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { formatBytes } from '../../core/table/format.ts';
import type { AuditAnswer, AuditRequest } from '../../protocol/audit.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { Tables } from '../answers/tables.ts';
import type { Work } from '../database/connections.ts';
import { numberIn, textIn } from '../database/numberIn.ts';
import { refsOf } from '../sampling/inputs/sampledTables.ts';
import { valueFor } from '../../core/valueAt.ts';
import type { AuditWorld, ExpectedDistances } from './auditWorld.ts';
import { lacksBy } from './byColumn.ts';
import { keepCounts } from './keepCounts.ts';
import { openAudit } from './openAudit.ts';
import type { Phase, PhaseResults } from './phase.ts';
import { phases } from './phases.ts';
import { SampleRelation } from './sampleRelation.ts';

/** The data sets of an audit. */
export function refsOfAudit({ ref, data, baseline }: AuditRequest): DatasetRef[] {
  return [ref, ...(data === null ? [] : refsOf(data)), ...(baseline ? [baseline.ref] : [])];
}

/**
 * Measures a finished sample, phase by phase. Progress reports carry the results of each phase as soon as it ends. A
 * metric that lacks its data says why; the others go on. `expected`: what the config implies, if the sampler can tell.
 * @throws FailureError `changed` if a file changed in the meantime; `cancelled`; damage of a file
 */
export async function auditSample(
  request: AuditRequest,
  tables: Tables,
  context: Partial<CallContext>,
  expected: (work: Work) => Promise<ExpectedDistances | null>,
): Promise<AuditAnswer> {
  const world = await openAudit(request, tables, context, expected);
  const found = new Map<string, MetricOutcome>();
  const asked = phases.filter((phase) => phase.isAsked?.(world) ?? true);
  const values = await partsOf(world, context);
  const ofParts = values.length === 0 ? [] : asked.filter((phase) => phase.ofParts !== false);
  const steps = asked.length + values.length * ofParts.length;
  let step = 0;
  const workOf = (phase: Phase): Partial<CallContext> => ({
    ...(context.signal ? { signal: context.signal } : {}),
    ...(context.progress
      ? {
          progress: ({ fraction }) =>
            context.progress?.({ fraction: (step + (fraction ?? 0)) / steps, message: phase.label }),
        }
      : {}),
  });
  const run = async (phase: Phase, of: AuditWorld): Promise<readonly MetricOutcome[]> => {
    const work = workOf(phase);
    const outcomes = await runPhase(phase, of, async () => await phase.run(of, work));
    step++;
    return outcomes;
  };
  for (const phase of asked) {
    const parts: MeasuredPart[] = [];
    const begun = phase.begin && (await runPhase(phase, world, async () => await phase.begin?.(world, workOf(phase))));
    if (begun) context.progress?.({ fraction: step / steps, message: phase.label, audited: begun });
    const outcomes = await run(phase, world);
    if (ofParts.includes(phase))
      for (const value of values) parts.push({ value, outcomes: await run(phase, world.ofPart(value)) });
    const whole = outcomes.map((outcome) => withParts(outcome, parts));
    for (const outcome of whole) found.set(outcome.metric, outcome);
    context.progress?.({ fraction: step / steps, message: phase.label, audited: whole });
  }
  const sample = await sampleOf(world, context);
  await keepCounts(world, context);
  await tables.checkCurrent();
  const { baseline, timezone } = request;
  return {
    sample,
    ...(baseline
      ? {
          baseline: SampleRelation.of(tables.table(baseline.ref), baseline.known, { timezone, by: null }).found,
        }
      : {}),
    metrics: metrics.flatMap(({ id }) => found.get(id) ?? []),
    notices: tables.notices(),
  };
}

/** Values of `--by` for which everything is measured apart. */
const mostParts = 12;

/** The values of `--by` with the most rows, in their order. */
async function partsOf(world: AuditWorld, work: Partial<CallContext>): Promise<readonly (string | null)[]> {
  if (world.by === null || lacksBy(world) !== null) return [];
  const found = await world.rows(
    `SELECT v FROM (SELECT "@by" AS v, count(*) AS n FROM ${world.sample.sql} GROUP BY v ORDER BY n DESC, v LIMIT ${mostParts}) ORDER BY v`,
    message('Counting rows by value'),
    work,
  );
  return found.map((row) => textIn(row));
}

const titles = new Map(metrics.map(({ id, title }) => [id, title]));

const named = (metric: string): Pick<MetricOutcome, 'metric' | 'title'> => ({
  metric,
  title: valueFor(titles, metric),
});

async function runPhase(
  phase: Phase,
  world: AuditWorld,
  run: () => Promise<PhaseResults | undefined>,
): Promise<readonly MetricOutcome[]> {
  const lacks = phase.lacks(world);
  const notRun = (because: ReturnType<typeof message>): MetricOutcome[] =>
    phase.metrics.map((metric) => ({ ...named(metric), state: 'not-run', because }));
  if (lacks) return notRun(lacks);
  const notes = phase.usesEntries && world.sample.isInferred ? [inferredNote] : [];
  try {
    return Object.entries((await run()) ?? {}).map(([metric, result]): MetricOutcome =>
      'because' in result
        ? { ...named(metric), state: 'not-run', because: result.because }
        : { ...named(metric), state: 'measured', ...result, notes: [...notes, ...result.notes] },
    );
  } catch (error) {
    const { code, message: because } = failureOf(error);
    if (!(error instanceof FailureError)) throw error;
    // A value that has not the type of its role concerns only the metrics that read it.
    if (code === 'bad-request' || code === 'unsupported') return notRun(because);
    // What is larger than the memory goes to the disk, but not everything can.
    if (code === 'out-of-memory')
      return notRun(
        message('it needs more memory than the engine may use: {0}', formatBytes(world.tables.memoryBytes)),
      );
    throw error;
  }
}

async function sampleOf(
  { sample, tables, request }: AuditWorld,
  work: Partial<CallContext>,
): Promise<AuditAnswer['sample']> {
  const label = message('Counting rows');
  const [samples] = await tables.statement(`SELECT count(*) FROM ${sample.sql}`, label, work);
  const [rows] = await tables.statement(`SELECT count(*) FROM ${sample.file}`, label, work);
  const { files } = tables.fileSet(request.ref);
  return {
    ...sample.found,
    rows: numberIn(samples),
    fileRows: numberIn(rows),
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
