import type { Source } from './source.ts';
import { coarseFiltered } from './sources/coarseFiltered.ts';
import { exposedRandom } from './sources/exposedRandom.ts';
import { exposedUnclicked } from './sources/exposedUnclicked.ts';
import { globalRandom } from './sources/globalRandom.ts';
import { hardRank } from './sources/hardRank.ts';
import { hardScore } from './sources/hardScore.ts';
import { popularity } from './sources/popularity.ts';
import { rankedUnexposed } from './sources/rankedUnexposed.ts';
import { rejected } from './sources/rejected.ts';
import { sameAttribute } from './sources/sameAttribute.ts';

const all = [
  exposedUnclicked,
  globalRandom,
  popularity,
  exposedRandom,
  sameAttribute,
  rejected,
  hardRank,
  hardScore,
  rankedUnexposed,
  coarseFiltered,
] as const;

export type SourceName = (typeof all)[number]['name'];

/** Every source, in the order of the reference page. */
export const sources: readonly Source[] = all;

const byName = new Map<string, Source>(all.map((source) => [source.name, source]));

export function sourceOf(name: string): Source | undefined {
  return byName.get(name);
}
export function isSourceName(name: string): name is SourceName {
  return byName.has(name);
}
