import { metrics } from '../../core/audit/metrics.ts';
import { message } from '../../core/message/message.ts';
import type { AuditAnswer, AuditRequest } from '../../protocol/audit.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { Tables } from '../tables/tables.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { Work } from '../database/connections.ts';
import { numberIn, textIn } from '../database/numberIn.ts';
import { refsOf } from '../inputs/sampledTables.ts';
import type { AuditWorld, ExpectedDistances } from './auditWorld.ts';
import { missingByReason } from './byColumn.ts';
import { logIds, openAudit, dropCopies } from './openAudit.ts';
import { runPhases } from './runPhases.ts';
import { SampleRelation } from './sampleRelation.ts';
import { FailureError } from '../../core/message/failure.ts';
import type { CountedSample } from '../tables/countedSample.ts';
import { columnOf } from '../tables/roleTable.ts';
import { readableGroups, userEntries } from './groupCounts.ts';
import { sampleItems, type SampleItems } from './itemCounts.ts';
import { overviewOf } from './overview.ts';

/** The data sets of an audit. */
export function refsOfAudit({ ref, data, choices, baseline }: AuditRequest): DatasetRef[] {
  const rejections = data !== null && choices !== null && 'rejections' in choices ? [choices.rejections.ref] : [];
  return [ref, ...(data === null ? [] : refsOf(data)), ...rejections, ...(baseline ? [baseline.ref] : [])];
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
  // The last report may have been answered by a cancellation.
  if (context.signal?.aborted) throw cancelled();
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
  if (world.by === null || missingByReason(world) !== null) return [];
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

const label = message('Counting rows');
/** Tables that `CountedSample` is made of, by their content. The rules do not read the groups. */
const read = ['groups', 'users', 'users by entry', 'items', 'repeated items'] as const;
const kept = read.filter((name) => name !== 'groups');

/**
 * Leaves what was counted of the sample to the questions of the rules, and drops all other tables. Only what exists is
 * left, because the metrics may have lacked something.
 */
async function keepCounts(world: AuditWorld, work: Work): Promise<void> {
  const { sample, tables, request } = world;
  // Without a plan, no rule asks. Other layouts, and inferred entries, have other rows.
  if (request.plan === null || sample.found.layout !== 'long' || !sample.hasLabel() || sample.isInferred) return;
  try {
    tables.counts.set(request.ref.path, await countsOf(world, work));
    await world.dropExcept(kept, work);
    await dropCopies(world, work);
  } catch (error) {
    // The metrics are complete; the rules can read the file.
    if (!(error instanceof FailureError) || error.failure.code === 'cancelled') throw error;
    tables.counts.clear();
  }
}

async function countsOf(world: AuditWorld, work: Work): Promise<CountedSample> {
  const { sample } = world;
  const [groups, users, byEntry, items, repeated] = await Promise.all(
    read.map(async (name) => await world.existing(name)),
  );
  const { rows, entries } = await overviewOf(world, work);
  return {
    columns: sample.found.columns,
    rows,
    users: users ?? null,
    userEntries: sample.has('user') && (groups ?? byEntry) ? await userEntries(world, work) : null,
    items: items && hasOwnIds(world) ? itemsOf(await sampleItems(world, work), entries?.length ?? null) : null,
    distinctWithin: repeated ? await distinctWithin(world, repeated, work) : null,
    shared: world.counts,
  };
}

/** Whether the items of the sample are compared unchanged. */
function hasOwnIds({ sample, tables, request }: AuditWorld): boolean {
  const { name = null, type } = sample.found.columns.item ?? {};
  if (name === null || type !== undefined) return false;
  const { kind } = columnOf(tables.table(request.ref), name).type;
  return kind === 'integer' || kind === 'string';
}

/** @param entries number of entries of the file; null if nothing names them */
function itemsOf({ sql, entries: own }: SampleItems, entries: number | null): CountedSample['items'] {
  if (entries === null) return { sql, names: [{ name: null, n: 'n' }] };
  return entries > own.length ? null : { sql, names: own.map((name, k) => ({ name, n: `n${k}` })) };
}

async function distinctWithin(world: AuditWorld, repeated: string, work: Work): Promise<readonly string[] | null> {
  const groups = await readableGroups(world, work);
  if (groups === null) return null;
  const [row] = await world.rows(`SELECT count(*) FROM ${repeated} WHERE r > 2 OR alike`, label, work);
  return numberIn(row) === 0 ? groups.key.map((column) => column.replaceAll('"', '')) : null;
}
