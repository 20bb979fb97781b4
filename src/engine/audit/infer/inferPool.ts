import { fitExponent, type ExponentCounts } from '../../../core/statistics/fitExponent.ts';
import { message } from '../../../core/message/message.ts';
import { f64At, u32At } from '../../../core/valueAt.ts';
import type { InferAnswer, InferredPool, PoolCounts } from '../../../protocol/infer.ts';
import type { Work } from '../../database/connections.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { attributeSql } from '../byColumn.ts';
import { localSql } from '../localTime.ts';
import { ofEntries } from './ofEntries.ts';

const label = message('Inferring the counts of a pool');

interface Pool {
  readonly entry: string;
  /** What all items of the pool have in common. */
  readonly constant: InferAnswer['constant'];
}

/** Share of the rows that counts may fail to explain. */
const mostImpossible = 0.001;
/** Natural logarithm of how much more likely the rows must be before narrower counts are believed. */
const enough = 10;
const windows = [30, 14, 7, 3, 1];

/**
 * The counts that explain the draws of a pool, from wide to narrow: one table of the whole log, a table for each value of
 * a user attribute, the counts before each day, the counts of some days. Narrower counts are believed if they explain
 * all rows and make them much more likely.
 */
export async function inferPool(world: AuditWorld, pool: Pool, work: Work): Promise<InferredPool> {
  const wide: PoolCounts = { groupBy: null, asOf: 'cut', window: null };
  let best = await tried(world, pool, wide, work);
  const narrow = async (counts: readonly PoolCounts[]): Promise<void> => {
    const all = [];
    for (const one of counts) all.push(await tried(world, pool, one, work));
    for (const one of all)
      if (one.impossible <= one.rows * mostImpossible && one.likelihood > best.likelihood + enough) best = one;
  };
  const { sample, request } = world;
  await narrow((request.data?.users?.attributes ?? []).map((groupBy) => ({ ...best.counts, groupBy })));
  if (sample.has('time')) await narrow([{ ...best.counts, asOf: 'day' }]);
  await narrow(windows.map((window) => ({ ...best.counts, window })));
  const { counts, rows, impossible, exponent } = best;
  return { entry: pool.entry, ...counts, rows, impossible, exponent };
}

interface Tried extends Pick<InferredPool, 'rows' | 'impossible' | 'exponent'> {
  readonly counts: PoolCounts;
  /** Natural logarithm of the likelihood of the rows that are possible. */
  readonly likelihood: number;
}

async function tried(world: AuditWorld, pool: Pool, counts: PoolCounts, work: Work): Promise<Tried> {
  const found = await world.tables.columnar(drawsSql(world, pool, counts), label, work);
  const kinds = found.numbers(0);
  const first = (kind: number): number => {
    const at = kinds.findIndex((one) => one >= kind);
    return at === -1 ? found.rows : at;
  };
  const [groups, pairs] = [first(GROUP), first(EXCLUDED)];
  const parts = [
    { from: 0, to: groups },
    { from: groups, to: pairs },
    { from: pairs, to: found.rows },
  ].map(({ from, to }) => [1, 2, 3, 4, 5, 6].map((column) => found.numbers(column).subarray(from, to)));
  const [items = none, drawn = none, excluded = none] = parts.map(byTable);
  const rows = sumOf(parts[1]?.[3] ?? empty);
  const tables = [...drawn].map(([id, own]) => tableOf(own, items.get(id) ?? noRows, excluded.get(id) ?? noRows));
  const possible = tables.reduce((sum, table) => sum + sumOf(table.rows), 0);
  const fit = fitExponent(tables);
  return {
    counts,
    rows,
    impossible: rows - possible,
    exponent: fit && { value: fit.value, low: fit.low, high: fit.high },
    likelihood: fit?.likelihood ?? -Infinity,
  };
}

/** Kinds of the rows of `drawsSql`: items of a table come before. */
const [GROUP, EXCLUDED] = [1, 2];
/** Number of the table, and the values of a row by column. */
type Part = readonly Float64Array[];

const empty = new Float64Array();
const noRows: Part = [];
const none: ReadonlyMap<number, Part> = new Map();
const sumOf = (values: Float64Array): number => values.reduce((sum, n) => sum + n, 0);

/** The rows of each table; they are sorted by its number. */
function byTable(part: Part): Map<number, Part> {
  const [ids = empty] = part;
  const found = new Map<number, Part>();
  for (let from = 0; from < ids.length;) {
    let to = from;
    while (to < ids.length && f64At(ids, to) === f64At(ids, from)) to++;
    found.set(
      f64At(ids, from),
      part.map((values) => values.subarray(from, to)),
    );
    from = to;
  }
  return found;
}

function tableOf(drawn: Part, [, items = empty]: Part, [, groups = empty, excluded = empty]: Part): ExponentCounts {
  const [, , users = empty, , rows = empty, sums = empty] = drawn;
  const starts = new Uint32Array(rows.length + 1);
  for (const group of groups) starts[group + 1] = u32At(starts, group + 1) + 1;
  for (let k = 0; k < rows.length; k++) starts[k + 1] = u32At(starts, k + 1) + u32At(starts, k);
  return { items, rows, sums, users: Uint32Array.from(users), excluded, starts };
}

/**
 * SQL of the tables of counts. Columns: kind of the row, number of the table, and for
 * items: logarithm of the count;
 * groups, one for each user of a table: number of the group, from 0, number of the user, drawn rows, those of items with a
 * count, and the sum of their logarithms;
 * excluded items, which the user has chosen and does not have as a negative: number of the group, logarithm of the count.
 */
function drawsSql(world: AuditWorld, { entry, constant }: Pool, { groupBy, asOf, window }: PoolCounts): string {
  const { sample, inputs, request } = world;
  const { timezone } = request;
  const attribute = groupBy === null || inputs === null ? null : attributeSql(inputs, 'users', groupBy);
  const joined = (alias: string): string =>
    attribute === null ? '' : ` LEFT JOIN ${attribute} a ON a.id = ${alias}."user"`;
  const value = attribute === null ? "''" : 'a.value';
  const local = (time: string): string => `CAST(${localSql(time, timezone)} AS DATE)`;
  const log = inputs?.log() ?? '';
  const cut = `(SELECT max(day) FROM positives)`;
  // A table of a day has the days before it; the table of the cut has all days.
  const before = asOf === 'day' ? 'p.day < t.d' : 'true';
  const since = window === null ? 'true' : asOf === 'day' ? `p.day >= t.d - ${window}` : `p.day > ${cut} - ${window}`;
  const members = constant.map(
    ({ attribute: name, value: own }) =>
      `p.item IN (SELECT id FROM ${inputs === null ? '' : (attributeSql(inputs, 'items', name) ?? '')} WHERE value = ${quoteLiteral(own)})`,
  );
  return `WITH own AS MATERIALIZED (SELECT s."user", s.item, ${asOf === 'day' ? local('s.time') : "DATE '2000-01-01'"} AS d, ${value} AS v FROM ${sample.sql} s${joined('s')} WHERE ${ofEntries(world, [entry], 's')}),
    tables AS MATERIALIZED (SELECT d, v, row_number() OVER (ORDER BY d, v) AS id FROM own GROUP BY d, v),
    chosen AS MATERIALIZED (SELECT DISTINCT "user", item FROM ${log} WHERE ${world.isPositive()} AND ${world.untilSplit('time')}),
    positives AS MATERIALIZED (SELECT p.* FROM (SELECT l.item, ${local('l.time')} AS day, ${value} AS v, count(*) AS n FROM ${log} l${joined('l')} WHERE ${world.isPositive()} AND ${world.beforeCut('l.time')} GROUP BY ALL) p WHERE ${['true', ...members].join(' AND ')}),
    counts AS (SELECT t.id, p.item, sum(p.n) AS c FROM tables t JOIN positives p ON p.v IS NOT DISTINCT FROM t.v AND ${before} AND ${since} GROUP BY ALL),
    logs AS MATERIALIZED (SELECT id, item, ln(c) AS x FROM counts),
    groups AS MATERIALIZED (SELECT t.id, o."user", row_number() OVER (PARTITION BY t.id ORDER BY o."user") - 1 AS g, dense_rank() OVER (ORDER BY o."user") - 1 AS u, count(*) AS n, count(l.x) AS known, coalesce(sum(l.x), 0) AS s
      FROM own o JOIN tables t ON t.d = o.d AND t.v IS NOT DISTINCT FROM o.v LEFT JOIN logs l ON l.id = t.id AND l.item = o.item GROUP BY t.id, o."user")
  SELECT ${['kind', 'id', 'a', 'b', 'c', 'd', 'e'].map((column) => `CAST(${column} AS DOUBLE)`).join(', ')} FROM (
    SELECT 0 AS kind, id, x AS a, 0 AS b, 0 AS c, 0 AS d, 0 AS e FROM logs
    UNION ALL SELECT ${GROUP}, id, g, u, n, known, s FROM groups
    UNION ALL SELECT ${EXCLUDED}, g.id, g.g, l.x, 0, 0, 0 FROM groups g JOIN chosen e ON e."user" = g."user" JOIN logs l ON l.id = g.id AND l.item = e.item ANTI JOIN own o ON o."user" = e."user" AND o.item = e.item
  ) ORDER BY kind, id, a, b`;
}
