import type { Answers, Example } from '../../core/data/facts.ts';
import type { AskedFolders } from '../../protocol/answers.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { misplacedRows } from '../tables/misplacedRows.ts';
import type { QuestionAnswerer } from './question.ts';
import type { Tables } from '../tables/tables.ts';

/** Most rows that a finding shows. */
const MAX_EXAMPLES = 5;

type Counted = Answers['partition-days']['datasets'][number];

/** Rows that are more than a day away from the day of their folder, for each data set. */
export const partitionDays: QuestionAnswerer<'partition-days'> = {
  tables: ({ tables }) => tables.map(({ ref }) => ref),
  async answer({ tables: asked, timezone }, tables, work) {
    const datasets: Counted[] = [];
    for (const one of asked) datasets.push(await counted(one, timezone, tables, work));
    return { datasets };
  },
};

async function counted(asked: AskedFolders, timezone: string, tables: Tables, work: Work): Promise<Counted> {
  const { dataset, folder } = asked;
  const table = tables.table(asked.ref);
  const [all] = await tables.rows(`SELECT count(*) FROM ${table.relation()}`, work);
  const rows = numberIn(all);
  const misplaced = misplacedRows(table, asked, folder, timezone);
  if (misplaced === null) return { dataset, rows, misplaced: 0, examples: [] };
  const [found] = await tables.rows(`SELECT count(*) FROM ${misplaced}`, work);
  return { dataset, rows, misplaced: numberIn(found), examples: await examplesOf(misplaced, asked, tables, work) };
}

async function examplesOf(
  misplaced: string,
  { folder, columns }: { readonly folder: string; readonly columns: AskedFolders['columns'] },
  tables: Tables,
  work: Work,
): Promise<Example[]> {
  const rows = await tables.rows(
    `SELECT DISTINCT folder, "time@text" FROM ${misplaced} ORDER BY 1, 2 LIMIT ${MAX_EXAMPLES}`,
    work,
  );
  return rows.map(([value, time]) => ({ [folder]: String(value), [columns.time.name]: String(time) }));
}
