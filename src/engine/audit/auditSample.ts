import { metrics } from '../../core/audit/metrics.ts';
import { message } from '../../core/message/message.ts';
import type { AuditAnswer, AuditRequest } from '../../protocol/audit.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { numberIn, textIn } from '../database/numberIn.ts';
import { refsOf } from '../inputs/sampledTables.ts';
import type { AuditWorld, ExpectedDistances } from './auditWorld.ts';
import { lacksBy } from './byColumn.ts';
import { keepCounts } from './keepCounts.ts';
import { logIds, openAudit } from './openAudit.ts';
import { runPhases } from './runPhases.ts';
import { SampleRelation } from './sampleRelation.ts';

/** The data sets of an audit. */
export function refsOfAudit({ ref, data, baseline }: AuditRequest): DatasetRef[] {
  return [ref, ...(data === null ? [] : refsOf(data)), ...(baseline ? [baseline.ref] : [])];
}

/**
 * Measures a finished sample in phases. Progress reports carry the results of each phase as soon as it ends. A
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
  const found = await runPhases(world, await partsOf(world, context), context);
  const sample = await sampleOf(world, context);
  await keepCounts(world, context);
  await tables.checkCurrent();
  const { baseline, timezone } = request;
  return {
    sample,
    ...(baseline
      ? {
          baseline: SampleRelation.of(tables.table(baseline.ref), baseline.known, {
            timezone,
            by: null,
            ids: logIds(request, tables),
          }).found,
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
