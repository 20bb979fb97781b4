import { numberIn } from '../database/numberIn.ts';
import type { Work } from '../database/connections.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import type { QuestionAnswerer } from './question.ts';
import { withinPeriodSql } from '../tables/log.ts';
import { roleTable } from '../tables/roleTable.ts';
import type { Tables } from '../tables/tables.ts';
import { countRows, examples, sampleTable } from './samples.ts';

/**
 * Rows without an exposure, and clicks whose request is missing from the file. The file may cover only a part of the
 * windows, so only clicks between the earliest end and the latest start of the file's requests count.
 */
export const neverExposed: QuestionAnswerer<'never-exposed'> = {
  tables: ({ samples, log }) => [samples.ref, log.impressions.ref, ...(log.clicks ?? []).map(({ ref }) => ref)],
  async answer(question, tables, work) {
    const { samples, log, key, timezone } = question;
    const table = sampleTable(tables, samples, timezone);
    const rows = await countRows(tables, table, work);
    // Every exposure of the log counts here, including those that `where` filters out.
    const { where: _where, ...impressions } = log.impressions;
    const impressionRows = roleTable(tables.table(impressions.ref), impressions, { timezone });
    const columns = key.map(quoteIdentifier);
    const hasKey = columns.map((column) => `s.${column} IS NOT NULL`).join(' AND ');
    const sameKey = columns.map((column) => `i.${column} = s.${column}`).join(' AND ');
    const unexposedRows = `(
      SELECT * FROM ${table} s
      WHERE ${hasKey} AND NOT EXISTS (SELECT 1 FROM ${impressionRows} i WHERE ${sameKey}))`;
    const unexposed = await countRows(tables, unexposedRows, work);
    return {
      rows,
      unexposed,
      lostClicks: await countLostClicks(question, tables, { table, impressionRows }, work),
      examples:
        unexposed === 0
          ? []
          : await examples(tables, unexposedRows, samples, ['user', 'item', 'request', 'time'], work),
    };
  },
};

async function countLostClicks(
  { log, key, hasAllClicks, windows, timezone }: AskedQuestion<'never-exposed'>,
  tables: Tables,
  { table, impressionRows }: { readonly table: string; readonly impressionRows: string },
  work: Work,
): Promise<number> {
  if (!hasAllClicks || !key.includes('request')) return 0;
  const inWindows = windows.map((window) => withinPeriodSql('time', window, timezone)).join(' OR ') || 'true';
  const sampled = await SampledTables.open(tables, { log }, timezone, work);
  const [row] = await tables.rows(
    `WITH file_requests AS MATERIALIZED (SELECT DISTINCT request FROM ${table} WHERE request IS NOT NULL),
    request_times AS (
      SELECT min(time) AS start, max(time) AS finish FROM ${impressionRows}
      WHERE request IN (SELECT request FROM file_requests) GROUP BY request),
    file_span AS MATERIALIZED (SELECT min(finish) AS first_end, max(start) AS last_start FROM request_times)
    SELECT count(*) FROM ${sampled.allLogRows()} l
    WHERE positive AND (${inWindows}) AND request IS NOT NULL
      AND time BETWEEN (SELECT first_end FROM file_span) AND (SELECT last_start FROM file_span)
      AND NOT EXISTS (SELECT 1 FROM file_requests WHERE file_requests.request = l.request)`,
    work,
  );
  return numberIn(row);
}
