import type { FalseNegativeCounts, ChosenNegatives } from '../../core/audit/metrics/falseNegatives.ts';
import { clusteredRate } from '../../core/statistics/rate.ts';
import type { AskedChoices, AskedExclude } from '../../protocol/answers.ts';
import type { Rows, Work } from '../database/connections.ts';
import { numberIn, textIn } from '../database/numberIn.ts';
import { anyUnmatched } from '../inputs/events/unmatchedSql.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { sharedCounts } from '../tables/askedCounts.ts';
import { withinPeriodSql } from '../tables/log.ts';
import type { QuestionAnswerer } from './question.ts';
import { roleTable } from '../tables/roleTable.ts';
import { entryRole } from '../tables/rowNames.ts';
import { examples, sampleTable } from './samples.ts';
import { squares } from './userRates.ts';

export const falseNegatives: QuestionAnswerer<'false-negatives'> = {
  tables: ({ samples, log, choices: { rejections } }) => [
    samples.ref,
    log.impressions.ref,
    ...(log.clicks ?? []).map(({ ref }) => ref),
    ...(rejections ? [rejections.ref] : []),
  ],
  async answer({ samples, log, choices, timezone }, tables, work) {
    const known = sharedCounts(tables, samples, 'false-negatives', choices);
    if (known !== null && !hasFaults(known)) return { ...known, examples: [] };
    const sampled = await SampledTables.open(tables, { log }, timezone, work);
    const role = entryRole(samples);
    const rows = {
      sql: sampleTable(tables, samples, timezone),
      ...{ role, name: role, hasRequests: samples.columns.request !== undefined },
    };
    const counts = known ?? (await countFalseNegatives(rows, choices, sampled, work));
    const faults = `(SELECT * FROM ${classified(rows, choices, sampled)} WHERE excludes AND class = 0)`;
    const roles = ['user', 'item', 'request', 'time', 'source', 'entry'];
    return { ...counts, examples: hasFaults(counts) ? await examples(tables, faults, samples, roles, work) : [] };
  },
};

const hasFaults = ({ entries }: FalseNegativeCounts): boolean =>
  entries.some(({ excludes, earlier }) => excludes && earlier.hits > 0);

/** The rows of a sample, as columns of roles. */
export interface SampleRows {
  /** FROM item with `label`, `"user"`, `item`, `time`, `"time@to"`, and `request` if `hasRequests`. */
  readonly sql: string;
  /** SQL of the name of a row, and whose name it is; null: the rows have none. */
  readonly name: string | null;
  readonly role: 'entry' | 'source' | null;
  readonly hasRequests: boolean;
}

/**
 * Negatives that their user chose, by entry, for the rule and the metric. It counts rows with a user, an item and a
 * time whose owner did not refuse the user. One pass over the file: the choices of an item by a user are a list, so
 * each row joins at most one row of the log.
 */
export async function countFalseNegatives(
  rows: SampleRows,
  choices: AskedChoices,
  sampled: SampledTables,
  work: Work,
): Promise<FalseNegativeCounts> {
  const of = (sum: (k: number) => string): string => classes.map(sum).join(', ');
  const found = await sampled.tables.rows(
    `WITH users AS (SELECT name, excludes, "user", count(*)::DOUBLE AS n, ${of((k) => `(count(*) FILTER (WHERE class = ${k}))::DOUBLE AS x${k}`)} FROM ${classified(rows, choices, sampled)} GROUP BY ALL),
      counted AS (SELECT name, excludes, "user", grouping(name) AS whole, sum(n) AS n, ${of((k) => `sum(x${k}) AS x${k}`)} FROM users GROUP BY GROUPING SETS ((name, excludes, "user"), ("user")))
    SELECT whole, name, excludes, sum(n) AS rows, ${squares('n', 'n')}, ${of((k) => `sum(x${k}), ${squares(`x${k}`, `x${k}`)}, ${squares(`x${k}`, 'n')}`)} FROM counted GROUP BY whole, name, excludes ORDER BY rows DESC, name`,
    work,
  );
  const hasRequests = comparesRequests(rows, sampled);
  const whole = found.find((row) => numberIn(row) === 1);
  return {
    all: ratesIn(whole, hasRequests),
    entries: found
      .filter((row) => row !== whole)
      .map((row) => ({ entry: textIn(row, 1), excludes: row[2] === true, ...ratesIn(row, hasRequests) })),
  };
}

/** Chosen earlier, in the same request, and later: a row counts in the first class that holds. */
const classes = [0, 1, 2] as const;

function ratesIn(row: Rows[number] | undefined, hasRequests: boolean): ChosenNegatives {
  const [rows = 0, yy = 0, ...sums] = (row?.slice(3) ?? []).map(Number);
  const rate = (k: number): ChosenNegatives['earlier'] => {
    const [x = 0, xx = 0, xy = 0] = sums.slice(3 * k, 3 * k + 3);
    return clusteredRate({ x, y: rows, xx, xy, yy });
  };
  return { rows, earlier: rate(0), sameRequest: hasRequests ? rate(1) : null, later: rate(2) };
}

/** Whether rows and log say which request showed an item. */
function comparesRequests({ hasRequests }: SampleRows, { data: { log } }: SampledTables): boolean {
  return hasRequests && log.impressions.columns.request !== undefined;
}

/**
 * The negatives as a FROM item: the columns of the rows, `name`, whether its entry `excludes` choices, and `class` as
 * in `classes`, NULL for items that the user never chose.
 */
function classified(rows: SampleRows, choices: AskedChoices, sampled: SampledTables): string {
  const { excludes, from, rejections } = choices;
  const { tables, timezone } = sampled;
  const others: AskedExclude = { events: choices.positives, within: 'train', lookback: null };
  const reaches = [...excludes, others];
  const refused = rejections
    ? `AND NOT EXISTS (SELECT 1 FROM ${roleTable(tables.table(rejections.ref), rejections, { timezone })} r WHERE r."user" = s."user" AND r.item = s.item)`
    : '';
  const negatives = `(SELECT s.*, ${rows.name === null ? 'CAST(NULL AS VARCHAR)' : `s.${rows.name}`} AS name, ${reachSql(rows, choices)} AS reach FROM ${rows.sql} s
    WHERE NOT label AND "user" IS NOT NULL AND item IS NOT NULL AND time IS NOT NULL ${refused})`;
  const inWindow = from === null ? 'true' : withinPeriodSql('time', { from }, timezone);
  const chosen = reaches.flatMap((reach, k) => chosenBy(reach, k, sampled, inWindow)).join(' UNION ALL ');
  const since = `CASE n.reach ${reaches.map(({ lookback }, k) => `WHEN ${k} THEN ${lookback === null ? `TIMESTAMP '-infinity'` : `n."time@to" - to_microseconds(${lookback})`}`).join(' ')} END`;
  const any = (holds: string): string => `len(list_filter(c.choices, lambda x: ${holds})) > 0`;
  const request = comparesRequests(rows, sampled)
    ? ` WHEN ${any('x.request = CAST(n.request AS VARCHAR)')} THEN 1`
    : '';
  return `(SELECT n.*, n.reach < ${excludes.length} AS excludes, CASE WHEN ${any(`x.happened < n.time AND x.shown >= ${since}`)} THEN 0${request} WHEN ${any('x.happened > n."time@to"')} THEN 2 END AS class
    FROM ${negatives} n LEFT JOIN (SELECT reach, "user", item, list({'shown': time, 'happened': happened, 'request': request}) AS choices FROM (${chosen}) GROUP BY ALL) c
      ON c.reach = n.reach AND c."user" = n."user" AND c.item = n.item)`;
}

/** SQL of the index of a row's exclusion in `excludes`. If none is known, it is the length of `excludes`. */
function reachSql({ role, name }: SampleRows, { excludes, byName }: AskedChoices): string {
  const others = excludes.length;
  if (role === null || name === null) return excludes.length === 1 ? '0' : `${others}`;
  const cases = Object.entries(byName[role]).map(([own, k]) => `WHEN s.${name} = ${quoteLiteral(own)} THEN ${k}`);
  return cases.length === 0 ? `${others}` : `CASE ${cases.join(' ')} ELSE ${others} END`;
}

/**
 * SQL of the choices that an exclusion knows: `reach`, user, item, time of the exposure, when it `happened`, and the
 * `request` of the exposure as text.
 */
export function chosenBy(
  { events, within }: AskedExclude,
  k: number,
  sampled: SampledTables,
  inWindow: string,
): string[] {
  if (events.length === 0)
    return [
      `SELECT ${k} AS reach, "user", item, time, time AS happened, NULL AS request FROM ${sampled.log()} WHERE false`,
    ];
  // A choice of a separate table has a time of its own, after the exposure.
  const times = events.map((name) => {
    const at = sampled.eventTime(name);
    return `CASE WHEN ${sampled.event(name)} THEN ${at === null ? 'time' : `coalesce(${at}, time)`} END`;
  });
  const inReach = within === 'all' ? 'true' : inWindow;
  const request = sampled.data.log.impressions.columns.request ? 'CAST(request AS VARCHAR)' : 'CAST(NULL AS VARCHAR)';
  const shown = `SELECT ${k} AS reach, "user", item, time, least(${times.join(', ')}) AS happened, ${request} AS request FROM ${sampled.log()} WHERE (${events.map((name) => sampled.event(name)).join(' OR ')}) AND ${inReach}`;
  const unmatched = sampled.unmatched();
  if (unmatched === null) return [shown];
  return [
    shown,
    `SELECT ${k} AS reach, "user", item, time, time AS happened, NULL AS request FROM ${unmatched} WHERE time IS NOT NULL AND shown IS NULL AND ${anyUnmatched(sampled, events)} AND ${inReach}`,
  ];
}
