import type { MetricOutcome } from '../../core/audit/metric.ts';
import { metrics } from '../../core/audit/metrics.ts';
import { FailureError, failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { AuditAnswer, AuditRequest } from '../../protocol/audit.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { Tables } from '../answers/tables.ts';
import { numberIn } from '../database/numberIn.ts';
import { refsOf } from '../sampling/inputs/sampledTables.ts';
import { valueFor } from '../../core/valueAt.ts';
import { AuditWorld } from './auditWorld.ts';
import type { Phase } from './phase.ts';
import { phases } from './phases.ts';

/** The data sets of an audit. */
export function refsOfAudit({ ref, data }: AuditRequest): DatasetRef[] {
  return [ref, ...(data === null ? [] : refsOf(data))];
}

/**
 * Measures a finished sample, phase by phase. Progress reports carry the results of each phase as soon as it ends. A
 * metric that lacks its data says why; the others go on.
 * @throws FailureError `changed` if a file changed in the meantime; `cancelled`; damage of a file
 */
export async function auditSample(
  request: AuditRequest,
  tables: Tables,
  context: Partial<CallContext>,
): Promise<AuditAnswer> {
  const world = await AuditWorld.open(request, tables, context);
  const found = new Map<string, MetricOutcome>();
  const asked = phases.filter((phase) => phase.isAsked?.(world) ?? true);
  for (const [k, phase] of asked.entries()) {
    const span = (fraction: number | null): number => (k + (fraction ?? 0)) / asked.length;
    const outcomes = await runPhase(phase, world, {
      ...(context.signal ? { signal: context.signal } : {}),
      ...(context.progress
        ? { progress: (p) => context.progress?.({ fraction: span(p.fraction), message: phase.label }) }
        : {}),
    });
    for (const outcome of outcomes) found.set(outcome.metric, outcome);
    context.progress?.({ fraction: span(1), message: phase.label, audited: outcomes });
  }
  const sample = await sampleOf(world, context);
  await tables.checkCurrent();
  return {
    sample,
    metrics: metrics.flatMap(({ id }) => found.get(id) ?? []),
    notices: tables.notices(),
  };
}

const titles = new Map(metrics.map(({ id, title }) => [id, title]));

const named = (metric: string): Pick<MetricOutcome, 'metric' | 'title'> => ({
  metric,
  title: valueFor(titles, metric),
});

async function runPhase(
  phase: Phase,
  world: AuditWorld,
  work: Partial<CallContext>,
): Promise<readonly MetricOutcome[]> {
  const lacks = phase.lacks(world);
  const notRun = (because: ReturnType<typeof message>): MetricOutcome[] =>
    phase.metrics.map((metric) => ({ ...named(metric), state: 'not-run', because }));
  if (lacks) return notRun(lacks);
  try {
    const results = await phase.run(world, work);
    return Object.entries(results).map(([metric, result]): MetricOutcome =>
      'because' in result
        ? { ...named(metric), state: 'not-run', because: result.because }
        : { ...named(metric), state: 'measured', ...result },
    );
  } catch (error) {
    const { code, message: because } = failureOf(error);
    // A value that has not the type of its role concerns only the metrics that read it.
    if (error instanceof FailureError && (code === 'bad-request' || code === 'unsupported')) return notRun(because);
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
