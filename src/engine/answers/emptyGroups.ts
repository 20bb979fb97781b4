import { quoteIdentifier } from '../sql/quote.ts';
import type { QuestionAnswerer } from './question.ts';
import { examples, sampleTable } from './samples.ts';
import { noRows, userRates } from './userRates.ts';

/** Groups without negatives, and groups without their positive. */
export const emptyGroups: QuestionAnswerer<'empty-groups'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, key, byPositive, timezone }, tables, work) {
    const columns = key.map(quoteIdentifier);
    const byUser = samples.columns.user !== undefined;
    const texts = key.map((role) => quoteIdentifier(`${role}@text`)).map((text) => `min(${text}) AS ${text}`);
    const user = byUser && !key.includes('user') ? ['any_value("user") AS "user"'] : [];
    // A wide file has a row for each negative, and one without an item for a list without elements.
    const groups = `(SELECT ${[...columns, ...texts, ...user, 'bool_or(label) AS "has positive"', 'coalesce(bool_or(NOT label AND item IS NOT NULL), false) AS "has negative"'].join(', ')}
      FROM ${sampleTable(tables, samples, timezone)} WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')} GROUP BY ${columns.join(', ')})`;
    const isOrphan = byPositive ? 'NOT coalesce("has positive", false)' : 'false';
    const rates = await userRates(tables, groups, ['NOT "has negative"', isOrphan], byUser, work);
    const [alone = noRows, orphans = noRows] = rates;
    return {
      alone,
      orphans,
      examples:
        alone.hits + orphans.hits === 0
          ? []
          : await examples(
              tables,
              `(SELECT * FROM ${groups} WHERE NOT "has negative" OR ${isOrphan})`,
              samples,
              key,
              work,
            ),
    };
  },
};
