import type { Answers } from '../../core/data/facts.ts';
import type { CurrentGroup } from '../../core/sampling/kernel/currentGroup.ts';
import type { PoolDrawer } from '../../core/sampling/kernel/poolDrawer.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At, u32At, valueAt } from '../../core/valueAt.ts';
import type { UserRows } from '../inputs/users/userRows.ts';

type Chances = Answers['chances'];

/** What draws of pools show about the future: items that are not in the pool, and later choices of the user. */
export class HindsightTally {
  readonly #outside: { draws: number; outside: number }[];
  /** By user of the block: when the user last chose an item, in microseconds. */
  readonly #lastChoice: readonly ReadonlyMap<number, number>[];
  readonly #later = { draws: 0, expected: 0, observed: 0 };

  /** @param users by user of the block */
  constructor(
    private readonly plan: StagePlan,
    users: readonly UserRows[],
  ) {
    this.#outside = plan.entries.map(() => ({ draws: 0, outside: 0 }));
    this.#lastChoice = users.map((rows) => lastChoices(rows, plan));
  }

  /** @param drawn items of the file that the entry drew for the group, as places in the world; −1 for unknown ones */
  add(e: number, drawer: PoolDrawer, group: CurrentGroup, drawn: readonly number[]): void {
    const known = drawn.filter((item) => item >= 0);
    if (known.length === 0) return;
    const entry = valueAt(this.#outside, e);
    entry.draws += known.length;
    for (const item of known) if (drawer.standing(item, group) === 'absent') entry.outside++;
    this.#addLater(drawer, group, known);
  }

  /**
   * Expected: Σ 1 − (1 − q)^n over the items that the user chooses later, with the probability q of one draw and the n
   * draws of the entry in the group. Draws of a group are distinct, so it is rather too small. Items that the entry
   * excludes for the user have q = 0, and do not count among the observed ones.
   */
  #addLater(drawer: PoolDrawer, group: CurrentGroup, drawn: readonly number[]): void {
    const choices = this.#lastChoice[group.user];
    const later = this.#later;
    later.draws += drawn.length;
    for (const [item, last] of choices ?? []) {
      if (last <= group.time) continue;
      const q = drawer.chance(item, group);
      if (q === 0) continue;
      later.expected -= Math.expm1(drawn.length * Math.log1p(-q));
      if (drawn.includes(item)) later.observed++;
    }
  }

  counts(): Pick<Chances, 'outside' | 'later'> {
    return {
      outside: this.plan.entries.flatMap(({ name }, e) => {
        const entry = valueAt(this.#outside, e);
        return entry.draws === 0 ? [] : [{ name, ...entry }];
      }),
      later: this.#later,
    };
  }
}

function lastChoices({ log }: UserRows, { positives }: StagePlan): Map<number, number> {
  const last = new Map<number, number>();
  for (const { name } of positives.events) {
    const [holds, times] = [log.events[name], log.eventTimes[name]];
    for (let row = 0; row < log.item.length; row++) {
      if (holds?.[row] !== 1) continue;
      const own = times ? f64At(times, row) : NaN;
      const time = Number.isNaN(own) ? f64At(log.time, row) : own;
      const item = u32At(log.item, row);
      last.set(item, Math.max(last.get(item) ?? -Infinity, time));
    }
  }
  return last;
}
