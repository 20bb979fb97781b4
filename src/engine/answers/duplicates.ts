import type { SharedNegatives } from '../../core/data/repeatedRows.ts';
import { message } from '../../core/message/message.ts';
import type { DuplicateKey } from '../../core/policy/sampleKeys.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { suspectSql } from '../database/suspectHashes.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { matchingAuditCounts } from '../tables/askedCounts.ts';
import type { QuestionAnswerer } from './question.ts';
import { entryRole } from '../tables/rowNames.ts';
import type { Tables } from '../tables/tables.ts';
import { countRows, examples, refuseWholeDays, sampleTable } from './samples.ts';

/**
 * Key columns that may be NULL, such as the source of a positive. Rows with another key column missing cannot be
 * compared.
 */
const mayBeNull = new Set(['source', 'entry', 'label']);

/** Most combinations of entries that a finding names. */
const MAX_COMBINATIONS = 5;

/** Repeated rows: rows after the first with the same group, item and entry, or of the same impression. */
export const duplicates: QuestionAnswerer<'duplicates'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, key, lists, timezone }, tables, work) {
    const table = sampleTable(tables, samples, timezone);
    const counted = matchingAuditCounts(tables, samples);
    const rows = counted?.rows ?? (await countRows(tables, table, work));
    await refuseWholeDays(tables, table, key, timezone, work);
    const role = entryRole(samples);
    const shared =
      lists && role ? { shared: await sharedNegatives(tables, { table, key, role, lists, rows }, work) } : {};
    // Rows with the same key are of one group of the audit, with the same item, label and entry.
    const compared = [...(counted?.distinctWithin ?? []), 'item', 'label', role ?? 'item'];
    if (counted?.distinctWithin && compared.every((one) => (key as readonly string[]).includes(one)))
      return { rows, repeated: 0, examples: [], ...shared };
    const columns = key.map(quoteIdentifier);
    const isCompared = key.filter((one) => !mayBeNull.has(one)).map((one) => `${quoteIdentifier(one)} IS NOT NULL`);
    const texts = [...key.filter((one) => one !== 'label')];
    const found = await ofRepeated(
      tables,
      { columns, from: `${table} WHERE ${isCompared.join(' AND ')}`, rows },
      async (from) => {
        const more = `(SELECT count(*) - 1 AS more, ${texts.map((one) => `min(${quoteIdentifier(`${one}@text`)}) AS ${quoteIdentifier(`${one}@text`)}`).join(', ')}
          FROM ${from} GROUP BY ${columns.join(', ')} HAVING count(*) > 1)`;
        const [row] = await tables.rows(`SELECT coalesce(sum(more), 0) FROM ${more}`, work);
        const repeated = numberIn(row);
        return { repeated, examples: repeated === 0 ? [] : await examples(tables, more, samples, texts, work) };
      },
      work,
    );
    return { rows, ...found, ...shared };
  },
};

/** Negatives of the lists that are in their group under several of them. */
async function sharedNegatives(
  tables: Tables,
  { table, key, role, lists, rows }: AskedLists,
  work: Work,
): Promise<SharedNegatives> {
  const columns = key.filter((one) => !mayBeNull.has(one)).map(quoteIdentifier);
  const isCompared = [
    `${role} IN (${lists.map(quoteLiteral).join(', ')})`,
    ...columns.map((one) => `${one} IS NOT NULL`),
  ];
  const from = `${table} WHERE NOT label AND ${isCompared.join(' AND ')}`;
  const [all] = await tables.rows(`SELECT count(*) FROM ${from}`, work);
  return await ofRepeated(
    tables,
    { columns, from, rows },
    async (suspects) => {
      const found = await tables.rows(
        `SELECT array_to_string(names, ', '), sum(len(names) - 1) AS n FROM (SELECT list_sort(list(DISTINCT ${role})) AS names FROM ${suspects} GROUP BY ${columns.join(', ')})
          WHERE len(names) > 1 GROUP BY names ORDER BY n DESC, names`,
        work,
      );
      const entries = found.map((row) => ({ names: String(row[0]), repeated: numberIn(row, 1) }));
      return {
        rows: numberIn(all),
        repeated: entries.reduce((sum, { repeated }) => sum + repeated, 0),
        entries: entries.slice(0, MAX_COMBINATIONS),
      };
    },
    work,
  );
}

interface AskedLists {
  readonly table: string;
  readonly key: DuplicateKey;
  readonly role: 'entry' | 'source';
  readonly lists: readonly string[];
  readonly rows: number;
}

/**
 * What `take` returns, which reads only rows whose hash occurs again: equal rows have equal hashes.
 * `from`: a query with a condition. `rows`: at least their number.
 */
async function ofRepeated<T>(
  tables: Tables,
  { columns, from, rows }: { readonly columns: readonly string[]; readonly from: string; readonly rows: number },
  take: (from: string) => Promise<T>,
  work: Work,
): Promise<T> {
  const hash = `hash(${columns.join(', ')})`;
  const suspects = await suspectSql(
    { hash, from, rows, memoryBytes: tables.memoryBytes },
    async (sql) => await tables.columnar(sql, message('Looking for duplicates'), work),
    work,
  );
  await tables.run(`CREATE OR REPLACE TABLE "repeated rows" AS ${suspects}`, work);
  const answer = await take(`(SELECT * FROM ${from}) SEMI JOIN "repeated rows" r ON r.h = ${hash}`);
  await tables.run('DROP TABLE "repeated rows"', work);
  return answer;
}
