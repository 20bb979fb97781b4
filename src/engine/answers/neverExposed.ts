import { numberIn } from '../database/numberIn.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import type { Answering } from './question.ts';
import { insideSql } from '../tables/log.ts';
import { roleTable } from '../tables/roleTable.ts';
import { countRows, examples, sampleTable } from './samples.ts';

/**
 * Rows without an exposure, and clicks that the file lacks. The file may hold only a part of the windows, and a request
 * may begin before or end after them. So a click counts only from the first end to the last begin of the requests in
 * the file: both are inside.
 */
export const neverExposed: Answering<'never-exposed'> = {
  tables: ({ samples, log }) => [samples.ref, log.impressions.ref, ...(log.clicks ?? []).map(({ ref }) => ref)],
  async answer({ samples, log, key, wholeClicks, windows, timezone }, tables, work) {
    const table = sampleTable(tables, samples, timezone);
    const rows = await countRows(tables, table, work);
    const columns = key.map(quoteIdentifier);
    // Every exposure of the log counts here, including those that `where` filters out.
    const { where: _some, ...impressions } = log.impressions;
    const shown = roleTable(tables.table(impressions.ref), impressions, { timezone });
    const unshown = `(SELECT * FROM ${table} s WHERE ${columns.map((c) => `s.${c} IS NOT NULL`).join(' AND ')} AND NOT EXISTS (SELECT 1 FROM ${shown} i WHERE ${columns.map((c) => `i.${c} = s.${c}`).join(' AND ')}))`;
    const unexposed = await countRows(tables, unshown, work);
    let lostClicks = 0;
    if (wholeClicks && key.includes('request')) {
      const inside =
        windows.length === 0
          ? 'true'
          : `(${windows.map((window) => insideSql('time', window, timezone)).join(' OR ')})`;
      const sampled = await SampledTables.open(tables, { log }, timezone, work);
      const [row] = await tables.rows(
        `WITH held AS MATERIALIZED (SELECT DISTINCT request FROM ${table} WHERE request IS NOT NULL),
          span AS MATERIALIZED (SELECT min(last) AS first, max(first) AS last FROM (SELECT min(time) AS first, max(time) AS last FROM ${shown} WHERE request IN (SELECT request FROM held) GROUP BY request))
        SELECT count(*) FROM ${sampled.everyLogRow()} l WHERE positive AND ${inside} AND request IS NOT NULL AND time BETWEEN (SELECT first FROM span) AND (SELECT last FROM span) AND NOT EXISTS (SELECT 1 FROM held WHERE held.request = l.request)`,
        work,
      );
      lostClicks = numberIn(row);
    }
    return {
      rows,
      unexposed,
      lostClicks,
      examples:
        unexposed === 0 ? [] : await examples(tables, unshown, samples, ['user', 'item', 'request', 'time'], work),
    };
  },
};
