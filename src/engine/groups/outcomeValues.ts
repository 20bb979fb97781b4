import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { outcomesAt, type OutcomesPlan, type OutcomeWords } from '../../core/sampling/outcomes.ts';
import type { Groups } from '../../core/sampling/world/world.ts';
import { f64At, i16At, i32At, u32At, valueAt } from '../../core/valueAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { Origins } from './group.ts';
import type { LabelledLog } from './labelledLog.ts';
import { NO_EVENT } from './noEvent.ts';
import { originsOf } from './originsOf.ts';
import type { Requests } from './requests.ts';

type OutcomeRows = Pick<DrawnRows, 'count' | 'group' | 'item' | 'entry'>;

/** The part of a block that labels need. */
interface Judged {
  readonly logs: readonly LabelledLog[];
  readonly requests: Requests;
  readonly world: Pick<LoadedWorld, 'knownUntil'>;
}

/**
 * Labels of further events. A positive of the unit positive has the events of all log rows and events that its group
 * merges. A positive of a request has the events of all exposures of its item in the request. Other rows have the
 * events of their exposure; a row without exposure has no labels.
 */
export class OutcomeValues {
  /** For each user of the block: the events of each exposure, by row number in the stored log. */
  readonly #ofRow: readonly ReadonlyMap<number, Exposed>[];
  /** For each user of the block: the merged events of each positive, by `keyOf`. */
  readonly #ofPositive: readonly ReadonlyMap<string, Held>[];

  readonly #knownUntil: number;

  private constructor(
    private readonly unit: StagePlan['unit'],
    private readonly plan: OutcomesPlan,
    { logs, requests, world }: Judged,
  ) {
    this.#knownUntil = world.knownUntil;
    const eventsOfLogs = logs.map((log) => this.#heldIn(log));
    this.#ofRow = logs.map((log, user) => {
      const events = valueAt(eventsOfLogs, user);
      return new Map(
        Array.from({ length: log.rows }, (_, k) => [log.row(k), { held: valueAt(events, k), time: log.time(k) }]),
      );
    });
    this.#ofPositive = logs.map((log, user) => this.#merged(log, valueAt(eventsOfLogs, user), requests, user));
  }

  /** Null if the stage has no such labels. */
  static of({ unit, outcomes }: StagePlan, judged: Judged): OutcomeValues | null {
    return outcomes && outcomes.events.length > 0 ? new OutcomeValues(unit, outcomes, judged) : null;
  }

  /** The labels of some rows of the block, ordered by group. */
  rows(rows: OutcomeRows, groups: Groups, origins: Origins): OutcomeWords {
    const words = new Uint32Array(2 * rows.count);
    const exposures = originsOf(rows, groups, origins);
    let user = 0;
    for (let row = 0; row < rows.count; row++) {
      const group = u32At(rows.group, row);
      while (u32At(groups.offsets, user + 1) <= group) user++;
      const exposed = this.#ofRow[user]?.get(i32At(exposures, row));
      const isPositive = i16At(rows.entry, row) < 0;
      if (!isPositive && exposed === undefined) continue;
      const key = isPositive ? this.#keyOf(groups, group, u32At(rows.item, row)) : null;
      const held = key === null ? exposed?.held : this.#ofPositive[user]?.get(key);
      // A negative may have been exposed after the time of the group.
      const time = Math.max(f64At(groups.time, group), exposed?.time ?? -Infinity);
      words[2 * row] = held?.bits ?? 0;
      words[2 * row + 1] = this.#unknownAt(time) | ((held?.unknown ?? 0) & ~(held?.bits ?? 0));
    }
    return words;
  }

  /** The labels of each row. */
  texts(rows: OutcomeRows, groups: Groups, origins: Origins): (row: number) => (0 | 1 | null)[] {
    const words = this.rows(rows, groups, origins);
    return (row) => outcomesAt(words, row, this.plan);
  }

  #keyOf({ positives, time, request, requestText }: Groups, group: number, item: number): string | null {
    if (this.unit === 'impression') return null;
    if (this.unit === 'request') return `${i32At(request, group)} ${item}`;
    const event = positives.events[u32At(positives.offsets, group)];
    return keyOf(item, f64At(time, group), requestText[group], event);
  }

  #merged(log: LabelledLog, held: readonly Held[], requests: Requests, user: number): Map<string, Held> {
    const merged = new Map<string, Held>();
    const add = (key: string, { bits, unknown }: Held): void => {
      const before = merged.get(key);
      merged.set(key, { bits: (before?.bits ?? 0) | bits, unknown: (before?.unknown ?? 0) | unknown });
    };
    for (let row = 0; row < log.rows; row++) {
      if (!log.exists(row)) continue;
      const more = valueAt(held, row);
      if (this.unit === 'request') add(`${requests.find(user, log.requestKey(row))} ${log.item(row)}`, more);
      else if (this.unit === 'positive' && log.isPositive(row))
        add(keyOf(log.item(row), log.time(row), log.log.request[row], log.event[row]), more);
    }
    if (this.unit !== 'positive') return merged;
    const { unmatched } = log;
    const { events, request } = unmatched.events;
    for (let row = 0; row < unmatched.rows; row++) {
      if (!unmatched.isPositive(row)) continue;
      const more = this.#held((name) => events[name]?.[row] === 1);
      add(keyOf(unmatched.item(row), unmatched.time(row), request[row], unmatched.event[row]), more);
    }
    return merged;
  }

  #heldIn(log: LabelledLog): Held[] {
    const names = this.plan.events.flatMap(({ name, unknown }) => (unknown === undefined ? [name] : [name, unknown]));
    const holds = new Map(names.map((name) => [name, log.holds(name, this.#knownUntil)]));
    return Array.from({ length: log.rows }, (_, row) => this.#held((name) => holds.get(name)?.(row) === true));
  }

  #held(holds: (name: string) => boolean): Held {
    let [bits, unknown] = [0, 0];
    this.plan.events.forEach((event, k) => {
      if (holds(event.name)) bits |= 1 << k;
      else if (event.unknown !== undefined && holds(event.unknown)) unknown |= 1 << k;
    });
    return { bits, unknown };
  }

  #unknownAt(time: number): number {
    return this.plan.events.reduce(
      (bits, { matureAfter }, k) =>
        matureAfter !== null && time + matureAfter > this.#knownUntil ? bits | (1 << k) : bits,
      0,
    );
  }
}

/** Flags of events. Bit k of `bits`: event k happened; of `unknown`: it is unknown whether it happened. */
interface Held {
  readonly bits: number;
  readonly unknown: number;
}

interface Exposed {
  readonly held: Held;
  readonly time: number;
}

/** Positives of a user with equal keys are merged. As in the keys of groups, an empty request counts as missing. */
function keyOf(item: number, time: number, request: string | null | undefined, event: number | undefined): string {
  return `${item} ${time} ${event ?? NO_EVENT} ${request ?? ''}`;
}
