import type { Sampler } from '../../../core/sampling/kernel/sampler.ts';
import type { UserBlock } from '../../../core/sampling/world/world.ts';
import { f64At, u32At } from '../../../core/valueAt.ts';

/** The quotas of the groups from … to of a block: by entry, then by group. */
export function groupQuotas(
  sampler: Sampler,
  { groups: { keyWords } }: UserBlock,
  from: number,
  to: number,
): readonly Float64Array[] {
  const { sameQuotas } = sampler;
  if (sameQuotas) return Array.from(sameQuotas, (quota) => new Float64Array(to - from).fill(quota));
  const all = sampler.plan.entries.map(() => new Float64Array(to - from));
  const ofGroup = new Float64Array(all.length);
  for (let g = from; g < to; g++) {
    sampler.quotas(u32At(keyWords, 2 * g), u32At(keyWords, 2 * g + 1), ofGroup);
    for (let e = 0; e < all.length; e++) {
      const own = all[e];
      if (own) own[g - from] = f64At(ofGroup, e);
    }
  }
  return all;
}
