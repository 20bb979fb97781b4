import { numberIn } from '../database/numberIn.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { QuestionAnswerer } from './question.ts';
import { examples, sampleTable } from './samples.ts';

/** Groups that are also in the sample file of the other split. */
export const splitOverlap: QuestionAnswerer<'split-overlap'> = {
  tables: ({ samples, other }) => [samples.ref, ...(other ? [other.samples.ref] : [])],
  async answer({ samples, key, byPositive, other, timezone }, tables, work) {
    const columns = key.map(quoteIdentifier);
    const filled = [...columns.map((column) => `${column} IS NOT NULL`), ...(byPositive ? ['label'] : [])].join(
      ' AND ',
    );
    const groupsOf = (file: typeof samples, more: string): string =>
      `(SELECT ${columns.join(', ')}${more} FROM ${sampleTable(tables, file, timezone)} WHERE ${filled} GROUP BY ${columns.join(', ')})`;
    const texts = key.map((role) => quoteIdentifier(`${role}@text`)).map((text) => `, min(${text}) AS ${text}`);
    const own = groupsOf(samples, texts.join(''));
    const groups = numberIn((await tables.rows(`SELECT count(*) FROM ${own}`, work))[0]);
    if (other === null) return { other: null, groups, shared: 0, examples: [] };
    const both = `(SELECT * FROM ${own} SEMI JOIN ${groupsOf(other.samples, '')} USING (${columns.join(', ')}))`;
    const shared = numberIn((await tables.rows(`SELECT count(*) FROM ${both}`, work))[0]);
    return {
      other: other.name,
      groups,
      shared,
      examples: shared === 0 ? [] : await examples(tables, both, samples, key, work),
    };
  },
};
