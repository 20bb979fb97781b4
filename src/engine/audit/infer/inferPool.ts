import { fittedTilt, type TiltedDraws } from '../../../core/audit/fittedTilt.ts';
import { Z95 } from '../../../core/audit/normalQuantile.ts';
import { message } from '../../../core/message/message.ts';
import { f64At } from '../../../core/valueAt.ts';
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
  const [strata, logs, drawn, expected] = [0, 1, 2, 3].map((column) => found.numbers(column));
  const tables: TiltedDraws[] = [];
  let [rows, possible] = [0, 0];
  for (let from = 0; from < found.rows;) {
    let to = from;
    while (to < found.rows && f64At(strata ?? empty, to) === f64At(strata ?? empty, from)) to++;
    const part = (values: Float64Array | undefined): Float64Array => (values ?? empty).subarray(from, to);
    const table = tableOf(part(logs), part(drawn), part(expected));
    rows += table.rows;
    possible += table.draws;
    if (table.draws > 0) tables.push(table);
    from = to;
  }
  const fit = fittedTilt(tables);
  return {
    counts,
    rows,
    impossible: rows - possible,
    exponent: fit && { value: fit.tilt, low: fit.tilt - Z95 * fit.error, high: fit.tilt + Z95 * fit.error },
    likelihood: fit === null ? -Infinity : tables.reduce((sum, table) => sum + likelihoodOf(table, fit.tilt), 0),
  };
}

const empty = new Float64Array();

/** Items without a count have a NaN as logarithm: their rows are impossible. */
function tableOf(
  logs: Float64Array,
  drawn: Float64Array,
  expected: Float64Array,
): TiltedDraws & { readonly rows: number } {
  const known = [...logs.keys()].filter((k) => !Number.isNaN(f64At(logs, k)));
  const pick = (values: Float64Array): Float64Array => Float64Array.from(known, (k) => f64At(values, k));
  const [ownLogs, ownDrawn] = [pick(logs), pick(drawn)];
  return {
    expected: pick(expected),
    logs: ownLogs,
    draws: ownDrawn.reduce((sum, n) => sum + n, 0),
    observed: ownDrawn.reduce((sum, n, k) => sum + n * f64At(ownLogs, k), 0),
    rows: drawn.reduce((sum, n) => sum + n, 0),
  };
}

function likelihoodOf({ expected, logs, draws, observed }: TiltedDraws, exponent: number): number {
  let mass = 0;
  for (let k = 0; k < logs.length; k++) mass += f64At(expected, k) * Math.exp(exponent * f64At(logs, k));
  return exponent * observed - draws * Math.log(mass);
}

/**
 * SQL of the tables of counts: number of the table, logarithm of the count of an item, its drawn rows, and the share of
 * the draws for which its user has not chosen the item.
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
    tables AS MATERIALIZED (SELECT d, v, count(*) AS n, row_number() OVER (ORDER BY d, v) AS id FROM own GROUP BY d, v),
    chosen AS MATERIALIZED (SELECT DISTINCT "user", item FROM ${log} WHERE ${world.isPositive()} AND ${world.untilSplit('time')}),
    positives AS MATERIALIZED (SELECT p.* FROM (SELECT l.item, ${local('l.time')} AS day, ${value} AS v, count(*) AS n FROM ${log} l${joined('l')} WHERE ${world.isPositive()} AND ${world.beforeCut('l.time')} GROUP BY ALL) p WHERE ${['true', ...members].join(' AND ')}),
    counts AS (SELECT t.id, p.item, sum(p.n) AS c FROM tables t JOIN positives p ON p.v IS NOT DISTINCT FROM t.v AND ${before} AND ${since} GROUP BY ALL),
    drawn AS (SELECT t.id, o.item, count(*) AS k FROM own o JOIN tables t ON t.d = o.d AND t.v IS NOT DISTINCT FROM o.v GROUP BY ALL),
    excluded AS (SELECT t.id, e.item, count(*) / any_value(t.n) AS share FROM own o JOIN tables t ON t.d = o.d AND t.v IS NOT DISTINCT FROM o.v JOIN chosen e ON e."user" = o."user" GROUP BY ALL)
  SELECT CAST(coalesce(c.id, k.id) AS DOUBLE) AS id, coalesce(ln(c.c), CAST('nan' AS DOUBLE)), CAST(coalesce(k.k, 0) AS DOUBLE), CAST(greatest(1 - coalesce(x.share, 0), 0) AS DOUBLE)
  FROM counts c FULL JOIN drawn k ON k.id = c.id AND k.item = c.item LEFT JOIN excluded x ON x.id = c.id AND x.item = c.item ORDER BY 1, coalesce(c.item, k.item)`;
}
