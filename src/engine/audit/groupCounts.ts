import { failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { AuditWorld } from './auditWorld.ts';
import { entrySql } from './entrySql.ts';
import { overviewOf, type Overview } from './overview.ts';

const label = message('Counting groups');
/** Entries with columns of their own; files of other tools may have thousands of sources. */
const mostEntries = 16;
/** Exponents that differ by less have summands in the range of doubles. */
const widest = 600;

/** The rows of each group, counted in one pass over the sample. */
export interface GroupCounts {
  /**
   * A FROM item with a row for each group: the columns of its key; `"user"` if the sample has users; `r` rows, `n`
   * negatives, `p` positives. For entry number k: `n<k>` negatives, and of those with a correction their number `c<k>`
   * and Σ exp(−correction − most) `x<k>`.
   */
  readonly sql: string;
  readonly key: readonly string[];
  /** The entries that have columns. Null if nothing names them, or if there are too many. */
  readonly entries: readonly (string | null)[] | null;
  /** What the exponents of `x<k>` are relative to. Null without corrections, or if they differ by too much. */
  readonly most: number | null;
}

/** The groups of the rows. Null if the columns do not identify groups. */
export async function groupCounts(world: AuditWorld, work: Work): Promise<GroupCounts | null> {
  const { sample } = world;
  const key = sample.groupKey();
  if (key === null) return null;
  const overview = await overviewOf(world, work);
  const found = overview.entries?.map(({ entry }) => entry) ?? null;
  const entries = found !== null && found.length <= mostEntries ? found : null;
  const { corrections } = overview;
  const most =
    entries !== null && corrections !== null && corrections.largest - corrections.least < widest
      ? corrections.largest
      : null;
  const { isPositive, isNegative } = labelSql(world);
  const names = entries ?? [];
  const of = entrySql(world, overview, names);
  const sums = entries === null ? null : labelSums(overview, entries.length);
  const columns = [
    ...key,
    ...(sample.has('user') && !key.includes('"user"') ? ['any_value("user") AS "user"'] : []),
    'count(*) AS r',
    ...(sums === null
      ? [`count(*) FILTER (WHERE ${isNegative}) AS n`, `count(*) FILTER (WHERE ${isPositive}) AS p`]
      : []),
    ...names.map((_, k) => `${of.count(k)} AS n${k}`),
    ...(most === null
      ? []
      : names.flatMap((_, k) => [
          // If no correction is missing, the negatives are counted already.
          corrections?.missing === 0 ? `n${k} AS c${k}` : `${of.countOf(k, '"@part"')} AS c${k}`,
          `${of.sumOf(k, '"@part"')} AS x${k}`,
        ])),
  ];
  const more = [of.column, ...(most === null ? [] : [`exp(-logq_correction - CAST(${most} AS DOUBLE)) AS "@part"`])];
  const rows = `SELECT ${columns.join(', ')} FROM (SELECT *, ${more.join(', ')} FROM ${sample.sql}) GROUP BY ${key.join(', ')}`;
  const select = sums === null ? rows : `SELECT *, ${sums} FROM (${rows})`;
  return { sql: await world.counted('groups', select, label, work), key, entries, most };
}

/**
 * The groups of the rows for a figure that does not need them; null also if a value of their key cannot be read, such as a
 * time, because the figure does not depend on it.
 */
export async function readableGroups(world: AuditWorld, work: Work): Promise<GroupCounts | null> {
  try {
    return await groupCounts(world, work);
  } catch (error) {
    if (failureOf(error).code === 'bad-request') return null;
    throw error;
  }
}

/**
 * Rows of each user as a FROM item: `"user"`, `r` rows, `n` negatives, `p` positives, and `n<k>` of `GroupCounts` if the
 * groups have users. One row is that of the rows without a user. The sample must have users.
 */
export async function userCounts(world: AuditWorld, work: Work): Promise<string> {
  const { isPositive, isNegative } = labelSql(world);
  const groups = world.sample.hasLabel() ? await readableGroups(world, work) : null;
  const sums = ['r', 'n', 'p', ...(groups?.entries ?? []).map((_, k) => `n${k}`)];
  const select =
    groups?.key.includes('"user"') === true
      ? `SELECT "user", ${sums.map((n) => `CAST(sum(${n}) AS BIGINT) AS ${n}`).join(', ')} FROM ${groups.sql} GROUP BY "user"`
      : `SELECT "user", count(*) AS r, count(*) FILTER (WHERE ${isNegative}) AS n, count(*) FILTER (WHERE ${isPositive}) AS p FROM ${world.sample.sql} GROUP BY "user"`;
  return await world.counted('users', select, label, work);
}

/** Number of rows without a user. The sample must have users. */
export async function rowsWithoutUser(world: AuditWorld, work: Work): Promise<number> {
  const [row] = await world.rows(
    `SELECT coalesce(sum(r), 0) FROM ${await userCounts(world, work)} WHERE "user" IS NULL`,
    label,
    work,
  );
  return numberIn(row);
}

/** Negatives of each user by entry, as a FROM item: `e`, `"user"`, `n`. The sample must have users and a label. */
export async function userEntries(world: AuditWorld, work: Work): Promise<string> {
  const entry = world.sample.entryColumn();
  const groups = await readableGroups(world, work);
  if (groups?.key.includes('"user"') !== true || (entry !== null && groups.entries === null))
    return await world.counted(
      'users by entry',
      `SELECT ${entry ?? 'CAST(NULL AS VARCHAR)'} AS e, "user", count(*) AS n FROM ${world.sample.sql} WHERE label = false GROUP BY ALL`,
      label,
      work,
    );
  const name = (of: string | null): string => (of === null ? 'CAST(NULL AS VARCHAR)' : quoteLiteral(of));
  const counts = groups.entries?.map((own, k) => ({ entry: name(own), n: `n${k}` })) ?? [{ entry: name(null), n: 'n' }];
  const users = await userCounts(world, work);
  const parts = counts.map(({ entry: e, n }) => `SELECT ${e} AS e, "user", ${n} AS n FROM ${users} WHERE ${n} > 0`);
  return counts.length === 0
    ? '(SELECT CAST(NULL AS VARCHAR) AS e, NULL AS "user", 0 AS n WHERE false)'
    : `(${parts.join(' UNION ALL ')})`;
}

/**
 * SQL of the negatives `n` and positives `p` of counted rows `r` with `entries` columns `n<k>`: a count of the rows with a
 * label takes much longer. Null if the entries are not all, or if there are rows without a label.
 */
export function labelSums({ rows, positives, negatives, entries: all }: Overview, entries: number): string | null {
  if (entries === 0 || all?.length !== entries || rows !== positives + negatives) return null;
  const n = Array.from({ length: entries }, (_, k) => `n${k}`).join(' + ');
  return `${n} AS n, r - (${n}) AS p`;
}

function labelSql({ sample }: AuditWorld): { readonly isPositive: string; readonly isNegative: string } {
  return sample.hasLabel()
    ? { isPositive: 'label = true', isNegative: 'label = false' }
    : { isPositive: 'false', isNegative: 'false' };
}
