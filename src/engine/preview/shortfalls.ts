import type { Answers } from '../../core/data/facts.ts';
import { failureOf } from '../../core/message/failure.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import type { Work } from '../database/connections.ts';
import { drawTotals } from './drawPreview.ts';
import { countUsers, findUsers } from './findUsers.ts';
import type { Sampling } from './openSamplingData.ts';
import { poolFacts } from './poolFacts.ts';

/**
 * Requested and drawn rows of the entries of a stage. They are drawn like a preview, for all users with groups, or for
 * a random sample of them that depends only on their ids.
 */
export async function shortfalls(
  { request: { plan, data }, mostUsers }: AskedQuestion<'shortfalls'>,
  sampling: Sampling,
  work: Work,
): Promise<Answers['shortfalls']> {
  const allUsers = await countUsers(plan, sampling, work);
  const found = await findUsers(
    { plan, data, choice: { kind: 'random', salt: 0 }, limit: Math.min(allUsers, mostUsers), without: [] },
    sampling,
    work,
    false,
  );
  const { users, totals, missing, world } = await drawnFor(found.map(({ user }) => user));
  return {
    users,
    allUsers,
    entries: totals.entries.map(({ name, asked, refilled, drawn, shortfalls: { pool, attempts, list } }, e) => {
      const [own, byDay] = [world.pools[e], world.dayTables[e]];
      const pools = own && !byDay ? poolFacts(own) : null;
      return {
        name,
        asked,
        ...(refilled === undefined ? {} : { refilled }),
        drawn,
        pool,
        attempts,
        list,
        design: missing.design(e),
        ...(pools === null ? {} : { pools }),
      };
    }),
  };

  /** Users with many rows may be too large together; then half of them are enough for an answer. */
  async function drawnFor(
    chosen: readonly string[],
  ): Promise<{ readonly users: number } & Awaited<ReturnType<typeof drawTotals>>> {
    try {
      return { users: chosen.length, ...(await drawTotals(plan, chosen, sampling, work)) };
    } catch (error) {
      if (failureOf(error).code !== 'out-of-memory' || chosen.length < 2) throw error;
      return await drawnFor(chosen.slice(0, Math.floor(chosen.length / 2)));
    }
  }
}
