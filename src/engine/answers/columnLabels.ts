import { sequenceList } from '../../core/audit/sequenceList.ts';
import { aucOf } from '../../core/audit/metrics/teacher.ts';
import type { Answers } from '../../core/data/facts.ts';
import { isNested, isNumeric, type LogicalType } from '../../core/table/type.ts';
import type { AskedSamples } from '../../protocol/answers.ts';
import type { AskedColumn } from '../../protocol/askedTable.ts';
import { numberIn } from '../database/numberIn.ts';
import type { Work } from '../database/connections.ts';
import { orNull } from '../sql/notNan.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { longForm } from '../tables/longForm.ts';
import type { QuestionAnswerer } from './question.ts';
import { entryRole } from '../tables/rowNames.ts';
import { countRows, sampleTable } from './samples.ts';
import type { Tables } from '../tables/tables.ts';

/** Most rows that are ranked, chosen by their values, and most columns. */
const MAX_ROWS = 200_000;
const MAX_COLUMNS = 100;
const rowKeys = ['user', 'item', 'request', 'positive_item', 'time'] as const;
const PREFIX = 'negative_';

/** How each column that has no role ranks positives against negatives, and where it is NULL. Only numbers rank. */
export const columnLabels: QuestionAnswerer<'column-labels'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, timezone }, tables, work) {
    const columns = comparedColumns(tables, samples);
    const table = sampleTable(tables, samples, timezone, {
      more: Object.fromEntries(columns.map(({ sql }, k) => [`value ${k}`, sql])),
      reads: columns.map(({ name }) => name),
    });
    const rows = await countRows(tables, table, work);
    const step = Math.max(1, Math.ceil(rows / MAX_ROWS));
    // Values of other roles, such as weights, are the same for many rows.
    const keys = rowKeys.filter((role) => samples.columns[role] !== undefined).map(quoteIdentifier);
    const some = step === 1 ? '' : ` AND hash(${keys.join(', ')}) % ${step} = 0`;
    const name = entryRole(samples) ?? 'NULL';
    const found: Answers['column-labels']['columns'][number][] = [];
    if (columns.length === 0) return { rows, columns: found };
    // The file is read once for all columns.
    const values = columns.map((_, k) => `"value ${k}"`).join(', ');
    await tables.run(
      `CREATE TABLE "column labels" AS SELECT label, ${name} AS name, ${samples.columns.user ? '"user"' : 'NULL'} AS who, ${values} FROM ${table} WHERE label IS NOT NULL${some}`,
      work,
    );
    for (const [k, column] of columns.entries()) {
      const own = `(SELECT label, name, who, "value ${k}" AS t FROM "column labels")`;
      found.push({ name: column.name, ...(await ranked(tables, own, samples.columns.user !== undefined, work)) });
    }
    await tables.run('DROP TABLE "column labels"', work);
    return { rows, columns: found };
  },
};

/**
 * The area under the curve, and its error with rows of one user dependent on each other: the deviations of the rows'
 * placements among the other label are summed by user (Obuchowski, Biometrics 1997). A row without a user is not alike
 * any other. `hasUser`: without users, the error is 0.
 */
async function ranked(
  tables: Tables,
  own: string,
  hasUser: boolean,
  work: Work,
): Promise<Omit<Answers['column-labels']['columns'][number], 'name'>> {
  const [row] = await tables.rows(
    `WITH own AS MATERIALIZED (SELECT * FROM ${own}),
      sized AS (SELECT t, count(*) AS size, count(*) FILTER (WHERE label) AS p FROM own WHERE t IS NOT NULL GROUP BY t),
      ranked AS (SELECT *, sum(size) OVER (ORDER BY t ROWS UNBOUNDED PRECEDING) - (size - 1) / 2.0 AS rank FROM sized),
      names AS (SELECT count(*) AS n, count(t) AS known FROM own WHERE NOT label GROUP BY name),
      totals AS (SELECT sum(p) AS positives, sum(size - p) AS negatives FROM sized),
      placed AS (SELECT t, (sum(size - p) OVER above - (size - p) / 2.0) / nullif(negatives, 0) AS "of positive", 1 - (sum(p) OVER above - p / 2.0) / nullif(positives, 0) AS "of negative"
        FROM sized, totals WINDOW above AS (ORDER BY t ROWS UNBOUNDED PRECEDING)),
      area AS (SELECT avg("of positive") FILTER (WHERE label) AS auc FROM own JOIN placed USING (t)),
      users AS (SELECT who, coalesce(sum("of positive" - auc) FILTER (WHERE label) / any_value(positives), 0) + coalesce(sum("of negative" - auc) FILTER (WHERE NOT label) / any_value(negatives), 0) AS beyond,
          coalesce(sum(pow(("of positive" - auc) / positives, 2)) FILTER (WHERE label), 0) + coalesce(sum(pow(("of negative" - auc) / negatives, 2)) FILTER (WHERE NOT label), 0) AS alone
        FROM own JOIN placed USING (t), area, totals${hasUser ? '' : ' WHERE false'} GROUP BY who)
    SELECT count(*) FILTER (WHERE label), count(*) FILTER (WHERE NOT label), count(t) FILTER (WHERE label), count(t) FILTER (WHERE NOT label),
      (SELECT count(*) FROM sized), (SELECT coalesce(sum(p * rank), 0) FROM ranked), (SELECT count(*) FILTER (WHERE known = 0) FROM names), (SELECT count(*) FILTER (WHERE known > 0 AND known < n) FROM names),
      (SELECT coalesce(sqrt(sum(CASE WHEN who IS NULL THEN alone ELSE beyond * beyond END)), 0) FROM users) FROM own`,
    work,
  );
  const [knownPositives, knownNegatives] = [numberIn(row, 2), numberIn(row, 3)];
  return {
    positives: numberIn(row, 0),
    negatives: numberIn(row, 1),
    knownPositives,
    knownNegatives,
    distinct: numberIn(row, 4),
    auc: aucOf({ positives: knownPositives, known: knownNegatives, rankSum: numberIn(row, 5) }),
    userError: numberIn(row, 8),
    isNullByName: numberIn(row, 6) !== 0 && numberIn(row, 7) === 0,
  };
}

/**
 * The columns of the long form, numbers first, with SQL of their values as numbers. NaN is NULL. All values of a column
 * without numbers are 0, so that only its NULLs count.
 */
function comparedColumns(tables: Tables, samples: AskedSamples): { readonly name: string; readonly sql: string }[] {
  const file = tables.table(samples.ref);
  const roles = new Set(Object.values<AskedColumn | undefined>(samples.columns).map((column) => column?.name));
  const isList = (type: LogicalType): boolean => type.kind === 'list';
  // Histories say nothing of one row of their group.
  const ofRows = file.columns.filter((column) => sequenceList(column)?.isSure !== true);
  const names = ofRows.map(({ name, type }) =>
    samples.layout === 'wide' && isList(type) && name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name,
  );
  const own = [...new Set(names)].filter((name) => !roles.has(name));
  return longForm(file, samples, own)
    .columns.filter(({ name, type, partition }) => own.includes(name) && !partition && !isNested(type))
    .sort((a, b) => Number(isNumber(b.type)) - Number(isNumber(a.type)))
    .slice(0, MAX_COLUMNS)
    .map(({ name, type }) => ({ name, sql: numberSql(quoteIdentifier(name), type) }));
}

function numberSql(name: string, type: LogicalType): string {
  if (!isNumber(type)) return `(CASE WHEN ${name} IS NOT NULL THEN CAST(0 AS DOUBLE) END)`;
  return `CAST(${type.kind === 'boolean' ? name : orNull(name, type)} AS DOUBLE)`;
}

function isNumber(type: LogicalType): boolean {
  return type.kind === 'boolean' || isNumeric(type);
}
