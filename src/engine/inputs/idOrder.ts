import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { IntegerIds, type IdTexts } from '../../core/sampling/world/idTexts.ts';

/** Order of ids by their exact texts: integers by value, texts by their UTF-8 bytes. */
export type IdOrder = (a: string, b: string) => number;

export function idOrder(kind: 'integer' | 'string'): IdOrder {
  return kind === 'string' ? compareTexts : compareIntegers;
}

/** Compares decimal texts without leading zeros. With the same sign, the longer one is further from 0. */
function compareIntegers(a: string, b: string): number {
  const [below, other] = [a.startsWith('-'), b.startsWith('-')];
  if (below !== other) return below ? -1 : 1;
  return (a.length - b.length || compareTexts(a, b)) * (below ? -1 : 1);
}

/** The position of an id in ordered ids; -1 if it is missing. */
export function indexOfId(ids: IdTexts, id: string, order: IdOrder): number {
  if (ids instanceof IntegerIds) return ids.find(id);
  let [low, high] = [0, ids.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order(ids.textOf(middle), id) < 0) low = middle + 1;
    else high = middle;
  }
  return low < ids.count && ids.textOf(low) === id ? low : -1;
}
