import { plainPlacement } from '../../core/sampling/placement.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../database/connections.ts';
import type { Sampling } from './openSamplingData.ts';

/** For each entry: the distance in bits between the stage input and the items that the entry draws for all users. */
export async function expectedDistances(
  plan: StagePlan,
  { data, sampled }: Sampling,
  work: Work,
): Promise<{ readonly entry: string; readonly distance: number | null }[]> {
  const windows = await data.worlds.windows(sampled, plan, work);
  const loaded = await data.worlds.world(sampled, plan, work, data.facts.counts(plan, windows));
  const world = await data.batches.withPool({ sampled, plan, world: loaded, placement: plainPlacement }, work);
  const { ofEntries } = await data.facts.distances(sampled, plan, world, work);
  return plan.entries.map(({ name }, k) => ({ entry: name, distance: ofEntries[k] ?? null }));
}
