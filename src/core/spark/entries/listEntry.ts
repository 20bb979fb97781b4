import type { ListPlan } from '../../source/drawPlan.ts';
import type { Corpus } from '../inputs/corpus.ts';
import type { Exclusion } from './exclusion.ts';

/** A list entry of a script. */
export interface ListEntry {
  readonly name: string;
  readonly index: number;
  readonly label: string;
  readonly plan: ListPlan;
  readonly exclusion: Exclusion;
  readonly corpus: Corpus | null;
  readonly groups: string;
}

/** Which tiers a list entry has: of the request, of the user. */
export function tiersOf({ rows }: ListPlan): { readonly request: boolean; readonly user: boolean } {
  if (rows.of === 'exposures') return { request: rows.scope !== 'user', user: rows.scope !== 'request' };
  return { request: rows.of === 'candidates', user: rows.of === 'rejections' };
}
