import type { AskedEvent, AskedEventTable, AskedLog } from '../../../protocol/askedTable.ts';
import { eventColumn, eventSql } from '../../tables/log.ts';
import { roleTable } from '../../tables/roleTable.ts';
import type { OpenTable } from '../../tables/tables.ts';
import { quoteIdentifier } from '../../sql/quote.ts';

/** How an event finds its impressions: by its request, by its time, or by user and item alone. */
export type Way = 'request' | 'time' | 'pair';

/** A table of events that the log uses. `k`: number of the event in the log. */
export interface EventSource {
  readonly asked: AskedEventTable;
  readonly events: readonly { readonly event: AskedEvent; readonly k: number }[];
  readonly ways: readonly Way[];
  readonly open: OpenTable;
}

/** SQL condition: event number `k` happened. */
export const flagColumn = (k: number): string => quoteIdentifier(`holds ${k}`);
/** The earliest time of event number `k`. It is infinitely early if the event has no time. */
export const atColumn = (k: number): string => quoteIdentifier(`at ${k}`);
/** For steps: the earliest time from which event number `k` is known. The end of a day; NULL without a time. */
export const firstTimeColumn = (k: number): string => quoteIdentifier(`first ${k}`);

/** Rows without a time do not find their impressions by time. */
export function waysOf({ columns }: AskedEventTable, { impressions }: AskedLog): readonly Way[] {
  if (columns.request && impressions.columns.request) return ['request'];
  return columns.time ? ['time', 'pair'] : ['pair'];
}

/**
 * SQL of the distinct events of a table. Columns: `"user"`, `item`, `request`, `time` and `time@to` (NULL without one), a
 * flag for each event, `n` (how many rows are equal), `way`, and `shown`: the time of the impression, the earliest of
 * several, NULL without one.
 */
export function matchedSql({ asked, events, ways, open }: EventSource, exposures: string, timezone: string): string {
  const more = Object.fromEntries(
    events.map(({ event, k }) => [`holds ${k}`, `coalesce(${eventSql(event, open)}, false)`]),
  );
  const rows = roleTable(open, asked, { timezone, more });
  const { request, time } = asked.columns;
  const flags = events.map(({ k }) => flagColumn(k));
  const columns = [
    '"user"',
    'item',
    `${request ? 'request' : 'NULL'} AS request`,
    ...['time', '"time@to"'].map(
      (name) => `${time ? `CASE WHEN isfinite(time) THEN ${name} END` : 'CAST(NULL AS TIMESTAMP)'} AS ${name}`,
    ),
    ...flags,
  ];
  const distinct = `(SELECT ${columns.join(', ')}, count(*) AS n FROM ${rows} WHERE "user" IS NOT NULL AND item IS NOT NULL AND (${flags.join(' OR ')}) GROUP BY ALL)`;
  return ways
    .map((way) => {
      const some = ways.length === 1 ? '' : ` WHERE time IS ${way === 'time' ? 'NOT ' : ''}NULL`;
      return `SELECT e.*, '${way}' AS way, ${shownSql[way](asked)} AS shown FROM (SELECT * FROM ${distinct}${some}) e ${joinSql[way](exposures)}`;
    })
    .join(' UNION ALL ');
}

const shownSql: Readonly<Record<Way, (asked: AskedEventTable) => string>> = {
  request: () => 'i.first',
  time: ({ within }) => `CASE WHEN epoch_us(e.time) - epoch_us(i.time) <= ${BigInt(within)} THEN i.time END`,
  pair: () => 'i.first',
};

const joinSql: Readonly<Record<Way, (exposures: string) => string>> = {
  request: (exposures) =>
    `LEFT JOIN (SELECT "user", item, request, min(time) AS first FROM ${exposures} WHERE request IS NOT NULL GROUP BY ALL) i ON i."user" = e."user" AND i.item = e.item AND i.request = e.request`,
  time: (exposures) =>
    `ASOF LEFT JOIN (SELECT DISTINCT "user", item, time FROM ${exposures}) i ON i."user" = e."user" AND i.item = e.item AND e.time >= i.time`,
  pair: (exposures) =>
    `LEFT JOIN (SELECT "user", item, min(time) AS first FROM ${exposures} GROUP BY ALL) i ON i."user" = e."user" AND i.item = e.item`,
};

const keys: Readonly<Record<Way, readonly string[]>> = {
  request: ['"user"', 'item', 'request'],
  time: ['"user"', 'item', 'time'],
  pair: ['"user"', 'item'],
};

/** SQL of what the impressions join: a row per key, with the flag and the earliest time of each event. */
export function partSql({ events }: EventSource, way: Way, rows: string): string {
  const columns = events.flatMap(({ k }) => [
    `bool_or(${flagColumn(k)}) AS ${flagColumn(k)}`,
    `min(coalesce(time, CAST('-infinity' AS TIMESTAMP))) FILTER (WHERE ${flagColumn(k)}) AS ${atColumn(k)}`,
    `min("time@to") FILTER (WHERE ${flagColumn(k)}) AS ${firstTimeColumn(k)}`,
  ]);
  const named = keys[way].map((key) => (key === 'time' ? 'shown AS "key time"' : key));
  return `SELECT ${[...named, ...columns].join(', ')} FROM ${rows} WHERE way = '${way}' AND shown IS NOT NULL GROUP BY ${keys[way].map((key) => (key === 'time' ? 'shown' : key)).join(', ')}`;
}

/**
 * The condition to join a part with the impressions `i`. Of several impressions at one time, the first in the pick
 * order has the event. DuckDB plans a nested loop for a condition on `i` alone, so the rank is a part of the key.
 */
export function joinOn(way: Way, part: string): string {
  return keys[way]
    .map((key) =>
      key === 'time' ? `${part}."key time" = CASE WHEN i."pick rank" = 1 THEN i.time END` : `${part}.${key} = i.${key}`,
    )
    .join(' AND ');
}

/** SQL of the events without an impression, with the columns of `MatchedEvents.unmatched`. */
export function unmatchedSql(
  matched: readonly { readonly source: EventSource; readonly rows: string }[],
  events: number,
): string {
  const numbers = Array.from({ length: events }, (_, k) => k);
  const selects = matched
    .filter(({ source }) => source.asked.unmatched !== 'ignore')
    .map(({ source, rows }) => {
      const own = new Set(source.events.map(({ k }) => k));
      const columns = [
        '"user"',
        'item',
        'time',
        'CAST(request AS VARCHAR) AS request',
        ...numbers.map((k) => `${own.has(k) ? flagColumn(k) : 'false'} AS ${eventColumn(k)}`),
        'shown',
        `${source.asked.unmatched === 'positive'} AND time IS NOT NULL AS positive`,
      ];
      return `SELECT ${columns.join(', ')} FROM ${rows} WHERE shown IS NULL OR shown > coalesce(time, CAST('-infinity' AS TIMESTAMP))`;
    });
  if (selects.length === 0)
    return `SELECT ${['"user"', 'item', 'time', 'CAST(request AS VARCHAR) AS request', ...numbers.map((k) => `false AS ${eventColumn(k)}`), 'shown', 'false AS positive'].join(', ')} FROM ${matched[0]?.rows ?? ''} WHERE false`;
  return `SELECT "user", item, time, request, ${[...numbers.map((k) => `bool_or(${eventColumn(k)}) AS ${eventColumn(k)}`), 'shown', 'positive'].join(', ')} FROM (${selects.join(' UNION ALL ')}) GROUP BY "user", item, time, request, shown, positive`;
}
