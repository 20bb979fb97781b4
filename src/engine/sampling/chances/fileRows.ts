import { chanceRoles, type ChanceRole } from '../../../core/data/chanceRoles.ts';
import { message } from '../../../core/message/message.ts';
import type { AskedSamples } from '../../../protocol/answers.ts';
import { namingRole } from '../../answers/rowNames.ts';
import { sampleTable } from '../../answers/samples.ts';
import type { Tables } from '../../answers/tables.ts';
import { numberIn } from '../../database/numberIn.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { microseconds } from '../inputs/world/within.ts';

/** Most rows of a sample file that are read. */
const MOST_ROWS = 1_000_000;

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

/** All rows of users that only their ids choose, at most `mostUsers` of them. */
export async function fileRows(
  tables: Tables,
  samples: AskedSamples,
  { timezone, mostUsers }: { readonly timezone: string; readonly mostUsers: number },
  work: Work,
): Promise<FileRows> {
  const table = sampleTable(tables, samples, timezone);
  const [row] = await tables.rows(`SELECT count(DISTINCT "user@text") FROM ${table}`, work);
  const chosen = await tables.columnar(
    `SELECT name FROM (SELECT name, row_number() OVER ranked AS place, sum(n) OVER ranked AS rows
        FROM (SELECT "user@text" AS name, count(*) AS n FROM ${table} WHERE "user" IS NOT NULL GROUP BY ALL) WINDOW ranked AS (ORDER BY md5(name), name))
      WHERE place <= ${mostUsers} AND (rows <= ${MOST_ROWS} OR place = 1) ORDER BY name`,
    message('Reading the sample file'),
    work,
  );
  const users = chosen.texts(0).filter((user) => user !== null);
  const text = (role: keyof AskedSamples['columns']): string =>
    samples.columns[role] ? `CAST(${quoteIdentifier(`${role}@text`)} AS VARCHAR)` : 'CAST(NULL AS VARCHAR)';
  const named = namingRole(samples);
  const roles = chanceRoles.filter((role) => samples.columns[role] !== undefined);
  const columns = [
    ...[text('user'), text('item'), text('positive_item'), text('request')],
    samples.columns.time ? microseconds('time') : 'CAST(NULL AS DOUBLE)',
    'coalesce(label, false)',
    named === null ? 'CAST(NULL AS VARCHAR)' : text(named),
    ...roles.map((role) => `TRY_CAST(${role} AS DOUBLE)`),
  ];
  // A join: a list of thousands of users in a filter would be compared with each row one by one.
  const found = await tables.columnar(
    `SELECT ${columns.join(', ')} FROM ${table} SEMI JOIN (SELECT unnest([${users.map(quoteLiteral).join(', ')}]::VARCHAR[]) AS name) ON name = "user@text" WHERE item IS NOT NULL`,
    message('Reading the sample file'),
    work,
  );
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
    name: found.texts(6),
    values: Object.fromEntries(roles.map((role, k) => [role, found.numbers(7 + k)])),
  };
}
