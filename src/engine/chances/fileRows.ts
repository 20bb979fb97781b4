import { chanceRoles, type ChanceRole } from '../../core/data/chanceRoles.ts';
import { message } from '../../core/message/message.ts';
import type { AskedSamples } from '../../protocol/answers.ts';
import { matchingAuditCounts } from '../tables/askedCounts.ts';
import { nameColumn, entryRole } from '../tables/rowNames.ts';
import { columnOf } from '../tables/roleTable.ts';
import { sampleForm, sampleTable } from '../answers/samples.ts';
import type { Tables } from '../tables/tables.ts';
import { numberIn } from '../database/numberIn.ts';
import type { Work } from '../database/connections.ts';
import { exactText } from '../sql/cellText.ts';
import { freeName } from '../sql/freeName.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { microseconds } from '../inputs/world/within.ts';

/** Most rows of a sample file that are read. */
const MAX_ROWS = 1_000_000;

/** Rows of some users of a sample file, column by column. NULL numbers are NaN. */
export interface FileRows {
  readonly users: readonly string[];
  /** Number of users of the file. */
  readonly allUsers: number;
  readonly count: number;
  readonly user: readonly (string | null)[];
  readonly item: readonly (string | null)[];
  /** The positive item of the group; null if the file does not name it. */
  readonly positive: readonly (string | null)[];
  readonly request: readonly (string | null)[];
  /** In microseconds. */
  readonly time: Float64Array;
  readonly label: Uint8Array;
  /** Entry or source of a negative. */
  readonly name: readonly (string | null)[];
  readonly values: Readonly<Partial<Record<ChanceRole, Float64Array>>>;
}

const ids = ['user', 'item', 'positive_item', 'request'] as const;
type Role = keyof AskedSamples['columns'];
const isId = (role: Role): boolean => (ids as readonly Role[]).includes(role);
/** Types of DuckDB whose values have the text of a BIGINT. */
export const plainIntegers: ReadonlySet<string> = new Set([
  ...['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'],
  ...['UTINYINT', 'USMALLINT', 'UINTEGER'],
]);
/** Types that need no conversion. A number of 32 bits is compared by its text. */
const plainNumbers: ReadonlySet<string> = new Set(['DOUBLE']);

/** All rows of users that only their ids choose, at most `mostUsers` of them. */
export async function fileRows(
  tables: Tables,
  samples: AskedSamples,
  { timezone, mostUsers }: { readonly timezone: string; readonly mostUsers: number },
  work: Work,
): Promise<FileRows> {
  const file = sampleForm(tables, samples);
  const user = samples.columns.user?.name ?? '';
  const userType = columnOf(file, user).type;
  // Integers and texts are grouped unchanged, and only the users are turned into texts.
  const isPlain = userType.kind === 'integer' || userType.kind === 'string';
  // The file may have columns named who and name.
  const [ownUser, ownName] = [freeName('chosen user', file.columns), freeName('chosen name', file.columns)];
  const who = isPlain ? quoteIdentifier(user) : exactText(quoteIdentifier(user), userType);
  const all = sampleTable(tables, samples, timezone, { more: { who } });
  // Ids of the audit are those of the file, unless the config gives them another type.
  const counted =
    isPlain && samples.columns.user?.type === undefined ? matchingAuditCounts(tables, samples)?.users : null;
  const perUser = counted
    ? `SELECT "user" AS who, r AS n FROM ${counted} WHERE "user" IS NOT NULL`
    : `SELECT who, count(*) AS n FROM ${all} WHERE "user" IS NOT NULL GROUP BY who`;
  await tables.run(`CREATE TABLE "file users" AS SELECT who, CAST(who AS VARCHAR) AS name, n FROM (${perUser})`, work);
  const [row] = await tables.rows('SELECT count(*) FROM "file users"', work);
  await tables.run(
    `CREATE TABLE "chosen users" AS SELECT who AS ${ownUser}, name AS ${ownName} FROM (SELECT who, name, row_number() OVER ranked AS place, sum(n) OVER ranked AS rows FROM "file users" WINDOW ranked AS (ORDER BY md5(name), name))
      WHERE place <= ${mostUsers} AND (rows <= ${MAX_ROWS} OR place = 1)`,
    work,
  );
  const chosen = await tables.columnar(
    `SELECT ${ownName} FROM "chosen users" ORDER BY 1`,
    message('Reading the sample file'),
    work,
  );
  const users = chosen.texts(0).filter((name) => name !== null);
  const typeOf = (role: Role): SourceColumn | null => {
    const asked = samples.columns[role];
    return asked ? columnOf(file, asked.name) : null;
  };
  // Columns that are read unchanged, because a text of each value takes much longer.
  const raw = ([...ids, ...chanceRoles] as const).filter((role) =>
    (isId(role) ? plainIntegers : plainNumbers).has(typeOf(role)?.sqlType ?? ''),
  );
  const more = Object.fromEntries(raw.map((role) => [`raw ${role}`, quoteIdentifier(typeOf(role)?.name ?? '')]));
  const isRaw = (role: Role): boolean => (raw as readonly Role[]).includes(role);
  const text = (role: Role): string =>
    isRaw(role)
      ? `CAST("raw ${role}" AS BIGINT)`
      : samples.columns[role]
        ? `CAST(${quoteIdentifier(`${role}@text`)} AS VARCHAR)`
        : 'CAST(NULL AS VARCHAR)';
  const name = await nameColumn(tables, all, entryRole(samples), work);
  const roles = chanceRoles.filter((role) => samples.columns[role] !== undefined);
  const columns = [
    ...ids.map(text),
    samples.columns.time ? microseconds('time') : 'CAST(NULL AS DOUBLE)',
    'coalesce(label, false)',
    name.sql,
    ...roles.map((role) => (isRaw(role) ? `"raw ${role}"` : `TRY_CAST(${role} AS DOUBLE)`)),
  ];
  const only = `SEMI JOIN "chosen users" ON "chosen users".${ownUser} = ${who}`;
  const found = await tables.columnar(
    `SELECT ${columns.join(', ')} FROM ${sampleTable(tables, samples, timezone, { more, only })} WHERE item IS NOT NULL`,
    message('Reading the sample file'),
    work,
  );
  for (const table of ['file users', 'chosen users']) await tables.run(`DROP TABLE ${quoteIdentifier(table)}`, work);
  return {
    users,
    allUsers: numberIn(row),
    count: found.rows,
    user: found.texts(0),
    item: found.texts(1),
    positive: found.texts(2),
    request: found.texts(3),
    time: found.numbers(4),
    label: found.flags(5),
    name: name.read(found, 6),
    values: Object.fromEntries(roles.map((role, k) => [role, found.numbers(7 + k)])),
  };
}
