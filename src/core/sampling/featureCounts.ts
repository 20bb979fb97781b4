import type { FeatureKind } from '../config/definition/features.ts';

/** The versions of a table of features. */
export interface TimelineCounts {
  /** `features.<name>`. */
  readonly name: string;
  readonly kind: FeatureKind;
  /** Rows with a key and their times. */
  readonly versions: number;
  readonly keys: number;
  /** Rows without a key or a time, or that end before they begin. */
  readonly leftOut: number;
  /** Versions that became readable after a newer one, so that they never changed a value. */
  readonly late: number;
  /** Times of a key that have several rows with different values. */
  readonly ties: number;
}

/**
 * Why a row has no value, in the order in which they are found. `noKey`: a part of the row's key is NULL. `never`: no
 * version of the key. `notYet`: all can only be read later. `gone`: deleted, ended, or missing in the newest snapshot.
 * `stale`: older than `max_age`. `null`: NULL in the column.
 */
export const missingCauses = ['noKey', 'never', 'notYet', 'gone', 'stale', 'null'] as const;
export type MissingCause = (typeof missingCauses)[number];

/** The values of a column of a table of features in the rows of a sample. */
export interface FeatureCounts {
  /** Name of the column in the file. */
  readonly name: string;
  readonly from: string;
  /** Rows with a value from the table. */
  readonly values: number;
  readonly missing: Readonly<Record<MissingCause, number>>;
  /** Largest age of a value, in microseconds; null without values, and for values that always hold. */
  readonly oldest: number | null;
}

/** The tables of features of a sample, and the columns that its rows copy. */
export interface FeatureSummary {
  readonly tables: readonly TimelineCounts[];
  readonly columns: readonly FeatureCounts[];
}

/** The counts as lock files have them, such as `features.stats.late` and `ctr.not_yet`. */
export function namedFeatureCounts({ tables, columns }: FeatureSummary): Record<string, number> {
  return Object.fromEntries([
    ...tables.flatMap(({ name, versions, keys, leftOut, late, ties }): [string, number][] => [
      [`${name}.versions`, versions],
      [`${name}.keys`, keys],
      [`${name}.left_out`, leftOut],
      [`${name}.late`, late],
      [`${name}.ties`, ties],
    ]),
    ...columns.flatMap(({ name, values, missing, oldest }): [string, number][] => [
      [`${name}.values`, values],
      ...missingCauses.map((cause): [string, number] => [`${name}.${causeNames[cause]}`, missing[cause]]),
      ...(oldest === null ? [] : [[`${name}.oldest_us`, oldest] as [string, number]]),
    ]),
  ]);
}

const causeNames: Readonly<Record<MissingCause, string>> = {
  noKey: 'no_key',
  never: 'never',
  notYet: 'not_yet',
  gone: 'gone',
  stale: 'stale',
  null: 'null',
};

/** Counts the values of a column while they are written. */
export class FeatureTally {
  #values = 0;
  #oldest = -Infinity;
  readonly #missing: Record<MissingCause, number> = { noKey: 0, never: 0, notYet: 0, gone: 0, stale: 0, null: 0 };

  constructor(
    private readonly name: string,
    private readonly from: string,
  ) {}

  /** Adds a row with a value. @param age microseconds from the event time of the value to the read time */
  addValue(age: number): void {
    this.#values++;
    if (age > this.#oldest) this.#oldest = age;
  }

  addMissing(cause: MissingCause): void {
    this.#missing[cause]++;
  }

  counts(): FeatureCounts {
    const isDated = this.#values > 0 && this.#oldest < ALWAYS_AGE;
    return {
      name: this.name,
      from: this.from,
      values: this.#values,
      missing: this.#missing,
      oldest: isDated ? this.#oldest : null,
    };
  }
}

/** An age that only values have that always hold: their event time is −2^62 microseconds. */
const ALWAYS_AGE = 2 ** 61;
