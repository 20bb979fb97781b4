import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { hashWords } from '../../core/sampling/words.ts';
import { keyedWord, trialSalts } from '../../core/trial/keyedProbe.ts';
import { f64At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { positiveSql } from '../inputs/positiveSql.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import type { Windows } from '../inputs/world/windows.ts';

/** Who is trained on and evaluated. */
export interface ChosenUsers {
  /** Null: all users. */
  readonly users: readonly string[] | null;
  readonly trainPositives: number;
  readonly usedPositives: number;
  readonly trainUsers: number;
  readonly usedUsers: number;
}

/**
 * Chooses whole users by their keyed hash until their train positives reach `most`. Users with more are left out. Users that only have positives in
 * the evaluation window are chosen at the same rate.
 */
export async function chooseUsers(
  sampled: SampledTables,
  {
    train,
    evaluated,
  }: Readonly<Record<'train' | 'evaluated', { readonly plan: StagePlan; readonly windows: Windows }>>,
  { seed, most }: { readonly seed: string; readonly most: number | null },
  work: Work,
): Promise<ChosenUsers> {
  const [of, inEval] = [train, evaluated].map(({ plan, windows }) => positiveSql(sampled, plan, windows));
  const rows = await sampled.tables.columnar(
    `SELECT CAST("user" AS VARCHAR), CAST(count(*) FILTER (WHERE train) AS DOUBLE) FROM (
      SELECT "user", true AS train FROM (${of ?? ''}) UNION ALL SELECT "user", false AS train FROM (${inEval ?? ''})) GROUP BY 1 ORDER BY 1`,
    message('Counting positives'),
    work,
  );
  const [users, counts] = [rows.texts(0), rows.numbers(1)];
  const trainPositives = counts.reduce((sum, count) => sum + count, 0);
  const trainUsers = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const all = { users: null, trainPositives, usedPositives: trainPositives, trainUsers, usedUsers: trainUsers };
  if (most === null || trainPositives <= most) return all;
  const salts = trialSalts(seed, 'cap');
  const hashed = users
    .map((user, k) => {
      const [k0, k1] = hashWords(user ?? '');
      return { user: user ?? '', count: f64At(counts, k), hash: keyedWord(k0, k1, salts) };
    })
    .sort((a, b) => a.hash - b.hash || (a.user < b.user ? -1 : 1));
  return { ...usersWithin(hashed, most), trainPositives, trainUsers };
}

/** The first users whose positives are at most `most` together. Users with more alone are left out. */
export function usersWithin(
  users: readonly { readonly user: string; readonly count: number }[],
  most: number,
): { readonly users: readonly string[]; readonly usedPositives: number; readonly usedUsers: number } {
  const chosen: string[] = [];
  let [usedPositives, usedUsers] = [0, 0];
  for (const { user, count } of users) {
    // Such as one id for all anonymous visits: it must not end the choice.
    if (count > most) continue;
    if (usedPositives + count > most) break;
    usedPositives += count;
    if (count > 0) usedUsers++;
    chosen.push(user);
  }
  return { users: chosen, usedPositives, usedUsers };
}
