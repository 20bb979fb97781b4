import { unknownIn } from '../../core/sampling/plan/unknownIn.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import type { UserEvents } from '../inputs/users/userRows.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { Bounds } from '../inputs/world/within.ts';
import { NO_EVENT } from './noEvent.ts';

/** The events of a user that have no impression, evaluated with the rules of a plan. */
export class UnmatchedEvents {
  readonly rows: number;
  /** Index of the row's event in `plan.positives.events`. `NO_EVENT` without one. */
  readonly event: Uint8Array;
  /** Flags of the events that the plan does not know for sure. */
  readonly #unknown: readonly Uint8Array[];

  constructor(
    readonly events: UserEvents,
    plan: StagePlan,
    private readonly world: LoadedWorld,
  ) {
    this.rows = events.item.length;
    this.event = new Uint8Array(this.rows).fill(NO_EVENT);
    plan.positives.events.forEach(({ name }, k) => {
      const held = events.events[name];
      for (let row = 0; row < this.rows; row++)
        if (this.event[row] === NO_EVENT && held?.[row] === 1) this.event[row] = k;
    });
    this.#unknown = unknownIn(plan).flatMap((name) => events.events[name] ?? []);
  }

  item(row: number): number {
    return u32At(this.events.item, row);
  }

  /** Infinity for an event without a time: it is newer than every lookback. */
  time(row: number): number {
    const time = f64At(this.events.time, row);
    return Number.isNaN(time) ? Infinity : time;
  }

  /** Whether the event happened within the bounds, or at an unknown time, and has no impression up to their end. */
  isWithin(row: number, { from, to }: Bounds): boolean {
    const time = f64At(this.events.time, row);
    return (Number.isNaN(time) || (time >= from && time <= to)) && !(f64At(this.events.shown, row) <= to);
  }

  /** Whether it is a positive of the split with a group of its own. */
  isPositive(row: number): boolean {
    const { split, knownUntil } = this.world;
    const time = this.time(row);
    const isInside = time >= split.from && time <= split.to && time <= knownUntil;
    return isInside && this.events.isPositive[row] === 1 && !(f64At(this.events.shown, row) <= knownUntil);
  }

  /**
   * Whether a positive happened, or may have, between the start of the training window and the end of the known
   * outcomes.
   */
  isChosen(row: number): boolean {
    const mayBe = this.event[row] !== NO_EVENT || this.#unknown.some((flags) => flags[row] === 1);
    return mayBe && this.isWithin(row, { from: this.world.start, to: this.world.knownUntil });
  }
}
