import type { Answers } from '../../core/data/facts.ts';
import { fail, failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { rowsOf } from '../../core/sampling/kernel/rows.ts';
import { createSampler, type Sampler } from '../../core/sampling/kernel/sampler.ts';
import type { SampleLock } from '../../core/sampling/lock/sampleLock.ts';
import { plainPlacement } from '../../core/sampling/placement.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import { changedSettings } from '../answers/sampleOrigin.ts';
import { sampleLocks } from '../answers/sampleLocks.ts';
import { entryRole } from '../tables/rowNames.ts';
import type { Work } from '../database/connections.ts';
import type { OpenDatasets } from '../answers/openDatasets.ts';
import { runInSlices } from '../draw/runInSlices.ts';
import type { Sampling } from '../preview/openSamplingData.ts';
import { ChanceTally } from './chanceTally.ts';
import { fileRows, type FileRows } from './fileRows.ts';
import { GroupRows } from './groupRows.ts';

type Asked = AskedQuestion<'chances'>;

/** Number of groups per batch. */
const GROUPS_AT_ONCE = 256;

/**
 * Computes the chances of the rows of a sample file again, from the counts of the log. The groups of some users are
 * drawn as the sampler draws them; the rows of the file are looked up in the drawers of their group.
 */
export async function chances(asked: Asked, datasets: OpenDatasets, work: Work): Promise<Answers['chances']> {
  try {
    return await chancesOf(asked, datasets, work);
  } catch (error) {
    // Users with many rows may be too large together; then half of them are enough for an answer.
    if (failureOf(error).code !== 'out-of-memory' || asked.mostUsers < 2) throw error;
    return await chances({ ...asked, mostUsers: Math.floor(asked.mostUsers / 2) }, datasets, work);
  }
}

async function chancesOf(asked: Asked, datasets: OpenDatasets, work: Work): Promise<Answers['chances']> {
  const { samples, timezone, mostUsers } = asked;
  const { rows, locks } = await datasets.asked([samples.ref], work, async (tables) => ({
    rows: await fileRows(tables, samples, { timezone, mostUsers }, work),
    locks: await sampleLocks(tables, samples.ref),
  }));
  const later = { draws: 0, expected: 0, observed: 0 };
  const nothing = { users: 0, allUsers: rows.allUsers, columns: [], entries: [], outside: [], later };
  if (rows.count === 0) return { ...nothing, foreign: null };
  const lock = locks?.[0];
  // Without a lock file, another name means that the file has another origin than this config.
  if (lock === undefined && isForeign(asked, rows)) return { ...nothing, foreign: 'config' };
  for (const request of inOrder(asked, lock)) {
    // The file is right for the settings that it was written with.
    if (lock !== undefined && changedSettings(lock, request).length > 0) return { ...nothing, foreign: 'config' };
    const found = await (
      await datasets.samplingData()
    ).use(
      request,
      work,
      async (sampling) =>
        await compared({ ...asked, isLocked: lock !== undefined }, request.plan, rows, sampling, work),
    );
    if (found.groups === 0) continue;
    const { groups: _, ...counts } = found;
    return { users: rows.users.length, allUsers: rows.allUsers, ...counts };
  }
  throw fail('bad-request', message('no group of the sample file is in the log'), {
    advice: message(
      'The rule needs the user, the positive item and the exact time of each group, as sampling writes them.',
    ),
  });
}

/** The splits to try, with the seed of the run that wrote the file. */
function inOrder({ requests }: Asked, lock: SampleLock | undefined): Asked['requests'] {
  if (lock === undefined) return requests;
  const { seed, epoch, split } = lock;
  return requests
    .filter(({ plan }) => plan.split === split)
    .map(({ plan, data }) => ({ plan: { ...plan, seed, epoch }, data }));
}

function isForeign({ samples, requests }: Asked, { count, label, name }: FileRows): boolean {
  const [first] = requests;
  if (!first || entryRole(samples) === null) return false;
  const known = new Set(first.plan.entries.map((entry) => (samples.columns.entry ? entry.name : entry.source)));
  for (let row = 0; row < count; row++) {
    const own = name[row] ?? null;
    if (label[row] === 0 && own !== null && !(known as ReadonlySet<string>).has(own)) return true;
  }
  return false;
}

async function compared(
  { samples, isLocked }: Asked & { readonly isLocked: boolean },
  plan: StagePlan,
  rows: FileRows,
  { data, sampled }: Sampling,
  work: Work,
): Promise<Omit<Answers['chances'], 'users' | 'allUsers'> & { readonly groups: number }> {
  const loaded = await data.worlds.world(sampled, plan, work);
  const world = await data.batches.withPool({ sampled, plan, world: loaded, placement: plainPlacement }, work);
  const { heat } = await data.facts.popularity(sampled, plan, world, work);
  const { block } = await data.block(sampled, plan, world, rows.users, work);
  const groups = new GroupRows(plan, rows, sampled.data.log.impressions.columns.request !== undefined);
  groups.findAmbiguousKeys(block, world);
  const tally = new ChanceTally(
    { plan, world, block, rows, groups, entryOf: entriesByName(plan, samples) },
    samples,
    heat,
    await data.users(sampled, rows.users, work),
  );
  await runInSlices(drawn(createSampler(plan, world), block, tally), block.groups.count, work);
  // Another sampler may define the chance of a draw differently.
  const foreign = isLocked || tally.isOwn() ? null : 'sampler';
  const columns = foreign === null ? tally.columns() : [];
  return { groups: tally.groups, foreign, columns, entries: tally.pools.entries(), ...tally.hindsight.counts() };
}

function* drawn(sampler: Sampler, block: UserBlock, { visit }: ChanceTally): Generator<number, void, void> {
  const rows = rowsOf(sampler.plan);
  for (let start = 0; start < block.groups.count;) {
    const end = Math.min(start + GROUPS_AT_ONCE, block.groups.count);
    sampler.draw(block, start, end, rows, { visit });
    rows.clear();
    yield (start = end);
  }
}

function entriesByName({ entries }: StagePlan, samples: Asked['samples']): (name: string | null) => number {
  const role = entryRole(samples);
  if (role === null) return () => (entries.length === 1 ? 0 : -1);
  const byName = new Map<string, number>();
  for (const [e, { name, source }] of entries.entries()) {
    const own = role === 'entry' ? name : source;
    byName.set(own, byName.has(own) ? -1 : e);
  }
  return (name) => (name === null ? -1 : (byName.get(name) ?? -1));
}
