import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import type { QuestionAnswerer } from './question.ts';
import { roleTable } from '../tables/roleTable.ts';
import { countRows, examples, refuseWholeDays, sampleTable } from './samples.ts';

/** Items that are both positive and negative within one impression or request. */
export const contradictions: QuestionAnswerer<'contradictions'> = {
  tables: ({ samples, rejections }) => [samples.ref, ...(rejections ? [rejections.ref] : [])],
  async answer({ samples, key, exempt, rejections, timezone }, tables, work) {
    const table = sampleTable(tables, samples, timezone);
    const rows = await countRows(tables, table, work);
    await refuseWholeDays(tables, table, key, timezone, work);
    const named = (['source', 'entry'] as const).filter((role) => samples.columns[role] !== undefined);
    const free =
      exempt.length === 0
        ? []
        : named.map((role) => `coalesce(s.${role} IN (${exempt.map(quoteLiteral).join(', ')}), false)`);
    if (rejections)
      free.push(
        `EXISTS (SELECT 1 FROM ${roleTable(tables.table(rejections.ref), rejections, { timezone })} r WHERE r."user" = s."user" AND r.item = s.item)`,
      );
    const columns = key.map(quoteIdentifier);
    const known = columns.map((c) => `${c} IS NOT NULL`).join(' AND ');
    const bound = free.length === 0 ? 'NOT label' : `NOT label AND NOT (${free.join(' OR ')})`;
    const texts = ['user', ...key].filter(
      (role, k, all) =>
        all.indexOf(role) === k && (samples.columns as Readonly<Record<string, unknown>>)[role] !== undefined,
    );
    const both = `(SELECT ${texts.map((role) => `min(${quoteIdentifier(`${role}@text`)}) AS ${quoteIdentifier(`${role}@text`)}`).join(', ')}
      FROM (SELECT *, ${bound} AS negative FROM ${table} s) WHERE ${known}
      GROUP BY ${columns.join(', ')} HAVING bool_or(label) AND bool_or(negative))`;
    const keys = (holds: string): string =>
      `(SELECT ${columns.join(', ')} FROM ${table} s WHERE ${holds} AND ${known})`;
    // A join with the positives, which are few, instead of groups of all rows.
    const shared = `(SELECT DISTINCT * FROM ${keys(bound)} SEMI JOIN ${keys('label')} p USING (${columns.join(', ')}))`;
    const pairs = await countRows(tables, shared, work);
    return { rows, pairs, examples: pairs === 0 ? [] : await examples(tables, both, samples, texts, work) };
  },
};
