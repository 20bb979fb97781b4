import type { Answers } from '../../core/data/facts.ts';
import { f64At } from '../../core/valueAt.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import type { Work } from '../database/connections.ts';
import { keepOf } from '../groups/positiveGroups.ts';
import type { Sampling } from './openSamplingData.ts';

/** How many positives `downsample_hot` keeps, by the counts of the training window. */
export async function hotEffect(
  { request: { plan } }: AskedQuestion<'hot-effect'>,
  { data, sampled }: Sampling,
  work: Work,
): Promise<Answers['hot-effect']> {
  const world = await data.worlds.world(sampled, plan, work);
  const hot = await data.facts.hot(sampled, plan, world, work);
  let [items, thinned, kept] = [0, 0, 0];
  for (let item = 0; item < (hot?.counts.length ?? 0); item++) {
    const count = hot === null ? 0 : f64At(hot.counts, item);
    if (count === 0) continue;
    const keep = keepOf(item, { plan, hot });
    items++;
    if (keep < 1) thinned++;
    kept += count * keep;
  }
  return { positives: hot?.total ?? 0, items, thinned, kept };
}
