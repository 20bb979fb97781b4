import type { Seen } from '../../core/sampling/plan/stagePlan.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { knownUntilSql } from './knownUntil.ts';
import type { QuestionAnswerer } from './question.ts';
import { entryRole } from '../tables/rowNames.ts';
import { examples, sampleTable } from './samples.ts';
import { noRows, userRates } from './userRates.ts';

/**
 * Unclicked rows whose exposures were not seen, or are younger than an event needs. A row with one exposure that was seen
 * and is old enough is right, and one without any exposure belongs to another rule.
 */
export const unseenRows: QuestionAnswerer<'unseen-rows'> = {
  tables: ({ samples, log }) => [samples.ref, log.impressions.ref, ...(log.clicks ?? []).map(({ ref }) => ref)],
  async answer({ samples, log, entries, byRequest, cut, knownUntil, timezone }, tables, work) {
    const table = sampleTable(tables, samples, timezone);
    const until = await knownUntilSql(tables, { table, ref: samples.ref, timezone, cut, knownUntil }, work);
    const sampled = await SampledTables.open(tables, { log }, timezone, work);
    const own = log.impressions.columns.request
      ? 'coalesce(CAST(request AS VARCHAR), CAST(time AS VARCHAR))'
      : 'CAST(time AS VARCHAR)';
    const position = log.impressions.columns.position ? 'TRY_CAST(position AS DOUBLE)' : 'CAST(NULL AS DOUBLE)';
    const viewed = log.impressions.columns.viewed ? 'coalesce(viewed, false)' : 'false';
    const shown = `(SELECT *, max(place) FILTER (WHERE positive) OVER (PARTITION BY "user", own) AS "last click" FROM (SELECT *, ${own} AS own, ${position} AS place, ${viewed} AS "was viewed" FROM ${sampled.log()}${until === null ? '' : ` WHERE time <= ${until}`}))`;
    const end = until ?? `(SELECT max(time) FROM ${sampled.exposures()})`;
    const role = entryRole(samples);
    const key = byRequest ? ['"user"', 'item', 'request'] : ['"user"', 'item'];
    const isOf = (name: string | null): string =>
      name === null || role === null ? 'true' : `s.${role} = ${quoteLiteral(name)}`;
    const cases = (of: (entry: (typeof entries)[number], k: number) => string): string =>
      `CASE ${entries.map((entry, k) => `WHEN ${isOf(entry.name)} THEN ${of(entry, k)}`).join(' ')} END`;
    const perEntry = entries.flatMap(({ seen, matureAfter }, k) => {
      const isSeen = seenSql(seen);
      const isMature = matureAfter === null ? 'true' : `time + to_microseconds(${matureAfter}) <= ${end}`;
      return [`bool_or(${isSeen}) AS "seen ${k}"`, `bool_or((${isSeen}) AND ${isMature}) AS "right ${k}"`];
    });
    const joined = key.map((column) => `e.${column} = s.${column}`).join(' AND ');
    const judged = `(SELECT s.*, coalesce(NOT ${cases((_, k) => `e."seen ${k}"`)}, false) AS unseen, coalesce(${cases((_, k) => `e."seen ${k}" AND NOT e."right ${k}"`)}, false) AS young
      FROM ${table} s JOIN (SELECT ${key.join(', ')}, ${perEntry.join(', ')} FROM ${shown} GROUP BY ${key.join(', ')}) e ON ${joined}
      WHERE NOT s.label AND (${entries.map(({ name }) => isOf(name)).join(' OR ')}))`;
    const rates = await userRates(tables, judged, ['unseen', 'young'], true, work);
    const [unseen = noRows, young = noRows] = rates;
    return {
      unseen,
      young,
      examples:
        unseen.hits + young.hits === 0
          ? []
          : await examples(
              tables,
              `(SELECT * FROM ${judged} WHERE unseen OR young)`,
              samples,
              ['user', 'item', 'request', 'time', 'position', 'source', 'entry'],
              work,
            ),
    };
  },
};

function seenSql(seen: Seen): string {
  if (seen === 'all') return 'true';
  if (seen === 'viewed') return 'positive OR "was viewed"';
  return `positive OR coalesce(place <= "last click" + ${seen.aboveLastClick}, false)`;
}
