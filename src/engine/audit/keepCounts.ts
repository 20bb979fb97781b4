import { FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { CountedSample } from '../tables/countedSample.ts';
import { columnOf } from '../tables/roleTable.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { AuditWorld } from './auditWorld.ts';
import { readableGroups, userEntries } from './groupCounts.ts';
import { sampleItems, type SampleItems } from './itemCounts.ts';
import { dropCopies } from './openAudit.ts';
import { overviewOf } from './overview.ts';

const label = message('Counting rows');
/** Tables that `CountedSample` is made of, by their content. The rules do not read the groups. */
const read = ['groups', 'users', 'users by entry', 'items', 'repeated items'] as const;
const kept = read.filter((name) => name !== 'groups');

/**
 * Leaves what was counted of the sample to the questions of the rules, and drops all other tables. Only what exists is
 * left, because the metrics may have lacked something.
 */
export async function keepCounts(world: AuditWorld, work: Work): Promise<void> {
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
