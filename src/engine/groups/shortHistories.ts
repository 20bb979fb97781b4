import { eventsOfSteps } from '../../core/data/sequences.ts';
import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At, valueAt } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import type { StoredTables } from '../inputs/storedTables.ts';
import { Picked } from '../inputs/users/picked.ts';
import type { Tables } from '../tables/tables.ts';
import type { UserRange } from './userRanges.ts';

/** A history with fewer steps than `min_steps` requires. */
export interface ShortHistory {
  /** Index in `positives.minSteps`. */
  readonly sequence: number;
  readonly steps: number;
}

/** The short histories of a user by read time, in microseconds. */
export type ShortHistories = (user: string) => ReadonlyMap<number, ShortHistory>;

const none: ReadonlyMap<number, ShortHistory> = new Map();
export const noShortHistories: ShortHistories = () => none;

/**
 * SQL name of the table of the positives of a split with a short history: `"user"`, `time` and `request` as in
 * `positiveSql`, the read time `us`, `sequence` and `steps`.
 */
export const shortPositives = ({ split }: Pick<StagePlan, 'split'>): string => `"short positives of ${split}"`;

/** True if a plan leaves out positives with a short history; evaluation data only counts them. */
export function dropsShort({ split, positives }: Pick<StagePlan, 'split' | 'positives'>): boolean {
  return split === 'train' && positives.minSteps !== undefined;
}

/** Key of everything that short histories depend on besides the positives. */
export function shortKey(sampled: SampledTables, minSteps: StagePlan['positives']['minSteps'] = []): string {
  return JSON.stringify([minSteps, minSteps.flatMap(eventsOfSteps).map((name) => sampled.eventKey(name))]);
}

/** The stored short histories of a range of users. */
export async function storedShortHistories(
  { chosen }: Pick<UserRange, 'chosen'>,
  plan: StagePlan,
  { tables }: Pick<StoredTables, 'tables'>,
  work: Work,
): Promise<ShortHistories> {
  if (plan.positives.minSteps === undefined) return noShortHistories;
  return await loadShortHistories(tables, `${shortPositives(plan)} WHERE ${chosen}`, work);
}

/** @param rows SQL of rows with the columns of `shortPositives`, as a FROM item */
export async function loadShortHistories(tables: Tables, rows: string, work: Work): Promise<ShortHistories> {
  const short = await tables.columnar(
    `SELECT CAST("user" AS VARCHAR), CAST(us AS DOUBLE), CAST(sequence AS UTINYINT), CAST(steps AS DOUBLE) FROM ${rows}`,
    message('Reading the rows of the users'),
    work,
  );
  const picked = new Picked(short.texts(0));
  const [time, sequence, steps] = [short.numbers(1), short.bytes(2, 0), short.numbers(3)];
  return (user) => {
    const ofUser = picked.of(user);
    const [sequences, lengths] = [ofUser.values(sequence), ofUser.values(steps)];
    return new Map(
      [...ofUser.values(time)].map((at, k) => [at, { sequence: valueAt(sequences, k), steps: f64At(lengths, k) }]),
    );
  };
}
