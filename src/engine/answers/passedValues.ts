import { isFeatureTable } from '../../core/config/definition/passThrough.ts';
import { isAsOf, type PassedColumn } from '../../core/data/passThrough.ts';
import { isNested, isNumeric, type LogicalType } from '../../core/table/type.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import type { AskedTable } from '../../protocol/askedTable.ts';
import type { Work } from '../database/connections.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { longForm } from '../tables/longForm.ts';
import type { QuestionAnswerer } from './question.ts';
import { requestTimes } from '../tables/readTimes.ts';
import { roleTable } from '../tables/roleTable.ts';
import { entryRole } from '../tables/rowNames.ts';
import { countRows, examples, sampleTable } from './samples.ts';
import type { OpenTable, Tables } from '../tables/tables.ts';

type Asked = AskedQuestion<'passed-values'>;

/** A copied column whose values in the file and in its data set can be compared. */
interface Compared extends PassedColumn {
  /** SQL name of its value in the rows of the file. */
  readonly value: string;
  /** SQL of the value over the columns of the file, and over those of its data set. */
  readonly copy: string;
  readonly original: string;
}

/** Where a value comes from: rows of a data set that share a key with the row of the sample. */
interface Origin {
  readonly table: AskedTable;
  /** Roles that both sides share. */
  readonly key: readonly string[];
  /** Whether a row without a value is allowed although its origin has one. */
  readonly mayLack: boolean;
}

/**
 * Copied values that are not those of the row's own item, user, request or exposure. Where several rows of the data set
 * qualify, the value of each is accepted. So the pick order does not matter, and the rows of a healthy file never count.
 * Each origin is one join, and the file is read once for the counts.
 */
export const passedValues: QuestionAnswerer<'passed-values'> = {
  tables: ({ samples, items, users, impressions, clicks = [], candidates }) => [
    samples.ref,
    ...[items, users, impressions, ...clicks, candidates].flatMap((table) => (table ? [table.ref] : [])),
  ],
  async answer(asked, tables, work) {
    const { samples, timezone } = asked;
    const columns = comparedColumns(asked, tables);
    const table = sampleTable(tables, samples, timezone, {
      more: Object.fromEntries(columns.map(({ copy }, k) => [`value ${k}`, copy])),
      reads: columns.map(({ name }) => name),
    });
    const rows = await countRows(tables, table, work);
    const exact = columns.some(isAsOf) ? await hasExactTimes(asked, tables, table, work) : true;
    const used = columns.filter((column) => !isAsOf(column) || exact);
    if (used.length === 0) return { rows, columns: [] };
    const judged = judgedSql(asked, used, table, tables);
    const [counts = []] = await tables.rows(
      `SELECT ${used.flatMap(({ value }) => counted.map((what) => `count(*) FILTER (WHERE ${flag(what, value)})`)).join(', ')} FROM ${judged}`,
      work,
    );
    const found = [];
    for (const [k, column] of used.entries()) {
      const own = counts.slice(counted.length * k).map(Number);
      const [compared = 0, wrong = 0, foreign = 0] = own;
      const faulty = `(SELECT * FROM ${judged} WHERE ${flag('wrong', column.value)} OR ${flag('foreign', column.value)})`;
      found.push({
        name: column.name,
        compared,
        wrong,
        later: wrong > 0 && isAsOf(column) ? await countLater(column, asked, judged, tables, work) : 0,
        foreign,
        examples:
          wrong + foreign === 0
            ? []
            : await examples(tables, faulty, samples, ['user', 'item', 'request', 'time', 'source', 'entry'], work),
      });
    }
    return { rows, columns: found };
  },
};

/** The columns whose data set is there, with types that compare. */
function comparedColumns(asked: Asked, tables: Tables): Compared[] {
  const { samples, columns } = asked;
  const names = columns.map(({ name }) => name);
  const file = longForm(tables.table(samples.ref), samples, names);
  const found = columns.flatMap((column) => {
    const type = typeIn(asked, tables, column);
    const own = file.columns.find(({ name }) => name === column.name)?.type;
    // In layouts with lists, a list may be one value or one for each row.
    if (type === null || own === undefined || isNested(type) || originOf(column, asked) === null) return [];
    const [original, copy] = [comparable(column.column, type, own), comparable(column.name, own, type)];
    return original === null || copy === null ? [] : [{ ...column, original, copy }];
  });
  return found.map((column, k) => ({ ...column, value: `"value ${k}"` }));
}

function typeIn(asked: Asked, tables: Tables, column: PassedColumn): LogicalType | null {
  const from = isFeatureTable(column.from) ? undefined : asked[column.from];
  if (!from) return null;
  const table: OpenTable = tables.table(from.ref);
  return table.columns.find(({ name }) => name === column.column)?.type ?? null;
}

/**
 * SQL of a value that compares with one of another type; NULL is a text of its own. Null if the types do not compare.
 * Numbers of different types compare in single precision, because a trainer may have stored them so.
 */
function comparable(name: string, type: LogicalType, other: LogicalType): string | null {
  const x = quoteIdentifier(name);
  const text =
    JSON.stringify(type) === JSON.stringify(other)
      ? exactText(x, type)
      : isNumeric(type) && isNumeric(other)
        ? `CAST(CAST(${x} AS FLOAT) AS VARCHAR)`
        : null;
  return text === null ? null : `coalesce('=' || ${text}, '')`;
}

function originOf(
  { from, side }: PassedColumn,
  { items, users, impressions, candidates, samples }: Asked,
): Origin | null {
  const has = (role: string): boolean => Object.hasOwn(samples.columns, role);
  if (isFeatureTable(from)) return null;
  switch (from) {
    case 'items':
      return items ? { table: items, key: ['item'], mayLack: false } : null;
    case 'users':
      return users ? { table: users, key: ['user'], mayLack: false } : null;
    case 'candidates':
      return candidates ? { table: candidates, key: ['request', 'item'], mayLack: true } : null;
    case 'impressions': {
      if (!impressions || (side !== 'item' && !has('user'))) return null;
      // Values are read before the request, so the file must name it, or the positive that was in it.
      if (side === 'item')
        return has('time') &&
          (!impressions.columns.request || (has('user') && (has('request') || has('positive_item'))))
          ? { table: impressions, key: ['item'], mayLack: false }
          : null;
      // The user tier of exposed_unclicked has exposures of other requests.
      if (side === 'exposure') return { table: impressions, key: ['user', 'item'], mayLack: true };
      const request = side === 'context' && impressions.columns.request && has('request') ? ['request'] : [];
      return { table: impressions, key: ['user', ...request], mayLack: true };
    }
  }
}

/** Columns of one origin, which take one join. */
interface Joined extends Origin {
  readonly isAsOf: boolean;
  readonly columns: Compared[];
}

function joinedOf(asked: Asked, used: readonly Compared[]): Joined[] {
  const joined = new Map<string, Joined>();
  for (const column of used) {
    const origin = originOf(column, asked);
    if (origin === null) continue;
    const name = JSON.stringify([column.from, origin.key, isAsOf(column)]);
    const one = joined.get(name) ?? { ...origin, isAsOf: isAsOf(column), columns: [] };
    one.columns.push(column);
    joined.set(name, one);
  }
  return [...joined.values()];
}

/** SQL of the rows of a data set by roles, with the values of columns as `passed 0`, `passed 1`, …, and all keys. */
function originRows({ table, key, isAsOf: timed, columns }: Joined, asked: Asked, tables: Tables): string {
  const rows = roleTable(tables.table(table.ref), table, {
    timezone: asked.timezone,
    more: Object.fromEntries(columns.map(({ original }, k) => [`passed ${k}`, original])),
  });
  const needed = key.map((role) => `${quoteIdentifier(role)} IS NOT NULL`);
  return `(SELECT * FROM ${rows} WHERE ${[...needed, ...(timed ? ['"user" IS NOT NULL', 'time IS NOT NULL', 'isfinite(time)'] : [])].join(' AND ')})`;
}

/** SQL of the rows of the file with `compared x`, `wrong x` and `foreign x` for each value `x`. */
function judgedSql(asked: Asked, used: readonly Compared[], table: string, tables: Tables): string {
  const role = entryRole(asked.samples);
  const isExposed =
    asked.exposed === null || role === null
      ? 'true'
      : `(s.label OR coalesce(s.${role} IN (${['', ...asked.exposed].map(quoteLiteral).join(', ')}), true))`;
  const joins: string[] = [];
  const flags: string[] = [];
  for (const [j, joined] of joinedOf(asked, used).entries()) {
    const names = [...joined.key.map(quoteIdentifier), ...(joined.isAsOf ? ['time'] : [])].join(', ');
    const lists = joined.columns.map((_, k) => `list(DISTINCT "passed ${k}") AS "passed ${k}"`).join(', ');
    const on = joined.key.map((one) => `o${j}.${quoteIdentifier(one)} = s.${quoteIdentifier(one)}`).join(' AND ');
    joins.push(
      `${joined.isAsOf ? 'ASOF ' : ''}LEFT JOIN (SELECT ${names}, ${lists} FROM ${originRows(joined, asked, tables)} GROUP BY ALL) o${j} ON ${on}${joined.isAsOf ? ` AND s."read time" > o${j}.time` : ''}`,
    );
    for (const [k, { value, side, maxAge }] of joined.columns.entries()) {
      const passed = `o${j}."passed ${k}"`;
      const lacks = `s.${value} = ''`;
      const isOneOf = `list_contains(${passed}, s.${value})`;
      const isOwn = side === 'exposure' ? isExposed : 'true';
      const old = maxAge === null ? 'false' : `s."read time" - o${j}.time > to_microseconds(${maxAge})`;
      const isRead = 's.item IS NOT NULL AND s."read time" IS NOT NULL AND s."time@to" = s.time';
      const isForeign = side === 'exposure' ? `NOT ${isOwn}` : 'false';
      const compared = joined.isAsOf ? isRead : `(${passed} IS NOT NULL AND ${isOwn}) OR ${isForeign}`;
      const wrong = joined.isAsOf
        ? `${isRead} AND NOT CASE WHEN ${passed} IS NULL OR ${old} THEN ${lacks} ELSE ${isOneOf} END`
        : `${passed} IS NOT NULL AND NOT ${isOneOf}${joined.mayLack ? ` AND NOT ${lacks}` : ''} AND ${isOwn}`;
      flags.push(
        `coalesce(${compared}, false) AS ${flag('compared', value)}, coalesce(${wrong}, false) AS ${flag('wrong', value)}, (${isForeign} AND NOT ${lacks}) AS ${flag('foreign', value)}`,
      );
    }
  }
  return `(SELECT s.*, ${flags.join(', ')} FROM ${used.some(isAsOf) ? readRows(asked, table, tables) : table} s ${joins.join(' ')})`;
}

/** SQL of the rows of the file with their `read time`: NULL if the log does not tell which request a row is of. */
function readRows({ samples, impressions, clicks = [], timezone }: Asked, table: string, tables: Tables): string {
  const { user, request, positive_item: positive } = samples.columns;
  const logs = impressions ? [impressions, ...clicks] : [];
  const times = user ? requestTimes(tables, logs, { timezone }) : null;
  if (times !== null && request)
    return `(SELECT r.*, least(r.time, coalesce(t.time, r.time)) AS "read time" FROM ${table} r LEFT JOIN ${times} t ON t."user" = r."user" AND t.request = CAST(r.request AS VARCHAR))`;
  if (times === null || !positive) return `(SELECT *, time AS "read time" FROM ${table})`;
  const positives = logs
    .filter(({ columns }) => columns.item && columns.request && columns.time)
    .map(
      (log) =>
        `SELECT l."user", l.item, l.time, least(l.time, coalesce(t.time, l.time)) AS "read time" FROM ${roleTable(tables.table(log.ref), log, { timezone })} l LEFT JOIN ${times} t ON t."user" = l."user" AND t.request = CAST(l.request AS VARCHAR)`,
    );
  const read = `CASE WHEN min("read time") = max("read time") THEN min("read time") END AS "read time"`;
  return `(SELECT r.*, g."read time" FROM ${table} r LEFT JOIN (SELECT "user", item, time, ${read} FROM (${positives.join(' UNION ALL ')}) GROUP BY ALL) g ON g."user" = r."user" AND g.item = r.positive_item AND g.time = r.time)`;
}

/** Wrong rows whose value their item has later. */
async function countLater(column: Compared, asked: Asked, judged: string, tables: Tables, work: Work): Promise<number> {
  const [joined] = joinedOf(asked, [column]);
  if (joined === undefined) return 0;
  return await countRows(
    tables,
    `(SELECT 1 FROM ${judged} j WHERE ${flag('wrong', column.value)} AND EXISTS (SELECT 1 FROM ${originRows(joined, asked, tables)} l WHERE l.item = j.item AND l."passed 0" = j.${column.value} AND l.time >= j."read time"))`,
    work,
  );
}

const counted = ['compared', 'wrong', 'foreign'] as const;

/** Name of a flag of a value. */
function flag(what: (typeof counted)[number], value: string): string {
  return quoteIdentifier(`${what} ${value}`);
}

/** False if the file has only whole seconds and the log has not: then rows of the same second cannot be ordered. */
async function hasExactTimes(
  { impressions, timezone }: Asked,
  tables: Tables,
  table: string,
  work: Work,
): Promise<boolean> {
  if (!impressions) return false;
  const isWhole = (rows: string): string =>
    `(SELECT coalesce(bool_and(time = date_trunc('second', time)), true) FROM ${rows} WHERE time IS NOT NULL)`;
  const log = roleTable(tables.table(impressions.ref), impressions, { timezone });
  const [row = []] = await tables.rows(`SELECT ${isWhole(table)}, ${isWhole(log)}`, work);
  return row[0] !== true || row[1] === true;
}
