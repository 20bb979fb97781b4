import type { SampleSequence } from '../../core/data/sampleSequences.ts';
import { exposureSteps } from '../../core/config/historyRules.ts';
import type { Sequence } from '../../core/data/sequences.ts';
import { hasItems, type AskedLog } from '../../protocol/askedTable.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { stepOrder, stepsSql, stepTables } from '../sequences/stepsSql.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Instant } from '../tables/instant.ts';
import { requestTimes } from '../tables/readTimes.ts';
import { roleTable } from '../tables/roleTable.ts';
import type { HistorySql } from './historySql.ts';

/** The log as SQL, for comparisons with lists. Ids are texts, as in `HistorySql`. */
export class StepLog {
  constructor(
    private readonly sampled: SampledTables,
    private readonly log: AskedLog,
  ) {}

  /** Sequences whose steps the lists may be: the planned one, then each event alone, then all impressions. */
  candidates(planned: Sequence | null): readonly Sequence[] {
    const names = [...this.log.events.map(({ name }) => name), exposureSteps];
    const isResolved = planned?.events.every(({ name }) => names.includes(name)) ?? false;
    return [...(planned && isResolved ? [planned] : []), ...names.map(plainSteps)];
  }

  /**
   * The steps of a sequence: `u`, `i`, the two items before (`i1`, `i2`), `time`, `nth`, the rank of that time among those
   * of the user, and `passed`, the number of steps up to that time.
   */
  timeline(sequence: Sequence): string {
    const ofUser = 'OVER (PARTITION BY "user" ORDER BY';
    const before = [1, 2].map((k) => `lag(CAST(item AS VARCHAR), ${k}) ${ofUser} ${stepOrder([])}) AS i${k}`);
    const steps = stepsSql(this.sampled, sequence, stepTables(this.log), []);
    return `(SELECT CAST("user" AS VARCHAR) AS u, CAST(item AS VARCHAR) AS i, ${before.join(', ')}, time, rank() ${ofUser} time) AS nth, count(*) ${ofUser} time) AS passed FROM ${steps})`;
  }

  /** Every contact of users and items: `u`, `i`, `time`. An event without a time may have been at any time. */
  contacts(): string {
    const { impressions, clicks = [] } = this.log;
    const rows = [impressions, ...clicks.filter(hasItems)].map(({ where: _where, ...table }) => {
      const time = 'time' in table.columns ? 'time' : "TIMESTAMP '-infinity' AS time";
      return `SELECT CAST("user" AS VARCHAR) AS u, CAST(item AS VARCHAR) AS i, ${time} FROM ${this.#rows(table)}`;
    });
    return `(SELECT * FROM (${rows.join(' UNION ALL ')}) WHERE u IS NOT NULL AND i IS NOT NULL)`;
  }

  /** Times of the impressions, as a FROM item with a column `time`. */
  times(): string {
    return `(SELECT time FROM ${this.#rows(this.log.impressions)} WHERE isfinite(time))`;
  }

  /**
   * Beginnings of the requests of rows, as a FROM item with `u`, `key` and `began`: the key is the request if the rows
   * have one, else the time of a row of the log, in a unit of some microseconds. Null: the log has no requests.
   */
  requests(byRequest: boolean, unit: number): string | null {
    const { impressions, clicks = [] } = this.log;
    const times = impressions.columns.request
      ? requestTimes(this.sampled.tables, [impressions, ...clicks], this.sampled)
      : null;
    if (times === null) return null;
    const began = `SELECT CAST("user" AS VARCHAR) AS u, request, time AS began FROM ${times}`;
    if (byRequest) return `(SELECT u, request AS key, began FROM (${began}))`;
    const rows = `SELECT CAST("user" AS VARCHAR) AS u, CAST(request AS VARCHAR) AS request, ${timeKey('time', unit)} AS key FROM ${this.#rows(impressions)} WHERE isfinite(time)`;
    return `(SELECT u, key, max(began) AS began FROM (${rows}) JOIN (${began}) USING (u, request) GROUP BY ALL)`;
  }

  #rows(table: AskedLog['impressions'] | NonNullable<AskedLog['clicks']>[number]): string {
    return roleTable(this.sampled.tables.table(table.ref), table, { timezone: this.sampled.timezone });
  }
}

export const timeKey = (time: string, unit: number): string => `CAST(epoch_us(${time}) // ${unit} AS VARCHAR)`;

function plainSteps(name: string): Sequence {
  return {
    name,
    events: [{ name, weight: 1 }],
    length: 1,
    availableAfter: 0,
    asOf: 'request',
    columns: ['item', 'time'],
    lookback: null,
    where: {},
    without: [],
    session: null,
    dedup: 'none',
    isNewestFirst: false,
  };
}

/** How rows of a file are read for the comparison with the log. */
export interface RowSql {
  readonly sql: HistorySql;
  readonly sequence: SampleSequence & { readonly item: string };
  readonly user: string;
  readonly time: Instant;
  /** Microseconds by which the times of the rows are coarser than those of the log, and their unit. */
  readonly coarse: number;
  readonly unit: number;
}

/** Indexes of the newest three steps of a list. */
export const newestSteps = (isNewestFirst: boolean): readonly number[] => (isNewestFirst ? [1, 2, 3] : [-1, -2, -3]);

/**
 * SQL of the rows of the file with a time and a step; equal rows are counted once. Columns: `u`, `key` of the request,
 * `row_at`, `bound` (a step from then on is late), the items `newest`, `second` and `third`, the length `n`, `kin` (the
 * newest item is one of the row), the newest `step time` before the bound, and the number of positives and negatives,
 * also of those with the newest item.
 */
export function rowsSql({ sql, sequence, user, time, coarse, unit }: RowSql, isNewestFirst: boolean): string {
  const { item } = sequence;
  const { from, to } = time;
  const bound = `${to} + to_microseconds(${coarse})`;
  const [newest = '', second = '', third = ''] = newestSteps(isNewestFirst).map((index) => sql.stepItem(item, index));
  const times = sequence.time === null ? 'NULL' : sql.stepTimes(sequence.time);
  const owns = (label: boolean): string => `len(list_filter(${sql.items(label)}, lambda own: own = ${newest}))`;
  const request = sql.id('request');
  const columns = [
    `${user} AS u`,
    `${request ?? timeKey(from, unit)} AS key`,
    `${from} AS row_at`,
    `${bound} AS bound`,
    `${newest} AS newest, ${second} AS second, ${third} AS third`,
    `len(${quoteIdentifier(item)}) AS n`,
    `len(${sql.items(true)}) AS positives`,
    `len(${sql.items(false)}) AS negatives`,
    `${owns(true)} AS "own positives"`,
    `${owns(false)} AS "own negatives"`,
    `coalesce(list_contains(${sql.kin()}, ${newest}), false) AS kin`,
    sequence.time === null
      ? 'NULL::TIMESTAMP AS "step time"'
      : `CASE WHEN list_max(${times}) < ${bound} THEN list_max(${times}) END AS "step time"`,
  ];
  return `(SELECT *, count(*) AS r FROM (SELECT ${columns.join(', ')} FROM ${sql.from}) WHERE u IS NOT NULL AND n > 0 AND isfinite(row_at) AND newest IS NOT NULL GROUP BY ALL)`;
}
