import { valueAt } from '../../core/valueAt.ts';
import { requestKeySql, requestSql } from '../inputs/requestSql.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import type { AskedEvent } from '../../protocol/askedTable.ts';
import { eventColumn, eventSql, withinPeriodSql } from '../tables/log.ts';
import type { QuestionAnswerer } from './question.ts';
import type { OpenTable } from '../tables/tables.ts';

/** Number of positives and groups of a stage in its window as they are sampled, before any downsampling. */
export const groups: QuestionAnswerer<'groups'> = {
  tables: ({ log, candidates }) => [
    log.impressions.ref,
    ...(log.clicks ?? []).map(({ ref }) => ref),
    ...(candidates ? [candidates.ref] : []),
  ],
  async answer(question, tables, work) {
    const { log, unknown, candidates, timezone, window } = question;
    const sampled = await SampledTables.open(tables, { log, ...(candidates ? { candidates } : {}) }, timezone, work);
    const inside = window ? withinPeriodSql('time', window, timezone) : 'true';
    const counts = countsSql(question, sampled, inside);
    const events = log.events.map((_, k) => `(SELECT count(*) FROM inside WHERE ${eventColumn(k)})`);
    const [row = []] = await tables.rows(
      `WITH shown AS MATERIALIZED (SELECT * FROM ${sampled.log({ unknown: unknownSql(unknown, tables.table(log.impressions.ref)) })}), inside AS (SELECT * FROM shown WHERE ${inside})${counts.more} SELECT ${[counts.positives, counts.groups, ...events].join(', ')}`,
      work,
    );
    const [positives = 0, number = 0, ...each] = row.map(Number);
    return {
      positives,
      groups: number,
      events: Object.fromEntries(log.events.map(({ name }, k) => [name, valueAt(each, k)])),
    };
  },
};

/** SQL of whether one of the events of the impressions is unknown. */
function unknownSql(unknown: readonly AskedEvent[], impressions: OpenTable): string {
  const own = unknown.filter(({ table }) => table === undefined);
  return own.length === 0 ? 'false' : `(${own.map((event) => eventSql(event, impressions)).join(' OR ')})`;
}

/**
 * SQL of the numbers of positives and groups. It reads `shown` (the log) and `inside` (its rows in the window). `more`
 * defines the further tables that the SQL needs.
 */
function countsSql(
  { unit, log }: AskedQuestion<'groups'>,
  sampled: SampledTables,
  inside: string,
): { readonly positives: string; readonly groups: string; readonly more: string } {
  switch (unit) {
    case 'positive': {
      const strongest = `CASE ${log.events.map((_, k) => `WHEN ${eventColumn(k)} THEN ${k}`).join(' ')} END`;
      const request = log.impressions.columns.request ? 'request' : 'NULL AS request';
      const unmatched = sampled.matched.hasPositives ? sampled.unmatched() : null;
      const own = log.impressions.columns.request ? 'request' : 'NULL';
      const more =
        unmatched === null
          ? ''
          : ` UNION SELECT "user", item, time, ${own}, ${strongest} AS event FROM ${unmatched} WHERE positive AND (${log.events.map((_, k) => eventColumn(k)).join(' OR ')}) AND ${inside}`;
      const number =
        log.events.length === 0
          ? '0'
          : `(SELECT count(*) FROM (SELECT DISTINCT "user", item, time, ${request}, ${strongest} AS event FROM inside WHERE positive${more}))`;
      return { positives: number, groups: number, more: '' };
    }
    case 'request': {
      const clicked = `SELECT DISTINCT s."user", s.key, s.item FROM (SELECT *, ${requestKeySql(sampled)} AS key FROM shown WHERE positive) s SEMI JOIN requests r ON r."user" = s."user" AND r.key = s.key`;
      return {
        positives: `(SELECT count(*) FROM (${clicked}))`,
        groups: '(SELECT count(*) FROM requests)',
        more: `, requests AS MATERIALIZED (SELECT * FROM (${requestSql(sampled)}) WHERE ${inside})`,
      };
    }
    case 'impression':
      return {
        positives: '(SELECT count(*) FROM inside WHERE positive)',
        groups: '(SELECT count(*) FROM inside WHERE positive OR NOT unknown)',
        more: '',
      };
  }
}
