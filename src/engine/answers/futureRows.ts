import type { AskedQuestion } from '../../protocol/answers.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { chosenBy } from './falseNegatives.ts';
import { knownUntilSql } from './knownUntil.ts';
import type { QuestionAnswerer } from './question.ts';
import { requestTimes } from '../tables/readTimes.ts';
import { roleTable } from '../tables/roleTable.ts';
import { entryRole } from '../tables/rowNames.ts';
import { countRows, examples, sampleTable } from './samples.ts';
import type { Tables } from '../tables/tables.ts';

/**
 * Rows whose first evidence in the log came only after the time until which outcomes are known. Rows without any
 * evidence belong to other rules.
 */
export const futureRows: QuestionAnswerer<'future-rows'> = {
  tables: ({ samples, log, rejections, teacher }) => [
    samples.ref,
    log.impressions.ref,
    ...(log.clicks ?? []).map(({ ref }) => ref),
    ...(rejections ? [rejections.ref] : []),
    ...(teacher ? [teacher.from.ref] : []),
  ],
  async answer(asked, tables, work) {
    const { samples, log, events, cut, knownUntil, exposed, exposedLater, rejected, rejections, teacher, timezone } =
      asked;
    const table = sampleTable(
      tables,
      samples,
      timezone,
      teacher ? { more: { taught: `TRY_CAST(${quoteIdentifier(teacher.name)} AS FLOAT)` }, reads: [teacher.name] } : {},
    );
    const rows = await countRows(tables, table, work);
    const known = await knownUntilSql(tables, { table, ref: samples.ref, timezone, cut, knownUntil }, work);
    const late = (first: string): string => (known === null ? 'false' : `coalesce(${first} > ${known}, false)`);
    const sampled = await SampledTables.open(tables, { log }, timezone, work);
    const first = (from: string, at: string): string =>
      `(SELECT "user", item, min(${at}) AS first FROM ${from} WHERE ${at} IS NOT NULL GROUP BY ALL)`;
    const happened = chosenBy({ events, within: 'all', lookback: null }, 0, sampled, 'true').join(' UNION ALL ');
    const role = entryRole(samples);
    const isOne = (names: readonly string[]): string =>
      role === null || names.length === 0
        ? 'false'
        : `coalesce(s.${role} IN (${names.map(quoteLiteral).join(', ')}), false)`;
    const ordered = (names: typeof rejected): string[] =>
      Object.keys(names).filter((name) => names[name]?.before === true);
    const refused = rejections
      ? {
          join: `LEFT JOIN ${first(roleTable(tables.table(rejections.ref), rejections, { timezone }), 'time')} r ON r."user" = s."user" AND r.item = s.item`,
          flag: `(${isOne(Object.keys(rejected))} AND ${late('r.first')}) OR (${isOne(ordered(rejected))} AND coalesce(r.first > s."time@to", false))`,
        }
      : { join: '', flag: 'false' };
    const taught = teacher ? taughtLater(tables, table, teacher, timezone) : { join: '', flag: 'false' };
    // Without a limit, only what must come before its group is compared.
    const judging = (names: typeof rejected): string =>
      `NOT s.label AND ${isOne(known === null ? ordered(names) : Object.keys(names))}`;
    const isLater = `(NOT s.label AND ${isOne(exposedLater)})`;
    const isCompared = [
      ...(known === null ? [] : ['(s.label AND c.first IS NOT NULL)']),
      `((${judging(exposed)} OR ${isLater}) AND e.first IS NOT NULL)`,
      ...(rejections ? [`(${judging(rejected)} AND r.first IS NOT NULL)`] : []),
      ...(teacher ? ['(s.request IS NOT NULL AND t."all values" IS NOT NULL)'] : []),
    ].join(' OR ');
    const judged = `(SELECT s.*, (${isCompared}) AS compared, s.label AND ${late('c.first')} AS "late label", NOT s.label AND ((${isOne(Object.keys(exposed))} AND ${late('e.first')}) OR (${isOne(ordered(exposed))} AND coalesce(e.began > s."time@to", false))) AS "late exposure", ${isLater} AND coalesce(e.began > s."time@to", false) AS declared, NOT s.label AND (${refused.flag}) AS "late rejection", ${taught.flag} AS "late teacher"
      FROM ${table} s LEFT JOIN ${first(`(${happened})`, 'happened')} c ON c."user" = s."user" AND c.item = s.item
        LEFT JOIN (SELECT "user", item, min(time) AS first, min(began) AS began FROM ${exposuresWithStart(tables, sampled, asked)} GROUP BY ALL) e ON e."user" = s."user" AND e.item = s.item ${refused.join} ${taught.join})`;
    const flags = ['"late label"', '"late exposure"', '"late rejection"', '"late teacher"'];
    const [found = []] = await tables.rows(
      `SELECT ${['compared', 'declared', ...flags].map((flag) => `count(*) FILTER (WHERE ${flag})`).join(', ')} FROM ${judged}`,
      work,
    );
    const [compared = 0, declared = 0, labels = 0, exposures = 0, refusals = 0, teachers = 0] = found.map(Number);
    return {
      rows,
      compared,
      labels,
      exposures,
      declared,
      rejections: refusals,
      teachers,
      examples:
        labels + exposures + refusals + teachers === 0
          ? []
          : await examples(
              tables,
              `(SELECT * FROM ${judged} WHERE ${flags.join(' OR ')})`,
              samples,
              ['user', 'item', 'request', 'time', 'source', 'entry'],
              work,
            ),
    };
  },
};

/** SQL of the exposures, with the time at which the request of each `began`: all of a request are known together. */
function exposuresWithStart(
  tables: Tables,
  sampled: SampledTables,
  { log, timezone }: AskedQuestion<'future-rows'>,
): string {
  const times = log.impressions.columns.request
    ? requestTimes(tables, [log.impressions, ...(log.clicks ?? [])], { timezone })
    : null;
  return times === null
    ? `(SELECT *, time AS began FROM ${sampled.exposures()})`
    : `(SELECT e.*, least(e.time, coalesce(t.time, e.time)) AS began FROM ${sampled.exposures()} e LEFT JOIN ${times} t ON t."user" = e."user" AND t.request = CAST(e.request AS VARCHAR))`;
}

/**
 * SQL of whether a value of the teacher is one of a later request of the user and the item, and of no earlier request nor
 * of the row's own.
 */
function taughtLater(
  tables: Tables,
  table: string,
  { from, column }: NonNullable<AskedQuestion<'future-rows'>['teacher']>,
  timezone: string,
): { readonly join: string; readonly flag: string } {
  const rows = roleTable(tables.table(from.ref), from, {
    timezone,
    more: { value: `TRY_CAST(${quoteIdentifier(column)} AS FLOAT)` },
  });
  const values = `SELECT v."user", v.item, list({'at': v.time, 'of': v.request, 'value': v.value}) AS "all values" FROM ${rows} v
    SEMI JOIN (SELECT "user", item FROM ${table} WHERE taught IS NOT NULL) p ON p."user" = v."user" AND p.item = v.item WHERE v.value IS NOT NULL AND v.time IS NOT NULL GROUP BY ALL`;
  const has = (holds: string): string =>
    `len(list_filter(t."all values", lambda x: x.value = s.taught AND ${holds})) > 0`;
  return {
    join: `LEFT JOIN (${values}) t ON t."user" = s."user" AND t.item = s.item`,
    flag: `coalesce(s.request IS NOT NULL AND ${has('x.at > s."time@to"')} AND NOT ${has('(x.at <= s."time@to" OR coalesce(x.of = s.request, false))')}, false)`,
  };
}
