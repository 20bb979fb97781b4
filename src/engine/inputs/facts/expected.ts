import { unknownIn } from '../../../core/sampling/plan/unknownIn.ts';
import { message } from '../../../core/message/message.ts';
import type { ListPlan, StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { groupedBy } from '../../../core/source/options.ts';
import type { EntryPools } from '../../../core/sampling/world/world.ts';
import { f64At, i32At } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../sql/notNan.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { itemNumbers, type SampledTables } from '../sampledTables.ts';
import { within } from '../world/within.ts';
import type { PositiveCounts } from './positiveCounts.ts';
import { byItem, type CountOf } from '../world/counts.ts';
import type { LoadedWorld, Worlds } from '../world/loadedWorld.ts';
import type { Windows } from '../world/windows.ts';

/** Input for computing the distributions over all users. */
export interface Expecting extends PositiveCounts {
  readonly sampled: SampledTables;
  readonly plan: StagePlan;
  readonly world: LoadedWorld;
  readonly worlds: Worlds;
}

/**
 * Input of the stage, by item. For recall: the corpus items that are eligible at the cut. For coarse ranking: the
 * results of recall.
 * Null for fine ranking, whose input is the exposures, and if the candidates are unknown.
 */
export async function stageInput(
  { sampled, plan, world: { items, cut } }: Expecting,
  work: Work,
): Promise<Float64Array | null> {
  if (plan.stage === 'fine_ranking') return null;
  if (plan.stage === 'recall')
    return Float64Array.from(items.listed, (listed, k) =>
      listed === 1 && f64At(items.created, k) <= cut && cut < f64At(items.removed, k) ? 1 : 0,
    );
  const candidates = sampled.candidates();
  if (candidates === null) return null;
  const own = sampled.data.candidates?.columns.user ? '"user", ' : '';
  return await rowsByItem(sampled, `(SELECT DISTINCT ${own}request, item FROM ${candidates})`, items.count, work);
}

/**
 * Distribution of the rows of an entry over items, for all users, in any scale. Pools: their weights; partitions are
 * mixed by the positives that draw from them.
 * This ignores exclusions, and eligibility at the time of a group. Lists: their source rows, as if every user had more
 * than are drawn.
 */
export async function expectedDistribution(k: number, expecting: Expecting, work: Work): Promise<Float64Array> {
  const { plan, world, positivesByDay } = expecting;
  const [entry, pools, byDay] = [plan.entries[k], world.pools[k], world.dayTables[k] ?? null];
  if (!entry || !pools) return new Float64Array(world.items.count);
  if (entry.draws.kind === 'list') return await listRows(entry.draws, expecting, work);
  const groups =
    byDay === null
      ? await shares(entry, pools, expecting)
      : ((await positivesByDay?.(byDay, groupedBy(entry))) ?? byDay.groups);
  return mixed(pools, groups, world.items.count);
}

/** True if the distribution of an entry depends on the pools that the positives draw from. */
export function dependsOnPositives(k: number, { plan, world }: Pick<Expecting, 'plan' | 'world'>): boolean {
  const entry = plan.entries[k];
  if (!entry) return false;
  return groupedBy(entry).length > 0 || Boolean(world.pools[k]?.ofItem ?? world.dayTables[k]);
}

/** Number of positives that draw from each pool. */
async function shares(
  entry: StagePlan['entries'][number],
  { pools, ofItem }: EntryPools,
  { positives, positivesBy }: Expecting,
): Promise<Float64Array> {
  const own = new Float64Array(pools.length);
  const add = (pool: number, count: number): void => {
    if (pool >= 0) own[pool] = f64At(own, pool) + count;
  };
  if (ofItem)
    (await positives()).forEach((count, item) => {
      add(i32At(ofItem, item), count);
    });
  else if (groupedBy(entry).length > 0) {
    const numbers = new Map(pools.map(({ values }, pool) => [values ? JSON.stringify(values) : null, pool]));
    for (const [key, count] of await positivesBy(groupedBy(entry))) add(numbers.get(key) ?? 0, count);
  } else own.fill(1);
  return own;
}

function mixed({ pools }: EntryPools, shares: Float64Array, items: number): Float64Array {
  const all = new Float64Array(items);
  pools.forEach((pool, k) => {
    const total = pool.weights ? pool.weights.reduce((sum, weight) => sum + weight, 0) : pool.items.length;
    const scale = f64At(shares, k) / total;
    if (total > 0)
      pool.items.forEach((item, place) => {
        all[item] = f64At(all, item) + scale * (pool.weights ? f64At(pool.weights, place) : 1);
      });
  });
  return all;
}

async function listRows(
  { rows }: ListPlan,
  { sampled, plan, world, worlds }: Expecting,
  work: Work,
): Promise<Float64Array> {
  const { items, knownUntil } = world;
  switch (rows.of) {
    case 'exposures': {
      const [counts] = await worlds.counts(sampled, [unclickedOf(rows, plan, world)], work);
      return counts ?? new Float64Array(items.count);
    }
    case 'rejections': {
      const rejections = sampled.rejections();
      const known = within('time', { from: -Infinity, to: knownUntil });
      const untimed = rows.before ? 'false' : 'time IS NULL';
      const timed = sampled.data.rejections?.columns.time ? `(${untimed} OR ${known})` : 'true';
      return rejections === null
        ? new Float64Array(items.count)
        : await rowsByItem(sampled, `(SELECT item FROM ${rejections} WHERE ${timed})`, items.count, work);
    }
    case 'candidates': {
      const candidates = sampled.candidates();
      return candidates === null
        ? new Float64Array(items.count)
        : await rowsByItem(sampled, keptCandidates(sampled, candidates, rows.keep), items.count, work);
    }
  }
}

/** Exposures without a positive event that a list uses. Rows that `above_last_click` removes are included. */
export function unclickedOf(
  { seen, matureAfter }: Extract<ListPlan['rows'], { of: 'exposures' }>,
  { positives }: StagePlan,
  { split, knownUntil }: Windows,
): CountOf {
  return {
    any: ['impressions'],
    none: [...positives.events.map(({ name }) => name), ...unknownIn({ positives })],
    viewed: seen === 'viewed',
    from: split.from,
    to: Math.min(split.to, knownUntil - (matureAfter ?? 0)),
    until: knownUntil,
  };
}

/** The candidates of every request that a list keeps, before eligibility is known. */
function keptCandidates(
  { data }: SampledTables,
  candidates: string,
  keep: Extract<ListPlan['rows'], { of: 'candidates' }>['keep'],
): string {
  const request = data.candidates?.columns.user ? '"user", request' : 'request';
  switch (keep.by) {
    case 'rank': {
      const channel = keep.channel === null ? 'true' : `channel = ${quoteLiteral(keep.channel)}`;
      return `(SELECT item FROM (SELECT item, min(${numberIn('rank')}) AS rank FROM ${candidates} WHERE ${channel} GROUP BY ${request}, item) WHERE rank BETWEEN ${keep.ranks[0]} AND ${keep.ranks[1]})`;
    }
    case 'reached': {
      const order = `list_position(['recall', 'coarse', 'fine', 'exposed'], reached)`;
      return `(SELECT item FROM (SELECT item, max(${order}) AS furthest FROM ${candidates} GROUP BY ${request}, item) WHERE furthest = ${keep.reached === 'fine' ? 3 : 2})`;
    }
    default:
      return `(SELECT item FROM (SELECT ${request}, item, max(${numberIn(keep.by)}) AS score FROM ${candidates} GROUP BY ${request}, item)
        QUALIFY row_number() OVER (PARTITION BY ${request} ORDER BY score DESC NULLS LAST, item) BETWEEN ${keep.skip + 1} AND ${keep.skip + keep.top})`;
  }
}

async function rowsByItem({ tables }: SampledTables, from: string, items: number, work: Work): Promise<Float64Array> {
  const rows = await tables.columnar(
    `SELECT n.number, CAST(c AS DOUBLE) FROM (SELECT item, count(*) AS c FROM ${from} GROUP BY item) JOIN ${itemNumbers} n USING (item)`,
    message('Counting rows'),
    work,
  );
  return byItem(rows.unsigned(0), rows.numbers(1), items);
}
