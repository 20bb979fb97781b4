import { unknownIn } from '../../../core/sampling/plan/unknownIn.ts';
import { exponent, type EntryExponent } from '../../../core/audit/metrics/exponent.ts';
import { message, type Message } from '../../../core/message/message.ts';
import type { CountPlan, PlanEntry, PoolPlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../../database/connections.ts';
import { withinPeriodSql } from '../../tables/log.ts';
import { instantOf } from '../../tables/instant.ts';
import { valueAt } from '../../../core/valueAt.ts';
import { numberIn } from '../../database/numberIn.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { fitPools, type FittedPool } from '../fitPools.ts';
import { userCounts, userEntries } from '../groupCounts.ts';
import { exposedPairs } from '../exposedPairs.ts';
import { inputItems } from '../itemCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Fitting the popularity exponent');

/** How the draws of each pool follow the popularity of the items. */
export const exponentPhase: Phase = {
  label,
  metrics: ['exponent'],
  needs: ['label', 'user'],
  missingReason: (world) => (world.inputs === null ? null : (world.differentIds('user') ?? world.differentIds('item'))),
  async run(world, work) {
    const { sample, request, inputs } = world;
    const isNamed = sample.has('entry') || sample.has('source');
    if (!isNamed || inputs === null || request.plan === null) {
      const entries = await fitAll(world, [await unnamed(world, work)], work);
      return { exponent: exponent.measure({ entries, notFitted: [], fromLog: inputs !== null }) };
    }
    const notFitted: { entry: string; because: Message }[] = [];
    const pools: EntryPool[] = [];
    for (const entry of request.plan.entries) {
      if (entry.draws.kind !== 'pool') continue;
      const because = lacksCounts(world, entry, entry.draws);
      if (because) notFitted.push({ entry: entry.name, because });
      else pools.push(await poolOf(world, entry, entry.draws, work));
    }
    const entries = await fitAll(world, pools, work);
    if (entries.length === 0)
      return {
        exponent: {
          because: notFitted[0]
            ? message('{0} is not fitted: {1}', notFitted[0].entry, notFitted[0].because)
            : message('no entry of the config draws from a pool'),
        },
      };
    return { exponent: exponent.measure({ entries, notFitted, fromLog: true }) };
  },
};

/** Why the counts of a pool cannot be computed again from the log; null if they can. */
function lacksCounts({ request, sample, inputs }: AuditWorld, entry: PlanEntry, pool: PoolPlan): Message | null {
  const same = request.plan?.entries.filter(({ source }) => source === entry.source) ?? [];
  if (!sample.has('entry') && same.length > 1) return message('several entries have the source {0}', entry.source);
  if (pool.partition !== null) return message('each value of an attribute has a pool of its own');
  if (inputs === null || inputs.corpus() === null)
    return message('the config has no {0}, which is the input of this stage', 'data.items');
  if (pool.weight !== null && pool.weight.count !== 'exposures' && pool.weight.count.asOf === 'day')
    return message('each day has counts of its own');
  if (inputs.matched.hasPositives) return message('events without an impression count too');
  return null;
}

/** The draws of an entry from its pool. */
interface EntryPool extends FittedPool {
  readonly entry: string | null;
  /** Negatives of the entry. */
  readonly negatives: number;
  /** The exponent of the config. Null: it names none. */
  readonly declared: number | null;
  readonly smoothing: number;
}

async function fitAll(world: AuditWorld, pools: readonly EntryPool[], work: Work): Promise<EntryExponent[]> {
  const fits = await fitPools(world, pools, label, work);
  return pools.map(({ entry, negatives, declared, smoothing }, k) => {
    return { entry, rows: negatives, ...valueAt(fits, k), declared, smoothing };
  });
}

async function poolOf(world: AuditWorld, entry: PlanEntry, pool: PoolPlan, work: Work): Promise<EntryPool> {
  const { sample, inputs } = world;
  const name = sample.has('entry') ? entry.name : entry.source;
  const { weight } = pool;
  // A uniform pool is measured on the popularity of its items, plus 1 so that items without events count.
  const smoothing = weight === null ? 1 : weight.smoothing;
  const corpus = inputs?.corpus(pool.where ? { where: pool.where } : {}) ?? '';
  const members = `SELECT DISTINCT item FROM ${corpus} WHERE item IS NOT NULL AND listed AND holds AND ${staysSql(world)}`;
  const only = pool.items === 'exposed' ? 'n > 0' : `coalesce(n, 0) + ${smoothing} > 0`;
  const items = `SELECT c.item, ln(coalesce(n, 0) + CAST(${smoothing} AS DOUBLE)) AS x FROM (${members}) c LEFT JOIN (${await countsOf(world, pool, work)}) k ON k.item = c.item WHERE ${only}`;
  const own = { items, ...(await excludedOf(world, entry, work)) };
  const [counted] = await world.rows(
    `SELECT coalesce(sum(n), 0) FROM ${await userEntries(world, work)} WHERE e = ${quoteLiteral(name)} AND "user" IS NOT NULL`,
    label,
    work,
  );
  const declared = weight?.exponent ?? 0;
  return { ...own, name, entry: entry.name, negatives: numberIn(counted), declared, smoothing };
}

/** The pairs that an entry excludes. Usually, they are those of the positives, which other phases have found. */
async function excludedOf(
  world: AuditWorld,
  { exclude }: PlanEntry,
  work: Work,
): Promise<Pick<FittedPool, 'excluded' | 'areChosen'>> {
  if (exclude === null)
    return { excluded: 'SELECT "user", item FROM (SELECT 1 AS "user", 1 AS item) WHERE false', areChosen: false };
  const { plan } = world.request;
  const positives = new Set(plan?.positives.events.map(({ name }) => name));
  // The few pairs of unknown events do not change the fit.
  const unknown = new Set(plan ? unknownIn(plan) : []);
  const chosen = exclude.events.filter((event) => !unknown.has(event));
  if (positives.size === chosen.length && chosen.every((event) => positives.has(event)))
    return { excluded: `SELECT "user", item FROM ${await exposedPairs(world, work)} WHERE clicked`, areChosen: true };
  const events = exclude.events.map((event) => world.inputs?.event(event) ?? 'false');
  const excluded = `SELECT DISTINCT "user", item FROM ${world.inputs?.log() ?? ''} WHERE ${world.untilSplit('time')} AND (${events.join(' OR ')})`;
  return { excluded, areChosen: false };
}

/** A query with the counts of the items of a pool: `item`, `n`. Often, other phases have counted them. */
async function countsOf(world: AuditWorld, { items, weight }: PoolPlan, work: Work): Promise<string> {
  const { request, inputs } = world;
  const log = inputs?.log() ?? '';
  const known = async (column: string): Promise<string> =>
    `SELECT item, ${column} AS n FROM ${await inputItems(world, work)}`;
  if (items === 'exposed' || weight?.count === 'exposures')
    return request.plan?.split === 'train'
      ? await known('exposures')
      : `SELECT item, count(*) AS n FROM ${log} WHERE ${withinPeriodSql('time', request.plan?.window.train ?? {}, request.timezone)} GROUP BY item`;
  return weight === null || isPopularity(world, weight.count)
    ? await known('popular')
    : `SELECT item, count(*) FILTER (WHERE ${countedSql(world, weight.count)}) AS n FROM ${log} GROUP BY item`;
}

/** Whether a pool counts the positives of the stage until the training cut. */
function isPopularity({ request: { plan } }: AuditWorld, { of, window, asOf }: CountPlan): boolean {
  const [event, ...more] = plan?.positives.events ?? [];
  const isCut = asOf === null || asOf === plan?.window.train?.to;
  return event?.name === of && more.length === 0 && window === null && isCut;
}

/** All negatives, or those of the corpus only: an exponent of 0 is uniform, 1 follows the counts. */
async function unnamed(world: AuditWorld, work: Work): Promise<EntryPool> {
  const { sample, inputs } = world;
  const isLog = inputs !== null;
  const corpus = inputs?.corpus() ?? null;
  const items = isLog
    ? `SELECT item, ln(popular) AS x FROM ${await inputItems(world, work)} WHERE popular > 0${corpus === null ? '' : ` AND listed = 1 AND item IN (SELECT item FROM ${corpus} WHERE ${staysSql(world)})`}`
    : `SELECT item, ln(count(*)) AS x FROM ${sample.sql} WHERE label = true AND item IS NOT NULL GROUP BY item`;
  const excluded = isLog
    ? `SELECT "user", item FROM ${await exposedPairs(world, work)}`
    : `SELECT DISTINCT "user", item FROM ${sample.sql} WHERE label = true AND "user" IS NOT NULL`;
  const [counted] = await world.rows(
    `SELECT coalesce(sum(n), 0) FROM ${await userCounts(world, work)} WHERE "user" IS NOT NULL`,
    label,
    work,
  );
  const none = { name: null, entry: null, declared: null, smoothing: 0 };
  return { ...none, negatives: numberIn(counted), items, excluded, areChosen: false };
}

/**
 * SQL of whether an item of the corpus exists at the times of all rows. New items have few events: if items counted
 * that early rows cannot draw, uniform draws would seem to prefer popular items.
 */
function staysSql({ sample, inputs }: AuditWorld): string {
  const times = inputs?.corpusTimes();
  if (!sample.has('time')) return 'true';
  const at = (which: 'min' | 'max'): string => `(SELECT ${which}(time) FROM ${sample.sql})`;
  const tests = [
    ...(times?.has('created') ? [`(created IS NULL OR created <= ${at('min')})`] : []),
    ...(times?.has('removed') ? [`("removed@to" IS NULL OR "removed@to" > ${at('max')})`] : []),
  ];
  return tests.length === 0 ? 'true' : `(${tests.join(' AND ')})`;
}

/** SQL of whether a row of the log counts for the popularity of a pool. */
function countedSql({ inputs, request }: AuditWorld, { of, window, asOf }: CountPlan): string {
  const { timezone, plan } = request;
  const to = asOf ?? plan?.window.train?.to;
  const event = inputs?.event(of) ?? 'false';
  if (to === undefined) return event;
  const end = instantOf(quoteLiteral(to), { kind: 'string' }, { timezone, name: 'as_of' }).to;
  const reach = window === null ? '' : ` AND time > ${end} - to_microseconds(${BigInt(window)})`;
  return `(${event} AND time <= ${end}${reach})`;
}
