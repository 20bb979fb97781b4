import { message } from '../../../core/message/message.ts';
import { u32At } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { textColumn } from '../columnNames.ts';
import { itemNumbers, type SampledTables } from '../sampledTables.ts';
import { countedUnmatched } from '../events/unmatchedSql.ts';
import { within, type Bounds } from './within.ts';

/** Selects log rows to count by item. */
export interface CountOf extends Bounds {
  /** Names of events, or `impressions`. At least one must be true. */
  readonly any: readonly string[];
  /** Events that must all be false. */
  readonly none?: readonly string[];
  /** Counts only rows that came into view. */
  readonly viewed?: boolean;
  /** Events of separate tables after this time do not exist. Default: `to`. */
  readonly until?: number;
}

/** Equal keys mean equal counts, whatever the event names are. */
export function countKey(
  sampled: SampledTables,
  { any, none = [], viewed = false, from, to, until = to }: CountOf,
): string {
  const keys = (names: readonly string[]): string => names.map((name) => sampled.eventKey(name)).join();
  return `${keys(any)} ${keys(none)} ${viewed} ${from} ${to} ${until}`;
}

/** Several counts in one scan. Each result is indexed by item number. */
export async function loadCounts(
  sampled: SampledTables,
  counts: readonly CountOf[],
  items: number,
  work: Work,
): Promise<Float64Array[]> {
  const unexposed = sampled.matched.hasPositives ? sampled.unmatched() : null;
  const each = counts.map(
    (count, k) => `count(*) FILTER (WHERE ${holdsSql(sampled, count)}) AS ${quoteIdentifier(`count ${k}`)}`,
  );
  const shown = `(SELECT item, ${each.join(', ')} FROM ${sampled.log()} GROUP BY item)`;
  const counted = unexposed === null ? shown : withUnexposed(shown, unexposed, sampled, counts);
  const rows = await sampled.tables.columnar(
    `SELECT n.number, ${counts.map((_, k) => `CAST(${quoteIdentifier(`count ${k}`)} AS DOUBLE)`).join(', ')}
      FROM ${counted} JOIN ${itemNumbers} n USING (item)`,
    message('Counting events'),
    work,
  );
  const numbers = rows.unsigned(0);
  return counts.map((_, k) => byItem(numbers, rows.numbers(k + 1), items));
}

/** SQL of the counts of impressions, plus those of positives without an impression. */
function withUnexposed(shown: string, unexposed: string, sampled: SampledTables, counts: readonly CountOf[]): string {
  const name = (k: number): string => quoteIdentifier(`count ${k}`);
  const more = counts.map((count, k) => `count(*) FILTER (WHERE ${countedUnmatched(sampled, count)}) AS ${name(k)}`);
  const sums = counts.map((_, k) => `sum(${name(k)}) AS ${name(k)}`);
  return `(SELECT item, ${sums.join(', ')} FROM (${shown} UNION ALL SELECT item, ${more.join(', ')} FROM ${unexposed} GROUP BY item) GROUP BY item)`;
}

export function byItem(numbers: Uint32Array, values: Float64Array, items: number): Float64Array {
  const all = new Float64Array(items);
  values.forEach((value, row) => {
    all[u32At(numbers, row)] = value;
  });
  return all;
}

/** Counts of the users with one value of each attribute; items in ascending order. */
export interface GroupCounts {
  readonly values: readonly string[];
  readonly items: Uint32Array;
  readonly counts: Float64Array;
}

/** A count by the values of user attributes, ordered by their UTF-8 bytes. */
export async function loadGroupCounts(
  sampled: SampledTables,
  count: CountOf,
  attributes: readonly string[],
  work: Work,
): Promise<GroupCounts[]> {
  const users = sampled.users(attributes);
  if (users === null) return [];
  const unmatched = sampled.matched.hasPositives ? sampled.unmatched() : null;
  const unexposed =
    unmatched === null
      ? ''
      : ` UNION ALL SELECT "user", item FROM ${unmatched} WHERE ${countedUnmatched(sampled, count)}`;
  const names = attributes.map((name) => quoteIdentifier(textColumn(name)));
  const listed = names.join(', ');
  const rows = await sampled.tables.columnar(
    `SELECT n.number, CAST(c AS DOUBLE), ${listed} FROM (
      SELECT ${names.map((name) => `u.${name}`).join(', ')}, l.item AS item, count(*) AS c FROM (SELECT "user", item FROM ${sampled.log()} WHERE ${holdsSql(sampled, count)}${unexposed}) l
        JOIN ${users} u ON u."user" = l."user" WHERE ${names.map((name) => `u.${name} IS NOT NULL`).join(' AND ')} GROUP BY ALL
    ) JOIN ${itemNumbers} n USING (item) ORDER BY ${listed}, n.number`,
    message('Counting events'),
    work,
  );
  const [items, counts] = [rows.unsigned(0), rows.numbers(1)];
  const values = attributes.map((_, k) => rows.texts(k + 2));
  const isSame = (row: number, other: number): boolean => values.every((column) => column[row] === column[other]);
  const groups: GroupCounts[] = [];
  for (let from = 0, to = 0; from < rows.rows; from = to) {
    while (to < rows.rows && isSame(to, from)) to++;
    groups.push({
      values: values.map((column) => column[from] ?? ''),
      items: items.subarray(from, to),
      counts: counts.subarray(from, to),
    });
  }
  return groups;
}

/** SQL of the log rows that a count selects. */
export function holdsSql(
  sampled: SampledTables,
  { any, none = [], viewed = false, from, to, until = to }: CountOf,
): string {
  return [
    `(${anyEvent(sampled, any, until)})`,
    ...none.map((name) => `NOT ${sampled.event(name, until)}`),
    ...(viewed ? ['coalesce(viewed, false)'] : []),
    within('time', { from, to }),
  ].join(' AND ');
}

/** SQL that is true if at least one of the events is true. `until`: as for `SampledTables.event`. */
export function anyEvent(sampled: SampledTables, names: readonly string[], until: number): string {
  return names.map((name) => sampled.event(name, until)).join(' OR ') || 'false';
}
