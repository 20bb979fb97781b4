import { message } from '../../../core/message/message.ts';
import type { NullReason } from '../../../core/sampling/passedValues.ts';
import { f64At } from '../../../core/valueAt.ts';
import { columnOf } from '../../tables/roleTable.ts';
import type { OpenTable } from '../../tables/tables.ts';
import type { Columnar } from '../../database/columnar.ts';
import type { Work } from '../../database/connections.ts';
import { exactText } from '../../sql/cellText.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { pickOrder } from '../../inputs/pickOrder.ts';
import { carriedColumn } from '../../inputs/columnNames.ts';
import { carriedAs, itemNumbers, type SampledTables } from '../../inputs/sampledTables.ts';
import { amongUsers } from '../../inputs/users/loadUsers.ts';
import { microseconds } from '../../inputs/world/within.ts';
import { asOfSelect, candidateSelect, userSelect } from '../../write/carriedTables.ts';

/** A row of a data set that gives the columns of a side. */
export interface FoundRow {
  /** Exact texts of the columns, in the order in which they were requested. */
  readonly values: readonly (string | null)[];
  /** Microseconds; null if the data set has no time. */
  readonly time: number | null;
  /** Why the row gives no value; null if it gives one. Missing for rows that always give one. */
  readonly reason?: NullReason | null;
  /** Exact texts of the columns that identify the row, by role. */
  readonly key: Readonly<Record<string, string | null>>;
}

/** The key by which the source row of a drawn row is selected. */
export interface RowPlace {
  readonly user: string;
  /** Number of the item. */
  readonly item: number;
  readonly request: string | null;
  /** Read time of the group, in microseconds. */
  readonly readTime: number;
  /** Log row in the order of `loadUsers`: the exposure of the row, or the one of its group; -1 if there is none. */
  readonly row: number;
}

/** Finds the rows of a data set from which the columns of a side are copied. */
export interface SourceReader {
  /** The key of the source row, equal for all drawn rows that share it. Null if there is no source row. */
  readonly key: (place: RowPlace) => string | null;
  /**
   * Reads the source rows of some places with distinct keys.
   * @param columns names of the columns to copy
   */
  readonly read: (
    sampled: SampledTables,
    columns: readonly string[],
    places: readonly RowPlace[],
    work: Work,
  ) => Promise<ReadonlyMap<string, FoundRow>>;
}

export const separator = '\u001f';
export const ofLog: SourceReader = {
  key: ({ user, row }) => (row < 0 ? null : `${user}${separator}${row}`),
  read: logRows,
};
export const ofItem: SourceReader = { key: ({ item }) => String(item), read: itemRows };
export const ofUser: SourceReader = { key: ({ user }) => user, read: userRows };
export const ofCandidate: SourceReader = {
  key: ({ user, request, item }) => (request === null ? null : [user, request, item].join(separator)),
  read: candidateRows,
};
export const asOf: SourceReader = { key: ({ item, readTime }) => `${item}${separator}${readTime}`, read: asOfRows };

/** Maximum characters of a value. A longer value is cut and ends with `cutMark`. */
export const mostCharacters = 20_000;
export const cutMark = '…';

/** SQL of the exact texts of copied columns. */
export function textsOf(table: OpenTable, columns: readonly string[], of: string): string[] {
  return columns.map((name) => {
    const text = exactText(`${of}.${quoteIdentifier(carriedColumn(name))}`, columnOf(table, name).type);
    // Counting bytes costs nothing. A text within the limit in bytes is also within it in characters.
    return `CASE WHEN strlen(${text}) <= ${mostCharacters} OR length(${text}) <= ${mostCharacters} THEN ${text} ELSE left(${text}, ${mostCharacters}) || '${cutMark}' END`;
  });
}

/**
 * Rows of a query by key.
 * @param select the key, the time in microseconds or NULL, texts of the roles, and texts of the columns; of a relation
 * x
 */
export async function found(
  { tables }: SampledTables,
  {
    key,
    time,
    roles,
    texts,
    from,
  }: {
    readonly key: string;
    readonly time: string;
    readonly roles: Readonly<Record<string, string>>;
    readonly texts: readonly string[];
    readonly from: string;
  },
  work: Work,
): Promise<ReadonlyMap<string, FoundRow>> {
  const names = Object.keys(roles);
  const asText = (sql: string): string => `CAST(${sql} AS VARCHAR)`;
  const rows: Columnar = await tables.columnar(
    `SELECT ${[asText(key), `CAST(${time} AS DOUBLE)`, ...Object.values(roles).map(asText), ...texts.map(asText)].join(', ')} FROM ${from}`,
    message('Reading the pass-through columns'),
    work,
  );
  const times = rows.numbers(1);
  const own = names.map((_, k) => rows.texts(2 + k));
  const values = texts.map((_, k) => rows.texts(2 + names.length + k));
  return new Map(
    rows.texts(0).flatMap((id, row) => {
      const at = f64At(times, row);
      const key = Object.fromEntries(names.map((name, k) => [name, own[k]?.[row] ?? null]));
      return id === null
        ? []
        : [[id, { values: values.map((texts) => texts[row] ?? null), time: Number.isNaN(at) ? null : at, key }]];
    }),
  );
}

export const key = (...parts: readonly string[]): string => parts.join(` || ${quoteLiteral(separator)} || `);
export const listed = (texts: readonly (string | number)[]): string =>
  [...new Set(texts)].map((one) => (typeof one === 'number' ? String(one) : quoteLiteral(one))).join(', ');

const carried = (columns: readonly string[]): string[] =>
  columns.map((name) => quoteIdentifier(carriedColumn(name)));

/** Rows of the log as `loadUsers` numbers them. */
async function logRows(
  sampled: SampledTables,
  columns: readonly string[],
  places: readonly RowPlace[],
  work: Work,
): Promise<ReadonlyMap<string, FoundRow>> {
  const { impressions } = sampled.data.log;
  const table = sampled.tables.table(impressions.ref);
  const { more, terms } = pickOrder(sampled, columns);
  const users = [...new Set(places.map(({ user }) => user))];
  const rows = sampled.numbered(
    sampled.exposures({ ...carriedAs(table, columns), ...more }),
    amongUsers(users, sampled.userKind()),
  );
  return await found(
    sampled,
    {
      key: key('CAST(x."user" AS VARCHAR)', 'CAST(x.row AS VARCHAR)'),
      time: microseconds('x.time'),
      roles: {
        user: 'x."user"',
        item: 'x.item',
        ...(impressions.columns.request ? { request: 'x.request' } : {}),
        ...(impressions.columns.position ? { position: 'x.position' } : {}),
      },
      texts: textsOf(table, columns, 'x'),
      from: `(SELECT *, row_number() OVER (PARTITION BY l."user" ORDER BY l.time, ${terms.join(', ')}) AS row FROM ${rows} l) x
        WHERE (CAST(x."user" AS VARCHAR), x.row) IN (VALUES ${places.map(({ user, row }) => `(${quoteLiteral(user)}, ${row})`).join(', ')})`,
    },
    work,
  );
}

async function itemRows(
  sampled: SampledTables,
  columns: readonly string[],
  places: readonly RowPlace[],
  work: Work,
): Promise<ReadonlyMap<string, FoundRow>> {
  const { items } = sampled.data;
  const corpus = sampled.corpus({ carried: columns });
  if (!items || corpus === null) return new Map();
  return await found(
    sampled,
    {
      key: 'n.number',
      time: 'NULL',
      roles: { item: 'x.item' },
      texts: textsOf(sampled.tables.table(items.ref), columns, 'x'),
      from: `${corpus} x JOIN (SELECT * FROM ${itemNumbers} WHERE number IN (${listed(places.map(({ item }) => item))})) n ON n.item = x.item`,
    },
    work,
  );
}

async function userRows(
  sampled: SampledTables,
  columns: readonly string[],
  places: readonly RowPlace[],
  work: Work,
): Promise<ReadonlyMap<string, FoundRow>> {
  const { users } = sampled.data;
  if (!users) return new Map();
  const chosen = amongUsers([...new Set(places.map(({ user }) => user))], sampled.userKind());
  return await found(
    sampled,
    {
      key: 'x."user"',
      time: 'NULL',
      roles: { user: 'x."user"' },
      texts: textsOf(sampled.tables.table(users.ref), columns, 'x'),
      from: `(${userSelect(sampled, columns, carried(columns), (rows) => `(SELECT * FROM ${rows} WHERE ${chosen})`)}) x`,
    },
    work,
  );
}

async function candidateRows(
  sampled: SampledTables,
  columns: readonly string[],
  places: readonly RowPlace[],
  work: Work,
): Promise<ReadonlyMap<string, FoundRow>> {
  const asked = sampled.data.candidates ?? sampled.data.passedCandidates;
  if (!asked) return new Map();
  const roles = (['time', 'rank', 'channel'] as const).filter((role) => asked.columns[role] !== undefined);
  const requests = listed(places.flatMap(({ request }) => request ?? []));
  const select = candidateSelect(
    sampled,
    columns,
    ['request', ...roles, ...carried(columns)],
    `CAST(request AS VARCHAR) IN (${requests})`,
  );
  const wanted = `(VALUES ${places.map(({ user, request, item }) => `(${quoteLiteral(user)}, ${quoteLiteral(request ?? '')}, ${item})`).join(', ')}) p("user", request, number)`;
  const owned = asked.columns.user ? ' AND CAST(x."user" AS VARCHAR) = p."user"' : '';
  return await found(
    sampled,
    {
      key: key('p."user"', 'p.request', 'CAST(p.number AS VARCHAR)'),
      time: asked.columns.time ? microseconds('x.time') : 'NULL',
      roles: {
        ...(asked.columns.user ? { user: 'x."user"' } : {}),
        request: 'x.request',
        item: 'x.item',
        ...(asked.columns.channel ? { channel: 'x.channel' } : {}),
        ...(asked.columns.rank ? { rank: 'x.rank' } : {}),
      },
      texts: textsOf(sampled.tables.table(asked.ref), columns, 'x'),
      from: `${wanted} JOIN ${itemNumbers} n ON n.number = p.number JOIN (${select}) x ON x.item = n.item AND CAST(x.request AS VARCHAR) = p.request${owned}`,
    },
    work,
  );
}

/** The newest log rows of items before read times. */
async function asOfRows(
  sampled: SampledTables,
  columns: readonly string[],
  places: readonly RowPlace[],
  work: Work,
): Promise<ReadonlyMap<string, FoundRow>> {
  const { impressions } = sampled.data.log;
  const roles = ['"user"', 'item', ...(impressions.columns.request ? ['request'] : [])];
  const select = asOfSelect(
    sampled,
    columns,
    [...roles, ...carried(columns)],
    { to: places.reduce((last, { readTime }) => Math.max(last, readTime), -Infinity) },
    `n.number IN (${listed(places.map(({ item }) => item))})`,
  );
  const wanted = `(SELECT CAST(number AS UINTEGER) AS number, CAST(us AS DOUBLE) AS us FROM (VALUES ${places.map(({ item, readTime }) => `(${item}, ${BigInt(readTime)})`).join(', ')}) v(number, us)) p`;
  return await found(
    sampled,
    {
      key: key('CAST(p.number AS VARCHAR)', 'CAST(CAST(p.us AS BIGINT) AS VARCHAR)'),
      time: 'x.us',
      roles: {
        user: 'x."user"',
        item: 'x.item',
        ...(impressions.columns.request ? { request: 'x.request' } : {}),
      },
      texts: textsOf(sampled.tables.table(impressions.ref), columns, 'x'),
      from: `${wanted} ASOF JOIN (${select}) x ON x.number = p.number AND x.us < p.us`,
    },
    work,
  );
}
