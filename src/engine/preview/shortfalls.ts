import type { Answers, EntryPoolFacts } from '../../core/data/facts.ts';
import { failureOf } from '../../core/message/failure.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import type { Work } from '../database/connections.ts';
import { drawTotals } from './drawPreview.ts';
import { countUsers, findUsers } from './findUsers.ts';
import type { Sampling } from './openSamplingData.ts';
import type { EntryPools, PoolItems } from '../../core/sampling/world/world.ts';
import { f64At } from '../../core/valueAt.ts';

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

/** The share of the items of a pool that count as its hottest. */
const HOTTEST = 0.01;

/** Sizes of the pools of an entry, and how much of their draws the hottest 1 % of the items get. Null without items. */
function poolFacts({ pools }: EntryPools): EntryPoolFacts | null {
  const filled = pools.filter(({ items }) => items.length > 0);
  if (filled.length === 0) return null;
  const sizes = filled.map(({ items }) => items.length);
  const shares = filled.map(hottestShare);
  return { pools: filled.length, items: ends(sizes), hottest: ends(shares) };
}

/** At least one item counts as hottest. */
function hottestShare({ items, weights }: PoolItems): number {
  const count = Math.max(1, Math.floor(items.length * HOTTEST));
  if (weights === null) return count / items.length;
  const heaviest = Float64Array.from(weights).sort();
  let [total, top] = [0, 0];
  heaviest.forEach((weight) => (total += weight));
  for (let k = heaviest.length - count; k < heaviest.length; k++) top += f64At(heaviest, k);
  return top / total;
}

function ends(values: readonly number[]): { readonly least: number; readonly most: number } {
  return {
    least: values.reduce((a, b) => Math.min(a, b)),
    most: values.reduce((a, b) => Math.max(a, b)),
  };
}
