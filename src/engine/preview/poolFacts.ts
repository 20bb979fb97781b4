import type { EntryPoolFacts } from '../../core/data/facts.ts';
import type { EntryPools, PoolItems } from '../../core/sampling/world/world.ts';
import { f64At } from '../../core/valueAt.ts';

/** The share of the items of a pool that count as its hottest. */
const HOTTEST = 0.01;

/** Sizes of the pools of an entry, and how much of their draws the hottest 1 % of the items get. Null without items. */
export function poolFacts({ pools }: EntryPools): EntryPoolFacts | null {
  const filled = pools.filter(({ items }) => items.length > 0);
  if (filled.length === 0) return null;
  const sizes = filled.map(({ items }) => items.length);
  const shares = filled.map(hottestShare);
  return { pools: filled.length, items: ends(sizes), hottest: ends(shares) };
}

/** At least one item counts as hottest. */
function hottestShare({ items, weights }: PoolItems): number {
  const count = Math.max(1, Math.floor(items.length * HOTTEST));
  if (weights === null) return count / items.length;
  const heaviest = Float64Array.from(weights).sort();
  let [total, top] = [0, 0];
  heaviest.forEach((weight) => (total += weight));
  for (let k = heaviest.length - count; k < heaviest.length; k++) top += f64At(heaviest, k);
  return top / total;
}

function ends(values: readonly number[]): { readonly least: number; readonly most: number } {
  return {
    least: values.reduce((a, b) => Math.min(a, b)),
    most: values.reduce((a, b) => Math.max(a, b)),
  };
}
