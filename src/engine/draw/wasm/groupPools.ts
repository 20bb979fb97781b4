import type { PreparedPool } from '../../../core/sampling/kernel/preparedPool.ts';
import { countUpTo } from '../../../core/sampling/kernel/search.ts';
import type { Groups } from '../../../core/sampling/world/world.ts';
import { f64At, i32At, u32At, valueAt } from '../../../core/valueAt.ts';
import type { SeveralPools } from './poolColumns.ts';

/** The pools of groups by their positive's attributes. */
export interface PoolsByItem extends SeveralPools {
  readonly pools: readonly PreparedPool[];
  /** Pool of each item as a positive, -1 if it has none. */
  readonly ofItem: Int32Array;
}

/** For the groups from … to: their pools, and the state of each pool at the time of the group. */
export function groupPools(
  { time, positives: { offsets, items } }: Groups,
  from: number,
  to: number,
  { pools, ofItem, firstStates }: PoolsByItem,
): { readonly pools: Uint32Array; readonly states: Uint32Array } {
  const [found, states] = [new Uint32Array(to - from), new Uint32Array(to - from)];
  for (let g = from; g < to; g++) {
    const first = u32At(offsets, g);
    const own = first < u32At(offsets, g + 1) ? i32At(ofItem, u32At(items, first)) : -1;
    const pool = own < 0 ? pools.length : own;
    found[g - from] = pool;
    const { alwaysEligible, changes } = own < 0 ? NONE : valueAt(pools, own);
    states[g - from] = u32At(firstStates, pool) + (alwaysEligible ? 0 : countUpTo(changes, f64At(time, g)));
  }
  return { pools: found, states };
}

const NONE: Pick<PreparedPool, 'alwaysEligible' | 'changes'> = { alwaysEligible: true, changes: new Float64Array(0) };
