import { message } from '../../core/message/message.ts';
import { numberIn } from '../database/numberIn.ts';
import { suspectSql } from '../database/suspectHashes.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { askedCounts } from '../tables/askedCounts.ts';
import type { Answering } from './question.ts';
import { namingRole } from '../tables/rowNames.ts';
import { countRows, examples, refuseWholeDays, sampleTable } from './samples.ts';

/**
 * Key columns that may be NULL, such as the source of a positive. Rows with another key column missing cannot be
 * compared.
 */
const mayBeNull = new Set(['source', 'entry', 'label']);

/** Repeated rows: rows after the first with the same group, item and entry, or of the same impression. */
export const duplicates: Answering<'duplicates'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, key, timezone }, tables, work) {
    const table = sampleTable(tables, samples, timezone);
    const counted = askedCounts(tables, samples);
    const rows = counted?.rows ?? (await countRows(tables, table, work));
    await refuseWholeDays(tables, table, key, timezone, work);
    // Rows with the same key are of one group of the audit, with the same item, label and entry.
    const compared = [...(counted?.distinctWithin ?? []), 'item', 'label', namingRole(samples) ?? 'item'];
    if (counted?.distinctWithin && compared.every((role) => (key as readonly string[]).includes(role)))
      return { rows, repeated: 0, examples: [] };
    const columns = key.map(quoteIdentifier);
    const needed = key.filter((role) => !mayBeNull.has(role)).map((role) => `${quoteIdentifier(role)} IS NOT NULL`);
    const texts = [...key.filter((role) => role !== 'label')];
    const more = `(SELECT count(*) - 1 AS more, ${texts.map((role) => `min(${quoteIdentifier(`${role}@text`)}) AS ${quoteIdentifier(`${role}@text`)}`).join(', ')}
      FROM ${table} SEMI JOIN "repeated rows" r ON r.h = hash(${columns.join(', ')}) WHERE ${needed.join(' AND ')} GROUP BY ${columns.join(', ')} HAVING count(*) > 1)`;
    // Equal rows have equal hashes, so only rows whose hash occurs again are compared.
    const suspects = await suspectSql(
      {
        hash: `hash(${columns.join(', ')})`,
        from: `${table} WHERE ${needed.join(' AND ')}`,
        rows,
        memoryBytes: tables.memoryBytes,
      },
      async (sql) => await tables.columnar(sql, message('Looking for duplicates'), work),
      work,
    );
    await tables.run(`CREATE TABLE "repeated rows" AS ${suspects}`, work);
    const [row] = await tables.rows(`SELECT coalesce(sum(more), 0) FROM ${more}`, work);
    const repeated = numberIn(row);
    const found = repeated === 0 ? [] : await examples(tables, more, samples, texts, work);
    await tables.run('DROP TABLE "repeated rows"', work);
    return { rows, repeated, examples: found };
  },
};
