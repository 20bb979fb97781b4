import { fitExponent, type FittedExponent } from '../../core/statistics/fitExponent.ts';
import type { Message } from '../../core/message/message.ts';
import { u32At, valueAt, valueFor } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { AuditWorld } from './auditWorld.ts';
import { SharedTables } from './sharedTables.ts';
import { chosenNegatives } from './shownRows.ts';

/** Pairs of user and item are held in memory. */
const mostPairs = 20e6;

/** What negatives are drawn from. */
export interface FittedPool {
  /** The entry or source of the negatives; different for each pool. Null: all negatives. */
  readonly name: string | null;
  /** A query of the items, or its table: `item`, and `x`, the logarithm of its count. */
  readonly items: string;
  /** A query of the pairs that are not drawn, or its table: `"user"`, `item`. */
  readonly excluded: string;
  /** Whether all negatives of `excluded` are among `chosenNegatives`. */
  readonly areChosen: boolean;
}
export interface PoolFit {
  /** Negatives that the exponent is fitted to. */
  readonly used: number;
  readonly fitted: FittedExponent | null;
}

/**
 * Fits an exponent to the negatives of each pool. Rows that the user excludes are left out. Pools with the same items
 * and exclusions share their tables.
 */
export async function fitPools(
  world: AuditWorld,
  pools: readonly FittedPool[],
  label: Message,
  work: Work,
): Promise<readonly PoolFit[]> {
  const selects = pools.flatMap(({ items, excluded }) => [items, excluded]);
  const shared = new SharedTables(world.tables, label, selects);
  const fits = new Map<FittedPool, PoolFit>();
  try {
    for (const pool of pools) {
      if (fits.has(pool)) continue;
      const alike = pools.filter((one) => one === pool || isAlike(world, one, pool));
      const [items, excluded] = [await shared.use(pool.items, work), await shared.use(pool.excluded, work)];
      const names = alike.map(({ name }) => name);
      const found = await fitted(world, { names, items, excluded, areChosen: pool.areChosen }, label, work);
      for (const [k, one] of alike.entries()) {
        fits.set(one, valueAt(found, k));
        await shared.leave(one.items);
        await shared.leave(one.excluded);
      }
    }
  } finally {
    await shared.close();
  }
  return pools.map((pool) => valueFor(fits, pool));
}

/** Whether one pass counts the negatives of both. Where names are not stored once, to compare them takes too long. */
function isAlike(world: AuditWorld, one: FittedPool, other: FittedPool): boolean {
  return one.items === other.items && one.excluded === other.excluded && world.readsParquet();
}

type Counted = Omit<FittedPool, 'name'> & { readonly names: readonly (string | null)[] };

/** A fit for each name. */
async function fitted(world: AuditWorld, counted: Counted, label: Message, work: Work): Promise<readonly PoolFit[]> {
  try {
    return await fittedIn(world, counted, label, work);
  } finally {
    await world.tables.run('DROP TABLE IF EXISTS "fitted users"', {});
  }
}

async function fittedIn(world: AuditWorld, counted: Counted, label: Message, work: Work): Promise<readonly PoolFit[]> {
  const { tables } = world;
  const { names, items, excluded } = counted;
  const sums = names.map((_, k) => {
    const sum = (of: string): string => `coalesce(sum(${of}) FILTER (WHERE k = ${k}), 0)`;
    return `${sum('n')} AS n${k}, ${sum('x')} AS x${k}`;
  });
  const some = names.map((_, k) => `n${k} > 0`).join(' OR ');
  await tables.statement(
    `CREATE TABLE "fitted users" AS SELECT *, row_number() OVER (ORDER BY "user") - 1 AS u FROM (SELECT "user", ${sums.join(', ')} FROM (${await drawnSql(world, counted, work)}) GROUP BY "user") WHERE ${some}`,
    label,
    work,
  );
  const columns = names.map((_, k) => `CAST(n${k} AS DOUBLE), CAST(x${k} AS DOUBLE)`);
  const users = await tables.columnar(`SELECT ${columns.join(', ')} FROM "fitted users" ORDER BY u`, label, work);
  const logs = await tables.columnar(`SELECT x FROM ${items}`, label, work);
  const pairs = await tables.columnar(
    `SELECT CAST(u AS INTEGER), i.x FROM ${excluded} e JOIN "fitted users" USING ("user") JOIN ${items} i ON i.item = e.item ORDER BY u LIMIT ${mostPairs + 1}`,
    label,
    work,
  );
  const pool =
    pairs.rows > mostPairs
      ? null
      : {
          items: logs.numbers(0),
          users: Uint32Array.from({ length: users.rows }, (_, user) => user),
          excluded: pairs.numbers(1),
          starts: startsOf(pairs.unsigned(0), users.rows),
        };
  return names.map((_, k) => {
    const [rows, logsOfRows] = [users.numbers(2 * k), users.numbers(2 * k + 1)];
    const used = rows.reduce((sum, n) => sum + n, 0);
    return { used, fitted: pool && fitExponent([{ ...pool, rows, sums: logsOfRows }]) };
  });
}

/**
 * A query of the negatives that count: `"user"`, the number `k` of their name, their number `n`, and Σ x of their
 * items.
 */
async function drawnSql(
  world: AuditWorld,
  { names, items, excluded, areChosen }: Counted,
  work: Work,
): Promise<string> {
  const { sample } = world;
  const own = kindSql(names, sample.has('entry') ? 'entry' : 'source');
  const rows = `SELECT "user", item, ${own.kind} AS k FROM ${sample.sql} WHERE label = false AND "user" IS NOT NULL AND ${own.holds}`;
  const joined = `(${rows}) s JOIN ${items} i ON i.item = s.item`;
  const isExcluded = `${excluded} e ON e."user" = s."user" AND e.item = s.item`;
  const sums = 's."user", k, count(*) AS n, sum(i.x) AS x';
  if (!areChosen) return `SELECT ${sums} FROM ${joined} ANTI JOIN ${isExcluded} GROUP BY s."user", k`;
  // To look up each row takes long. The few rows that are excluded are known.
  const less = kindSql(names, 's.entry');
  return `SELECT ${sums} FROM ${joined} GROUP BY s."user", k
    UNION ALL SELECT s."user", ${less.kind} AS k, -n, -n * i.x FROM ${await chosenNegatives(world, work)} s JOIN ${items} i ON i.item = s.item SEMI JOIN ${isExcluded} WHERE ${less.holds}`;
}

/** SQL of the number of a name, and of whether a row has one of the names. `column`: has the name of a row. */
function kindSql(names: readonly (string | null)[], column: string): { readonly kind: string; readonly holds: string } {
  const [name = null] = names;
  if (name === null) return { kind: '0', holds: 'true' };
  if (names.length === 1) return { kind: '0', holds: `${column} = ${quoteLiteral(name)}` };
  // DuckDB calls a function of a column once for each name that Parquet has stored.
  const kind = `map {${names.map((own, k) => `${quoteLiteral(own ?? '')}: ${k}`).join(', ')}}[${column}]`;
  return { kind, holds: `${kind} IS NOT NULL` };
}

/** Where the pairs of each user begin; `users`: the user of each pair, ascending. */
function startsOf(users: Uint32Array, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  for (const user of users) starts[user + 1] = u32At(starts, user + 1) + 1;
  for (let k = 0; k < count; k++) starts[k + 1] = u32At(starts, k + 1) + u32At(starts, k);
  return starts;
}
