import { unknownIn } from '../../core/sampling/plan/unknownIn.ts';
import type { Seen, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { NO_EVENT } from './noEvent.ts';
import { ReadTimes } from './readTimes.ts';
import { requestKey, type UserLog, type UserRows, type UserEvents } from '../inputs/users/userRows.ts';
import type { Bounds } from '../inputs/world/within.ts';

/** The impressions of a user, evaluated with the rules of a plan. */
export class LabelledLog {
  readonly log: UserLog;
  readonly rows: number;
  /** Index of the row's event in `plan.positives.events`; `NO_EVENT` if it has none or if `exists` is false. */
  readonly event: Uint8Array;
  readonly unmatched: UnmatchedEvents;
  readonly readTimes: ReadTimes;
  /** 1 if a positive event may have happened, but none is certain. Such a row is neither positive nor negative. */
  readonly #unknown: Uint8Array;

  constructor(
    readonly rowsOfUser: UserRows,
    plan: StagePlan,
    private readonly world: LoadedWorld,
  ) {
    this.log = rowsOfUser.log;
    this.rows = this.log.item.length;
    this.unmatched = new UnmatchedEvents(rowsOfUser.unmatched, plan, world);
    this.readTimes = new ReadTimes(this.log.request, this.log.time, rowsOfUser.eventRequests);
    this.event = new Uint8Array(this.rows).fill(NO_EVENT);
    plan.positives.events.forEach(({ name }, k) => {
      const holds = this.holds(name, world.knownUntil);
      for (let row = 0; row < this.rows; row++)
        if (this.event[row] === NO_EVENT && holds(row) && this.exists(row)) this.event[row] = k;
    });
    this.#unknown = new Uint8Array(this.rows);
    for (const name of unknownIn(plan)) {
      const holds = this.holds(name, world.knownUntil);
      for (let row = 0; row < this.rows; row++) if (!this.isPositive(row) && holds(row)) this.#unknown[row] = 1;
    }
  }

  /** False for rows after `knownUntil`, the end of the known outcomes: the split ignores them. */
  exists(row: number): boolean {
    return this.time(row) <= this.world.knownUntil;
  }

  /**
   * Returns a test: did the event happen for a row? Events of separate tables count only up to `until` (microseconds).
   * `impressions` is true for every row.
   */
  holds(name: string, until: number): (row: number) => boolean {
    if (name === 'impressions') return () => true;
    const [flags, times] = [this.log.events[name], this.log.eventTimes[name]];
    return (row) => flags?.[row] === 1 && (times === undefined || !(f64At(times, row) > until));
  }

  isPositive(row: number): boolean {
    return this.event[row] !== NO_EVENT;
  }

  isUnknown(row: number): boolean {
    return this.#unknown[row] === 1;
  }

  time(row: number): number {
    return f64At(this.log.time, row);
  }

  item(row: number): number {
    return u32At(this.log.item, row);
  }

  /** Row number in the stored log. */
  row(row: number): number {
    return u32At(this.log.row, row);
  }

  requestKey(row: number): string {
    return requestKey(this.log.request[row] ?? null, this.time(row));
  }

  inSplit(row: number): boolean {
    return this.time(row) >= this.world.split.from && this.time(row) <= this.world.split.to;
  }

  /** Between the start of the training window and the time until which outcomes are known. */
  inHistory(row: number): boolean {
    return this.time(row) >= this.world.start && this.time(row) <= this.world.knownUntil;
  }

  /** True if outcomes are known for at least `after` microseconds after the row, or if `after` is null. */
  isMature(row: number, after: number | null): boolean {
    return after === null || this.time(row) + after <= this.world.knownUntil;
  }

  /** Returns a test: did the user see the row? True for every row with a positive event. */
  seen(seen: Seen): (row: number) => boolean {
    if (seen === 'all') return () => true;
    if (seen === 'viewed') return (row) => this.isPositive(row) || this.log.viewed[row] === 1;
    const last = new Map<string, number>();
    for (let row = 0; row < this.rows; row++) {
      const position = this.#position(row);
      if (this.isPositive(row) && position > (last.get(this.requestKey(row)) ?? -Infinity))
        last.set(this.requestKey(row), position);
    }
    return (row) =>
      this.isPositive(row) || this.#position(row) <= (last.get(this.requestKey(row)) ?? NaN) + seen.aboveLastClick;
  }

  /** NaN if the log has no number there. Comparisons with NaN are false. */
  #position(row: number): number {
    const text = this.log.position[row] ?? null;
    return text === null ? NaN : Number(text);
  }
}

/** The events of a user that have no impression, evaluated with the rules of a plan. */
class UnmatchedEvents {
  readonly rows: number;
  /** Index of the row's event in `plan.positives.events`; `NO_EVENT` if it has none. */
  readonly event: Uint8Array;
  /** Flags "it is unknown whether the event happened", one array per such event of the plan. */
  readonly #unknown: readonly Uint8Array[];

  constructor(
    readonly events: UserEvents,
    plan: StagePlan,
    private readonly world: LoadedWorld,
  ) {
    this.rows = events.item.length;
    this.event = new Uint8Array(this.rows).fill(NO_EVENT);
    plan.positives.events.forEach(({ name }, k) => {
      const flags = events.events[name];
      for (let row = 0; row < this.rows; row++)
        if (this.event[row] === NO_EVENT && flags?.[row] === 1) this.event[row] = k;
    });
    this.#unknown = unknownIn(plan).flatMap((name) => events.events[name] ?? []);
  }

  item(row: number): number {
    return u32At(this.events.item, row);
  }

  /** Microseconds. Infinity for an event without a time, so that every lookback includes it. */
  time(row: number): number {
    const time = f64At(this.events.time, row);
    return Number.isNaN(time) ? Infinity : time;
  }

  /** True if the event happened within the bounds, or at an unknown time, and has no impression up to their end. */
  isWithin(row: number, { from, to }: Bounds): boolean {
    const time = f64At(this.events.time, row);
    return (Number.isNaN(time) || (time >= from && time <= to)) && !(f64At(this.events.shown, row) <= to);
  }

  /** True if it is a positive of the split, so that it becomes a separate group. */
  isPositive(row: number): boolean {
    const { split, knownUntil } = this.world;
    const time = this.time(row);
    const isInside = time >= split.from && time <= split.to && time <= knownUntil;
    return isInside && this.events.isPositive[row] === 1 && !(f64At(this.events.shown, row) <= knownUntil);
  }

  /**
   * True if a positive happened, or may have happened, between the start of the training window and the end of the
   * known outcomes.
   */
  isChosen(row: number): boolean {
    const mayBe = this.event[row] !== NO_EVENT || this.#unknown.some((flags) => flags[row] === 1);
    return mayBe && this.isWithin(row, { from: this.world.start, to: this.world.knownUntil });
  }
}
