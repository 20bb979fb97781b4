import { fitExponent, type FittedExponent } from '../../../core/audit/fitExponent.ts';
import { exponent, type EntryExponent } from '../../../core/audit/metrics/exponent.ts';
import { message, type Message } from '../../../core/message/message.ts';
import type { CountPlan, PlanEntry, PoolPlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../../database/connections.ts';
import { insideSql } from '../../answers/log.ts';
import { instantOf } from '../../answers/instant.ts';
import { u32At } from '../../../core/valueAt.ts';
import { numberIn } from '../../database/numberIn.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { userCounts, userEntries } from '../groupCounts.ts';
import { exposedPairs } from '../exposedPairs.ts';
import { inputItems } from '../itemCounts.ts';
import type { Phase } from '../phase.ts';
import { SharedTables } from '../sharedTables.ts';

const label = message('Fitting the popularity exponent');
/** Pairs of user and item are held in memory. */
const mostPairs = 20e6;

/** How the draws of each pool follow the popularity of the items. */
export const exponentPhase: Phase = {
  label,
  metrics: ['exponent'],
  lacks: (world) =>
    !world.sample.hasLabel()
      ? message('there is no label column')
      : !world.sample.has('user')
        ? message('there is no user column')
        : world.inputs === null
          ? null
          : (world.differentIds('user') ?? world.differentIds('item')),
  async run(world, work) {
    const { sample, request, inputs } = world;
    const isNamed = sample.has('entry') || sample.has('source');
    if (!isNamed || inputs === null || request.plan === null) {
      const entries = await fitAll(world, [await unnamed(world, work)], work);
      return { exponent: exponent.of({ entries, notFitted: [], fromLog: inputs !== null }) };
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
    return { exponent: exponent.of({ entries, notFitted, fromLog: true }) };
  },
};

/** Why the counts of a pool cannot be computed again from the log; null if they can. */
function lacksCounts({ request, sample, inputs }: AuditWorld, entry: PlanEntry, pool: PoolPlan): Message | null {
  const same = request.plan?.entries.filter(({ source }) => source === entry.source) ?? [];
  if (!sample.has('entry') && same.length > 1) return message('several entries have the source {0}', entry.source);
  if (pool.partition !== null) return message('each value of an attribute has a pool of its own');
  if (inputs?.data.items === undefined)
    return message('the config has no {0}, which is the input of this stage', 'data.items');
  if (pool.weight !== null && pool.weight.count !== 'exposures' && pool.weight.count.asOf === 'day')
    return message('each day has counts of its own');
  if (inputs.matched.hasPositives) return message('events without an impression count too');
  return null;
}

/** The draws of an entry from its pool, without its rows. */
interface EntryPool extends FitInput {
  readonly entry: string | null;
  /** Negatives of the entry. */
  readonly negatives: number;
  /** The exponent of the config. Null: it names none. */
  readonly declared: number | null;
  readonly smoothing: number;
}

/** Fits each exponent. Entries with the same items, or the same exclusion, share its table. */
async function fitAll(world: AuditWorld, pools: readonly EntryPool[], work: Work): Promise<EntryExponent[]> {
  const shared = new SharedTables(
    world.tables,
    label,
    pools.flatMap(({ items, excluded }) => [items, excluded]),
  );
  const entries: EntryExponent[] = [];
  try {
    for (const { entry, negatives, declared, smoothing, ...input } of pools) {
      const [items, excluded] = [await shared.use(input.items, work), await shared.use(input.excluded, work)];
      const fit = await fitted(world, { ...input, items, excluded }, work);
      entries.push({ entry, rows: negatives, ...fit, declared, smoothing });
      await shared.leave(input.items);
      await shared.leave(input.excluded);
    }
  } finally {
    await shared.close();
  }
  return entries;
}

async function poolOf(world: AuditWorld, entry: PlanEntry, pool: PoolPlan, work: Work): Promise<EntryPool> {
  const { sample, inputs } = world;
  const name = sample.has('entry') ? entry.name : entry.source;
  const rows = `${sample.has('entry') ? 'entry' : 'source'} = ${quoteLiteral(name)}`;
  const { weight } = pool;
  // A uniform pool is measured on the popularity of its items, plus 1 so that items without events count.
  const smoothing = weight === null ? 1 : weight.smoothing;
  const corpus = inputs?.corpus(pool.where ? { where: pool.where } : {}) ?? '';
  const members = `SELECT DISTINCT item FROM ${corpus} WHERE item IS NOT NULL AND listed AND holds AND ${staysSql(world)}`;
  const only = pool.items === 'exposed' ? 'n > 0' : `coalesce(n, 0) + ${smoothing} > 0`;
  const items = `SELECT c.item, ln(coalesce(n, 0) + CAST(${smoothing} AS DOUBLE)) AS x FROM (${members}) c LEFT JOIN (${await countsOf(world, pool, work)}) k ON k.item = c.item WHERE ${only}`;
  const excluded =
    entry.exclude === null
      ? 'SELECT "user", item FROM (SELECT 1 AS "user", 1 AS item) WHERE false'
      : `SELECT DISTINCT "user", item FROM ${inputs?.log() ?? ''} WHERE ${world.untilSplit('time')} AND (${entry.exclude.events.map((event) => inputs?.event(event) ?? 'false').join(' OR ')})`;
  const [counted] = await world.rows(
    `SELECT coalesce(sum(n), 0) FROM ${await userEntries(world, work)} WHERE e = ${quoteLiteral(name)} AND "user" IS NOT NULL`,
    label,
    work,
  );
  const declared = weight?.exponent ?? 0;
  return { entry: entry.name, negatives: numberIn(counted), rows, items, excluded, declared, smoothing };
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
      : `SELECT item, count(*) AS n FROM ${log} WHERE ${insideSql('time', request.plan?.window.train ?? {}, request.timezone)} GROUP BY item`;
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
  return { entry: null, negatives: numberIn(counted), rows: 'true', items, excluded, declared: null, smoothing: 0 };
}

/**
 * SQL of whether an item of the corpus exists at the times of all rows. New items have few events: if items counted that
 * early rows cannot draw, uniform draws would seem to prefer popular items.
 */
function staysSql({ sample, request }: AuditWorld): string {
  const { created, removed } = request.data?.items?.columns ?? {};
  if (!sample.has('time')) return 'true';
  const at = (which: 'min' | 'max'): string => `(SELECT ${which}(time) FROM ${sample.sql})`;
  const tests = [
    ...(created ? [`(created IS NULL OR created <= ${at('min')})`] : []),
    ...(removed ? [`("removed@to" IS NULL OR "removed@to" > ${at('max')})`] : []),
  ];
  return tests.length === 0 ? 'true' : `(${tests.join(' AND ')})`;
}

interface FitInput {
  /** SQL of whether a negative counts. */
  readonly rows: string;
  /** A query of the items, or its table: `item`, and `x`, the logarithm of its count. */
  readonly items: string;
  /** A query of the pairs that are not drawn, or its table: `"user"`, `item`. */
  readonly excluded: string;
}
interface Fit {
  readonly used: number;
  readonly fitted: FittedExponent | null;
}

/** Fits the exponent to the negatives for which `rows` is true. Rows that the user excludes are left out. */
async function fitted(world: AuditWorld, input: FitInput, work: Work): Promise<Fit> {
  try {
    return await fittedIn(world, input, work);
  } finally {
    await world.tables.run('DROP TABLE IF EXISTS "fitted users"', {});
  }
}

async function fittedIn(world: AuditWorld, { rows, items, excluded }: FitInput, work: Work): Promise<Fit> {
  const { sample, tables } = world;
  const own = `SELECT "user", item FROM ${sample.sql} WHERE label = false AND "user" IS NOT NULL AND ${rows}`;
  await tables.statement(
    `CREATE TABLE "fitted users" AS SELECT *, row_number() OVER (ORDER BY "user") - 1 AS u FROM (SELECT o."user", count(*) AS n, sum(i.x) AS sum
      FROM (${own}) o JOIN ${items} i ON i.item = o.item ANTI JOIN ${excluded} e ON e."user" = o."user" AND e.item = o.item GROUP BY o."user")`,
    label,
    work,
  );
  const users = await tables.columnar('SELECT CAST(n AS DOUBLE), sum FROM "fitted users" ORDER BY u', label, work);
  const logs = await tables.columnar(`SELECT x FROM ${items}`, label, work);
  const pairs = await tables.columnar(
    `SELECT CAST(u AS INTEGER), i.x FROM ${excluded} e JOIN "fitted users" USING ("user") JOIN ${items} i ON i.item = e.item ORDER BY u LIMIT ${mostPairs + 1}`,
    label,
    work,
  );
  const counts = { rows: users.numbers(0), sums: users.numbers(1) };
  const result =
    pairs.rows > mostPairs
      ? null
      : fitExponent([
          {
            items: logs.numbers(0),
            ...counts,
            users: Uint32Array.from(counts.rows, (_, user) => user),
            excluded: pairs.numbers(1),
            starts: startsOf(pairs.unsigned(0), users.rows),
          },
        ]);
  return { used: counts.rows.reduce((sum, n) => sum + n, 0), fitted: result };
}

/** Where the pairs of each user begin; `users`: the user of each pair, ascending. */
function startsOf(users: Uint32Array, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  for (const user of users) starts[user + 1] = u32At(starts, user + 1) + 1;
  for (let k = 0; k < count; k++) starts[k + 1] = u32At(starts, k + 1) + u32At(starts, k);
  return starts;
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
