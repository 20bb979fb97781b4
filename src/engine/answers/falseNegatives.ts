import type { AskedExclude } from '../../protocol/answers.ts';
import { valueAt } from '../../core/valueAt.ts';
import { anyUnmatched } from '../inputs/events/unmatchedSql.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { insideSql } from '../tables/log.ts';
import type { Answering } from './question.ts';
import { roleTable } from '../tables/roleTable.ts';
import { namingRole } from '../tables/rowNames.ts';
import { examples, sampleTable } from './samples.ts';
import { rateOf, rateSums } from './userRates.ts';

/**
 * Negatives that their user had chosen, by entry. One pass over the file: the times at which a user chose an item are a
 * list, so that each row joins one row of the log at most.
 */
export const falseNegatives: Answering<'false-negatives'> = {
  tables: ({ samples, log, rejections }) => [
    samples.ref,
    log.impressions.ref,
    ...(log.clicks ?? []).map(({ ref }) => ref),
    ...(rejections ? [rejections.ref] : []),
  ],
  async answer({ samples, log, excludes, entries, from, rejections, timezone }, tables, work) {
    const sampled = await SampledTables.open(tables, { log }, timezone, work);
    const inWindow = from === null ? 'true' : insideSql('time', { from }, timezone);
    const chosen = excludes.flatMap((exclude, k) => chosenBy(exclude, k, sampled, inWindow)).join(' UNION ALL ');
    const role = namingRole(samples);
    // Nothing is excluded, or the entries that exclude cannot be named.
    if (excludes.length === 0 || (role !== null && Object.keys(entries).length === 0))
      return { entries: [], examples: [] };
    const reach =
      role === null
        ? '0'
        : `CASE ${Object.entries(entries)
            .map(([name, k]) => `WHEN s.${role} = ${quoteLiteral(name)} THEN ${k}`)
            .join(' ')} END`;
    const refused = rejections
      ? `AND NOT EXISTS (SELECT 1 FROM ${roleTable(tables.table(rejections.ref), rejections, { timezone })} r WHERE r."user" = s."user" AND r.item = s.item)`
      : '';
    const negatives = `(SELECT s.*, ${role === null ? 'NULL' : `s.${role}`} AS named, ${reach} AS reach FROM ${sampleTable(tables, samples, timezone)} s
      WHERE NOT label AND "user" IS NOT NULL AND item IS NOT NULL AND time IS NOT NULL AND ${reach} IS NOT NULL ${refused})`;
    const since = `CASE n.reach ${excludes.map(({ lookback }, k) => `WHEN ${k} THEN ${lookback === null ? `TIMESTAMP '-infinity'` : `n."time@to" - to_microseconds(${lookback})`}`).join(' ')} END`;
    const judged = `(SELECT n.*, coalesce(len(list_filter(c.times, lambda x: x.happened < n.time AND x.shown >= ${since})) > 0, false) AS before, coalesce(list_max(list_transform(c.times, lambda x: x.happened)) > n."time@to", false) AS later
      FROM ${negatives} n LEFT JOIN (SELECT reach, "user", item, list({'shown': time, 'happened': happened}) AS times FROM (${chosen}) GROUP BY ALL) c
        ON c.reach = n.reach AND c."user" = n."user" AND c.item = n.item)`;
    const found = await tables.rows(
      `SELECT named, sum(y), sum(y * y), sum(y * n), ${rateSums()} FROM (SELECT named, "user", count(*)::DOUBLE AS n, (count(*) FILTER (WHERE before))::DOUBLE AS x, (count(*) FILTER (WHERE later AND NOT before))::DOUBLE AS y
        FROM ${judged} GROUP BY ALL) GROUP BY named ORDER BY named`,
      work,
    );
    const counted = found.map(([name, ...figures]) => {
      const [later = 0, squares = 0, products = 0, ...sums] = figures.map(Number);
      const { rows, hits: before, design } = rateOf(sums);
      const { design: laterDesign } = rateOf([rows, later, squares, products, valueAt(sums, 4)]);
      return { name: name === null ? null : String(name), rows, before, later, design, laterDesign };
    });
    const some = counted.some(({ before }) => before > 0);
    return {
      entries: counted,
      examples: some
        ? await examples(
            tables,
            `(SELECT * FROM ${judged} WHERE before)`,
            samples,
            ['user', 'item', 'request', 'time', 'source', 'entry'],
            work,
          )
        : [],
    };
  },
};

/** SQL of the choices that an exclusion knows: `reach`, user, item, time of the exposure, and when it `happened`. */
export function chosenBy(
  { events, within }: AskedExclude,
  k: number,
  sampled: SampledTables,
  inWindow: string,
): string[] {
  if (events.length === 0)
    return [`SELECT ${k} AS reach, "user", item, time, time AS happened FROM ${sampled.log()} WHERE false`];
  // A choice of a separate table has a time of its own, after the exposure.
  const times = events.map((name) => {
    const at = sampled.eventTime(name);
    return `CASE WHEN ${sampled.event(name)} THEN ${at === null ? 'time' : `coalesce(${at}, time)`} END`;
  });
  const inReach = within === 'all' ? 'true' : inWindow;
  const shown = `SELECT ${k} AS reach, "user", item, time, least(${times.join(', ')}) AS happened FROM ${sampled.log()} WHERE (${events.map((name) => sampled.event(name)).join(' OR ')}) AND ${inReach}`;
  const unmatched = sampled.unmatched();
  if (unmatched === null) return [shown];
  return [
    shown,
    `SELECT ${k} AS reach, "user", item, time, time AS happened FROM ${unmatched} WHERE time IS NOT NULL AND shown IS NULL AND ${anyUnmatched(sampled, events)} AND ${inReach}`,
  ];
}
