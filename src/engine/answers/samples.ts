import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Example } from '../../core/data/facts.ts';
import type { AskedSamples } from '../../protocol/answers.ts';
import type { AskedColumn } from '../../protocol/askedTable.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { longForm } from '../tables/longForm.ts';
import { roleTable, type RoleOptions } from '../tables/roleTable.ts';
import type { OpenTable, Tables } from '../tables/tables.ts';

/** Most rows that a finding shows. */
const MAX_EXAMPLES = 5;

/**
 * SQL of a sample file by roles, one row per sample, in any layout.
 * `more`: additional columns by name, as SQL over the columns of the file that `reads` names. `only`: a join that leaves
 * rows out.
 */
export function sampleTable(
  tables: Tables,
  samples: AskedSamples,
  timezone: string,
  {
    more = {},
    reads = [],
    only = '',
  }: Pick<RoleOptions, 'more' | 'only'> & { readonly reads?: readonly string[] } = {},
): string {
  return roleTable(sampleForm(tables, samples, reads), samples, { timezone, more, only });
}

/** The columns of the roles of a sample file, and those that `reads` names, one row per sample. */
export function sampleForm(tables: Tables, samples: AskedSamples, reads: readonly string[] = []): OpenTable {
  const named = Object.values<AskedColumn | undefined>(samples.columns).flatMap((column) =>
    column ? [column.name] : [],
  );
  return longForm(tables.table(samples.ref), samples, [...named, ...reads]);
}

/** Number of rows of a sample file, in any layout. */
export async function countRows(tables: Tables, table: string, work: Work): Promise<number> {
  const [row] = await tables.rows(`SELECT count(*) FROM ${table}`, work);
  return numberIn(row);
}

/**
 * A few rows of `from` as pairs of column and value, ordered by the values. `from` is a query with columns `role@text`.
 * `also` lists additional columns of `from`, by the names to display.
 */
export async function examples(
  tables: Tables,
  from: string,
  samples: AskedSamples,
  roles: readonly string[],
  work: Work,
): Promise<Example[]> {
  const columns: Readonly<Record<string, AskedColumn | undefined>> = samples.columns;
  const shown = roles.flatMap((role) =>
    columns[role] ? [{ name: columns[role].name, sql: quoteIdentifier(`${role}@text`) }] : [],
  );
  const list = shown.map(({ sql }) => sql).join(', ');
  const rows = await tables.rows(`SELECT DISTINCT ${list} FROM ${from} ORDER BY ${list} LIMIT ${MAX_EXAMPLES}`, work);
  return rows.map((row) =>
    Object.fromEntries(
      shown.map(({ name }, k) => [name, row[k] === null || row[k] === undefined ? 'NULL' : String(row[k])]),
    ),
  );
}

/**
 * Fails if a time identifies an impression, without a request, and all times are whole days. Then everything that a
 * user saw on one day would count as one impression.
 */
export async function refuseWholeDays(
  tables: Tables,
  table: string,
  key: readonly string[],
  timezone: string,
  work: Work,
): Promise<void> {
  if (!key.includes('time') || key.includes('request')) return;
  const local = timezone === 'UTC' ? 'time' : `((time AT TIME ZONE 'UTC') AT TIME ZONE ${quoteLiteral(timezone)})`;
  // The first time that is not a whole day ends the search.
  const [row] = await tables.rows(
    `SELECT NOT EXISTS (SELECT 1 FROM ${table} WHERE NOT ("time@to" > time OR date_trunc('day', ${local}) = ${local})) AND EXISTS (SELECT 1 FROM ${table} WHERE time IS NOT NULL)`,
    work,
  );
  if (row?.[0] === true)
    throw fail(
      'bad-request',
      message('the times of the sample file are whole days, which cannot distinguish impressions'),
    );
}
