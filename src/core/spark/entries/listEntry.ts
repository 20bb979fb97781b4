import type { ListPlan } from '../../source/drawPlan.ts';
import type { Corpus } from '../inputs/corpus.ts';
import { userPart } from '../groups/splitUsers.ts';
import type { Exclusion } from './exclusion.ts';
import { equal } from '../../relation/relation.ts';
import type { Expression } from '../../relation/tree.ts';

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

/** True if two FROM items with `part` are of the same user, request and item. */
export function sameCandidate(a: string, b: string): Expression {
  return equal(a, b, [...userPart, 'request_key', 'item']);
}
