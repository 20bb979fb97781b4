/** The histories of a sequence in a sample, one for each group. */
export interface SequenceCounts {
  readonly name: string;
  readonly groups: number;
  /** Groups without a step. */
  readonly empty: number;
  /** Groups with as many steps as `length` allows. */
  readonly full: number;
  /** Number of steps of all groups. */
  readonly steps: number;
  /**
   * Microseconds from the newest step of a group to the read time of the group, at least. It exceeds `available_after`:
   * no group has a later step. Null without steps.
   */
  readonly newestAge: number | null;
  /** By table of events with steps: events that are no steps because they have no time. */
  readonly untimed: readonly UntimedEvents[];
}

/** `table`: `clicks`, or `clicks.<name>`. */
export interface UntimedEvents {
  readonly table: string;
  readonly events: number;
}

/** The counts as lock files have them, such as `clicks.steps`. Without steps, there is no `newest_age_us`. */
export function namedSequenceCounts(sequences: readonly SequenceCounts[]): Record<string, number> {
  return Object.fromEntries(
    sequences.flatMap(({ name, groups, empty, full, steps, newestAge, untimed }): [string, number][] => [
      [`${name}.groups`, groups],
      [`${name}.empty`, empty],
      [`${name}.full`, full],
      [`${name}.steps`, steps],
      ...(newestAge === null ? [] : [[`${name}.newest_age_us`, newestAge] as [string, number]]),
      ...untimed.map(({ table, events }): [string, number] => [`${name}.${table}.without_time`, events]),
    ]),
  );
}

/** Counts the histories of a sequence while they are written. */
export class SequenceTally {
  #groups = 0;
  #empty = 0;
  #full = 0;
  #steps = 0;
  #newestAge = Infinity;

  /** @param length maximum number of steps of a group */
  constructor(
    private readonly name: string,
    private readonly length: number,
    private readonly untimed: readonly UntimedEvents[],
  ) {}

  /** Adds a group. @param newestAge microseconds from its newest step to its read time; not read without steps */
  add(steps: number, newestAge: number): void {
    this.#groups++;
    this.#steps += steps;
    if (steps === this.length) this.#full++;
    if (steps === 0) this.#empty++;
    else this.#newestAge = Math.min(this.#newestAge, newestAge);
  }

  counts(): SequenceCounts {
    return {
      name: this.name,
      groups: this.#groups,
      empty: this.#empty,
      full: this.#full,
      steps: this.#steps,
      newestAge: Number.isFinite(this.#newestAge) ? this.#newestAge : null,
      untimed: this.untimed,
    };
  }
}
