import { valueAt } from '../../valueAt.ts';
import type { Salts } from '../salts.ts';
import type { StagePlan } from '../plan/stagePlan.ts';
import type { UserBlock, World } from '../world/world.ts';
import type { Drawer } from './drawer.ts';
import { Exclusion } from './exclusion.ts';
import { ListDrawer } from './listDrawer.ts';
import { PoolDrawer } from './poolDrawer.ts';
import type { PreparedPool } from './preparedPool.ts';

/** The drawers of a plan's entries over one block, and their shared exclusions. */
export class BlockDrawers {
  readonly drawers: readonly Drawer[];
  readonly #exclusions: readonly Exclusion[];
  readonly #chosen: Exclusion;

  constructor(
    plan: StagePlan,
    { items, pools: entryPools }: World,
    prepared: readonly (readonly PreparedPool[])[],
    salts: readonly Salts[],
    block: UserBlock,
  ) {
    this.#exclusions = block.excluded.map((set) => new Exclusion(set, set.last, set.lookback));
    this.#chosen = new Exclusion(block.positiveItems, null, Infinity);
    this.drawers = plan.entries.map(({ draws }, e): Drawer => {
      const set = valueAt(block.excludedOf, e);
      const exclusion = set < 0 ? null : valueAt(this.#exclusions, set);
      const own = valueAt(salts, e);
      if (draws.kind === 'pool')
        return new PoolDrawer({
          salts: own,
          pools: valueAt(prepared, e),
          ofItem: entryPools[e]?.ofItem ?? null,
          ofUser: block.poolOfUser[e] ?? null,
          ofGroup: block.poolOfGroup?.[e] ?? null,
          exclusion,
          items,
        });
      const positiveItems = draws.rows.of === 'exposures' ? this.#chosen : null;
      return new ListDrawer({
        salts: own,
        plan: draws,
        lists: block.lists[e] ?? { request: null, user: null },
        acceptance: { exclusion, positiveItems },
        items,
      });
    });
  }

  /** @param first and last: times of the user's drawn groups, µs */
  startUser(user: number, first: number, last: number): void {
    for (const exclusion of this.#exclusions) exclusion.startUser(user);
    this.#chosen.startUser(user);
    for (const drawer of this.drawers) drawer.startUser(user, first, last);
  }
}
