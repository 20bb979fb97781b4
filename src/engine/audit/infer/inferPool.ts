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

const progressText = message('Inferring the counts of a pool');

interface Pool {
  readonly entry: string;
  /** Attribute values that all items of the pool share. */
  readonly constant: InferAnswer['constant'];
}

/** Narrower counts may leave at most this share of the drawn rows unexplained. */
const MAX_IMPOSSIBLE_SHARE = 0.001;
/** Narrower counts are accepted only if the log-likelihood of the rows rises by more than this. */
const MIN_LOG_LIKELIHOOD_GAIN = 10;
const WINDOW_DAYS = [30, 14, 7, 3, 1];

/**
 * Infers which popularity counts explain the draws of a pool. Starts with the counts of the whole log, then tries
 * narrower ones: counts per value of a user attribute, counts before each day, counts of the last days. Narrower counts
 * are accepted if they explain nearly all rows and make them much more likely.
 */
export async function inferPool(world: AuditWorld, pool: Pool, work: Work): Promise<InferredPool> {
  let best = await fitCounts(world, pool, { groupBy: null, asOf: 'cut', window: null }, work);
  const narrow = async (candidates: readonly PoolCounts[]): Promise<void> => {
    const fits = [];
    for (const counts of candidates) fits.push(await fitCounts(world, pool, counts, work));
    for (const fit of fits)
      if (
        fit.impossible <= fit.rows * MAX_IMPOSSIBLE_SHARE &&
        fit.logLikelihood > best.logLikelihood + MIN_LOG_LIKELIHOOD_GAIN
      )
        best = fit;
  };
  const { sample, request } = world;
  await narrow((request.data?.users?.attributes ?? []).map((groupBy) => ({ ...best.counts, groupBy })));
  if (sample.has('time')) await narrow([{ ...best.counts, asOf: 'day' }]);
  await narrow(WINDOW_DAYS.map((window) => ({ ...best.counts, window })));
  const { counts, rows, impossible, exponent } = best;
  return { entry: pool.entry, ...counts, rows, impossible, exponent };
}

interface PoolFit extends Pick<InferredPool, 'rows' | 'impossible' | 'exponent'> {
  readonly counts: PoolCounts;
  /** Natural logarithm of the likelihood of the possible rows; −Infinity if no exponent fits. */
  readonly logLikelihood: number;
}

async function fitCounts(world: AuditWorld, pool: Pool, counts: PoolCounts, work: Work): Promise<PoolFit> {
  const result = await world.tables.columnar(drawsSql(world, pool, counts), progressText, work);
  const kinds = result.numbers(0);
  const startOf = (kind: number): number => {
    const index = kinds.findIndex((other) => other >= kind);
    return index === -1 ? result.rows : index;
  };
  const columnsOf = (kind: number): Columns =>
    [1, 2, 3, 4, 5, 6].map((column) => result.numbers(column).subarray(startOf(kind), startOf(kind + 1)));
  const [items, excluded] = [byTable(columnsOf(ITEM)), byTable(columnsOf(EXCLUDED))];
  const groups = columnsOf(GROUP);
  const tables = [...byTable(groups)].map(([id, tableGroups]) =>
    tableOf(tableGroups, items.get(id) ?? [], excluded.get(id) ?? []),
  );
  const [, , , drawnRows = empty] = groups;
  const rows = sumOf(drawnRows);
  const fit = fitExponent(tables);
  return {
    counts,
    rows,
    impossible: rows - tables.reduce((sum, table) => sum + sumOf(table.rows), 0),
    exponent: fit && { value: fit.value, low: fit.low, high: fit.high },
    logLikelihood: fit?.likelihood ?? -Infinity,
  };
}

/** Kinds of the rows of `drawsSql`, in their order. */
const [ITEM, GROUP, EXCLUDED] = [0, 1, 2];
/** Columns 1 to 6 of `drawsSql` for rows of one kind: the number of the table, then the values of the kind. */
type Columns = readonly Float64Array[];

const empty = new Float64Array();
const sumOf = (values: Float64Array): number => values.reduce((sum, n) => sum + n, 0);

/** Splits rows, which are sorted by table, into the rows of each table. */
function byTable(columns: Columns): Map<number, Columns> {
  const [ids = empty] = columns;
  const tables = new Map<number, Columns>();
  for (let from = 0; from < ids.length;) {
    let to = from;
    while (to < ids.length && f64At(ids, to) === f64At(ids, from)) to++;
    tables.set(
      f64At(ids, from),
      columns.map((values) => values.subarray(from, to)),
    );
    from = to;
  }
  return tables;
}

function tableOf(
  groups: Columns,
  [, items = empty]: Columns,
  [, excludedGroups = empty, excluded = empty]: Columns,
): ExponentCounts {
  const [, , users = empty, , rows = empty, sums = empty] = groups;
  const starts = new Uint32Array(rows.length + 1);
  for (const group of excludedGroups) starts[group + 1] = u32At(starts, group + 1) + 1;
  for (let k = 0; k < rows.length; k++) starts[k + 1] = u32At(starts, k + 1) + u32At(starts, k);
  return { items, rows, sums, users: Uint32Array.from(users), excluded, starts };
}

/**
 * SQL of the draws and of the tables of counts that may explain them. There is one table for each day and attribute
 * value, and one group for each user of a table. The first columns are the kind of the row and the number of the table.
 * The others depend on the kind:
 * - `ITEM`: logarithm of the item's count
 * - `GROUP`: number of the group in its table, number of the user, drawn rows, drawn rows whose item has a count, sum of
 *   the logarithms of these counts
 * - `EXCLUDED`, an item that the pool cannot draw because it is a positive of the user: number of the group, logarithm
 *   of the item's count. Items that were drawn for the user are left out.
 */
function drawsSql(world: AuditWorld, { entry, constant }: Pool, { groupBy, asOf, window }: PoolCounts): string {
  const { sample, inputs, request } = world;
  const { timezone } = request;
  const attribute = groupBy === null || inputs === null ? null : attributeSql(inputs, 'users', groupBy);
  const joinAttribute = (alias: string): string =>
    attribute === null ? '' : ` LEFT JOIN ${attribute} a ON a.id = ${alias}."user"`;
  const value = attribute === null ? "''" : 'a.value';
  const dayOf = (time: string): string => `CAST(${localSql(time, timezone)} AS DATE)`;
  const log = inputs?.log() ?? '';
  const cut = `(SELECT max(day) FROM positives)`;
  // The table of a day counts earlier days only. The table of the cut counts all days.
  const isBefore = asOf === 'day' ? 'p.day < t.day' : 'true';
  const isInWindow =
    window === null ? 'true' : asOf === 'day' ? `p.day >= t.day - ${window}` : `p.day > ${cut} - ${window}`;
  const isInPool = constant.map(
    ({ attribute: name, value: text }) =>
      `p.item IN (SELECT id FROM ${inputs === null ? '' : (attributeSql(inputs, 'items', name) ?? '')} WHERE value = ${quoteLiteral(text)})`,
  );
  return `WITH draws AS MATERIALIZED (
      SELECT s."user", s.item, ${asOf === 'day' ? dayOf('s.time') : "DATE '2000-01-01'"} AS day, ${value} AS value
      FROM ${sample.sql} s${joinAttribute('s')} WHERE ${ofEntries(world, [entry], 's')}),
    tables AS MATERIALIZED (
      SELECT day, value, row_number() OVER (ORDER BY day, value) AS id FROM draws GROUP BY day, value),
    chosen AS MATERIALIZED (
      SELECT DISTINCT "user", item FROM ${log} WHERE ${world.isPositive()} AND ${world.untilSplit('time')}),
    positives AS MATERIALIZED (SELECT p.* FROM (
        SELECT l.item, ${dayOf('l.time')} AS day, ${value} AS value, count(*) AS n
        FROM ${log} l${joinAttribute('l')} WHERE ${world.isPositive()} AND ${world.beforeCut('l.time')} GROUP BY ALL
      ) p WHERE ${['true', ...isInPool].join(' AND ')}),
    counts AS (
      SELECT t.id, p.item, sum(p.n) AS n
      FROM tables t JOIN positives p ON p.value IS NOT DISTINCT FROM t.value AND ${isBefore} AND ${isInWindow} GROUP BY ALL),
    logs AS MATERIALIZED (SELECT id, item, ln(n) AS log_count FROM counts),
    groups AS MATERIALIZED (
      SELECT t.id, d."user", row_number() OVER (PARTITION BY t.id ORDER BY d."user") - 1 AS group_number,
        dense_rank() OVER (ORDER BY d."user") - 1 AS user_number,
        count(*) AS drawn, count(l.log_count) AS counted, coalesce(sum(l.log_count), 0) AS log_sum
      FROM draws d JOIN tables t ON t.day = d.day AND t.value IS NOT DISTINCT FROM d.value
      LEFT JOIN logs l ON l.id = t.id AND l.item = d.item GROUP BY t.id, d."user")
  SELECT ${['kind', 'id', 'v1', 'v2', 'v3', 'v4', 'v5'].map((column) => `CAST(${column} AS DOUBLE)`).join(', ')} FROM (
    SELECT ${ITEM} AS kind, id, log_count AS v1, 0 AS v2, 0 AS v3, 0 AS v4, 0 AS v5 FROM logs
    UNION ALL SELECT ${GROUP}, id, group_number, user_number, drawn, counted, log_sum FROM groups
    UNION ALL SELECT ${EXCLUDED}, g.id, g.group_number, l.log_count, 0, 0, 0
      FROM groups g JOIN chosen c ON c."user" = g."user" JOIN logs l ON l.id = g.id AND l.item = c.item
      ANTI JOIN draws d ON d."user" = c."user" AND d.item = c.item
  ) ORDER BY kind, id, v1, v2`;
}
