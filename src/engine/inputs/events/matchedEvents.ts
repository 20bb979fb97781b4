import { createHash } from 'node:crypto';
import { message } from '../../../core/message/message.ts';
import type { EventCounts } from '../../../core/sampling/eventCounts.ts';
import { hasItems, type AskedLog } from '../../../protocol/askedTable.ts';
import type { JoinedEvents } from '../../tables/log.ts';
import type { Tables } from '../../tables/tables.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { within } from '../world/within.ts';
import {
  atColumn,
  firstTimeColumn,
  flagColumn,
  joinOn,
  matchedSql,
  partSql,
  unmatchedSql,
  waysOf,
  type EventSource,
} from './matchSql.ts';

interface Matched extends Pick<EventCounts, 'name' | 'does'> {
  /** SQL name of its distinct events. */
  readonly rows: string;
  /** SQL that is true if an event holds for sure. */
  readonly holds: string;
}

/**
 * The events of separate tables, matched with the impressions. An event with a request belongs to the impressions of its
 * user, request and item. Without requests, it belongs to the newest impression of the user and item that is neither
 * after it nor older than `within`; without a time, to every impression of the user and item.
 */
export class MatchedEvents {
  static readonly none = new MatchedEvents([], { joins: [], columns: new Map(), isPicked: false }, null, false);

  private constructor(
    private readonly tables: readonly Matched[],
    /** What the log joins. */
    readonly joined: JoinedEvents,
    /**
     * SQL name of the events without an impression; null if there are none. Columns: `"user"`, `item`, `time` (NULL:
     * always), `request` as text, `event <k>` for each event of the log, `shown`, and `positive`. An event that has only
     * later impressions is among them, with the earliest as `shown`: up to any earlier time, it has none.
     */
    readonly unmatched: string | null,
    /** Whether some events without an impression are positives. */
    readonly hasPositives: boolean,
  ) {}

  /**
   * Matches the events of a log. Equal logs share their tables within one database.
   * @param log with the types of ids
   * @param exposures SQL of the valid impressions, by roles
   */
  static async open(
    tables: Tables,
    log: AskedLog,
    { exposures, timezone }: { readonly exposures: string; readonly timezone: string },
    work: Work,
  ): Promise<MatchedEvents> {
    const { clicks = [] } = log;
    const sources = clicks.filter(hasItems).flatMap((asked): EventSource[] => {
      const events = log.events.flatMap((event, k) => (event.table === asked.name ? [{ event, k }] : []));
      return events.length === 0 ? [] : [{ asked, events, ways: waysOf(asked, log), open: tables.table(asked.ref) }];
    });
    // Events without an item have no impression.
    const ofValues = log.events.flatMap(({ table }, k) =>
      clicks.some((asked) => asked.name === table && !hasItems(asked))
        ? [[k, { holds: 'false', at: null, first: null }] as const]
        : [],
    );
    if (sources.length === 0)
      return new MatchedEvents([], { joins: [], columns: new Map(ofValues), isPicked: false }, null, false);
    const key = createHash('md5')
      .update(JSON.stringify([sources.map(({ asked }) => asked), log.events, log.impressions, timezone]))
      .digest('hex');
    const make = async (name: string, select: string): Promise<string> => {
      const table = quoteIdentifier(`${name} ${key}`);
      await tables.statement(`CREATE TABLE IF NOT EXISTS ${table} AS ${select}`, message('Matching the events'), work);
      return table;
    };
    const matched: (Matched & { readonly source: EventSource })[] = [];
    const joins: string[] = [];
    const columns = new Map<number, { readonly holds: string[]; readonly at: string[]; readonly first: string[] }>();
    for (const [index, source] of sources.entries()) {
      const rows = await make(`events ${index}`, matchedSql(source, exposures, timezone));
      const flags = source.events.flatMap(({ event, k }) => ('unknown' in event ? [] : [flagColumn(k)]));
      const holds = flags.join(' OR ') || 'false';
      matched.push({ name: source.asked.name, does: source.asked.unmatched, rows, holds, source });
      for (const way of source.ways) {
        const part = await make(`events ${index} ${way}`, partSql(source, way, rows));
        const name = `m${joins.length}`;
        joins.push(`LEFT JOIN ${part} ${name} ON ${joinOn(way, name)}`);
        for (const { k } of source.events) {
          const known = columns.get(k) ?? { holds: [], at: [], first: [] };
          columns.set(k, known);
          known.holds.push(`coalesce(${name}.${flagColumn(k)}, false)`);
          if (!source.asked.columns.time) continue;
          known.at.push(`${name}.${atColumn(k)}`);
          known.first.push(`${name}.${firstTimeColumn(k)}`);
        }
      }
    }
    const unmatched = await make('unmatched', unmatchedSql(matched, log.events.length));
    const [row] = await tables.rows(`SELECT count(*), count(*) FILTER (WHERE positive) FROM ${unmatched}`, work);
    const earliest = (times: readonly string[]): string | null =>
      times.length === 0 ? null : times.length === 1 ? times.join() : `least(${times.join(', ')})`;
    const sql = [...columns].map(
      ([k, { holds, at, first }]) =>
        [k, { holds: holds.join(' OR '), at: earliest(at), first: earliest(first) }] as const,
    );
    return new MatchedEvents(
      matched,
      { joins, columns: new Map([...sql, ...ofValues]), isPicked: sources.some(({ ways }) => ways.includes('time')) },
      numberIn(row) === 0 ? null : unmatched,
      numberIn(row, 1) > 0,
    );
  }

  /** Whether event number `k` of the log has a time of its own. */
  isTimed(k: number): boolean {
    return (this.joined.columns.get(k)?.at ?? null) !== null;
  }

  /** By table, the rows up to a time in microseconds, and whether their impressions are up to it. */
  async counts(tables: Tables, until: number, work: Work): Promise<EventCounts[]> {
    const counts: EventCounts[] = [];
    for (const { name, does, rows, holds } of this.tables) {
      const [row] = await tables.rows(
        `SELECT sum(n) FILTER (WHERE known), sum(n) FILTER (WHERE NOT known) FROM (
          SELECT n, shown IS NOT NULL AND ${within('shown', { from: -Infinity, to: until })} AS known FROM ${rows}
          WHERE (${holds}) AND (time IS NULL OR ${within('time', { from: -Infinity, to: until })}))`,
        work,
      );
      counts.push({ name, matched: numberIn(row), unmatched: numberIn(row, 1), does });
    }
    return counts;
  }
}
