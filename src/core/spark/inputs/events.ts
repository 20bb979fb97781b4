import { hasExposureSteps } from '../../data/sequences.ts';
import { always } from '../always.ts';
import {
  and,
  asc,
  bool,
  cast,
  col,
  countRows,
  fn,
  int,
  nothing,
  or,
  over,
  sql,
  text,
  when,
} from '../../relation/expression.ts';
import { cols, type Columns, columnsFrom, equal, from, join, select, unionAll } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import { eventColumn, eventTime, firstTime } from './eventColumns.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';
import type { SparkEventTable, SparkJob } from '../sparkJob.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/** Column: rank of an impression among the impressions of the same user, item and time. */
const rank = 'pick_rank';

/** Column: number of equal rows in the files. */
export const equalRows = 'n';

/** Column: the last microsecond of an event with a date. */
const timeEnd = 't_end';

/** How events are joined to impressions: by request, by time, or by user and item alone. */
type Way = 'request' | 'time' | 'pair';

const keys: Readonly<Record<Way, readonly string[]>> = {
  request: ['user', 'item', 'request'],
  time: ['user', 'item', 't'],
  pair: ['user', 'item'],
};

/** The events of `data.clicks`, matched with the impressions. docs/sampling.md: Which rows count. */
export interface MatchedEvents {
  /** The step with the impressions and their events; the columns of the impressions are unchanged. */
  readonly log: string;
  /** Indexes of the events whose tables have a time. */
  readonly timed: ReadonlySet<number>;
  /**
   * The step of the events without an impression: `user`, `item`, `t` (NULL: no time), `request`, `event_<k>` for each
   * event, `shown` (time of the first impression after the event) and `is_positive`. Null if every table ignores them.
   */
  readonly unmatched: string | null;
  /** True if events without an impression can be positives. */
  readonly hasPositives: boolean;
  /**
   * The event steps, one for each table, with the columns `t`, `shown` (time of the impression that the event belongs
   * to) and `n` (number of equal rows in the files).
   */
  readonly eventSteps: readonly EventTableStep[];
}

/** True if an event table is joined to the impressions by time. */
export function isMatchedByTime({ inputs }: Pick<SparkJob, 'inputs'>, hasRequests: boolean): boolean {
  return inputs.clicks.some((table) => hasItems(table) && waysOf(table, hasRequests).includes('time'));
}

/** False for a table whose events have values in place of items: they are only steps. */
export const hasItems = ({ table: { roles } }: SparkEventTable): boolean => roles['item'] !== undefined;

function waysOf({ table: { roles } }: SparkEventTable, hasRequests: boolean): readonly Way[] {
  if (roles['request'] && hasRequests) return ['request'];
  return roles['time'] ? ['time', 'pair'] : ['pair'];
}

/** The times of the events of each table that has times. */
export function eventTimes(sources: Sources): Relation[] {
  return sources.clicks.flatMap(({ table, source }) =>
    hasItems(table) && source.hasRole('time')
      ? [select([['t', source.time('time')]], source.view, { where: source.filter() })]
      : [],
  );
}

/**
 * Steps that match the events of the tables with the impressions.
 * @param rows the step of the valid impressions
 * @param pick order that decides which of several impressions of one user, item and time gets the event
 */
export function addMatchedEvents(
  script: Script,
  sources: Sources,
  { inputs }: SparkJob,
  { rows, pick }: { readonly rows: string; readonly pick: readonly Expression[] },
): MatchedEvents {
  const events = inputs.events.map((event, k) => ({ ...event, k }));
  const source = sources.required('impressions');
  const hasRequests = source.hasRole('request');
  const needsFirst = inputs.sequences.some(hasExposureSteps);
  const requestType = hasRequests && source.isInteger('request') ? 'BIGINT' : 'STRING';
  const joins: Join[] = [];
  const columnsByEvent = new Map<number, JoinedEvent>();
  const timed = new Set<number>();
  const unmatched: Relation[] = [];
  const used = new Set<Way>();
  const positive = new Set<string>();
  const eventSteps: EventTableStep[] = [];
  sources.clicks.forEach(({ table, source: clicks }, index) => {
    const tableEvents = events.filter((event) => event.table === table.name);
    if (tableEvents.length === 0 || !hasItems(table)) return;
    const ways = waysOf(table, hasRequests);
    const first = needsFirst ? (clicks.mayBeDates('time') ? timeEnd : 't') : null;
    const step = addMatches(script, { table, source: clicks, tableEvents, ways, index, rows, requestType, first });
    const sure = tableEvents.filter(({ condition }) => !('unknown' in condition)).map(({ k }) => eventColumn(k));
    eventSteps.push({ name: table.name, step, sure });
    for (const way of ways) {
      const keyed = addKeyedEvents(script, way, tableEvents, step, { isOneOfSeveral: ways.length > 1, first });
      const name = `m${joins.length}`;
      used.add(way);
      joins.push(
        join(
          'left',
          keyed,
          name,
          // One of several impressions at the same time gets the event.
          and(equal(name, 'l', keys[way]), ...(way === 'time' ? [sql`${col(rank, 'l')} = ${int(1)}`] : [])),
        ),
      );
      for (const { k } of tableEvents) {
        const columns = columnsByEvent.get(k) ?? { flags: [], times: [], firsts: [] };
        columnsByEvent.set(k, columns);
        columns.flags.push(fn('coalesce', col(eventColumn(k), name), bool(false)));
        columns.times.push(col(eventTime(k), name));
        columns.firsts.push(col(firstTime(k), name));
        if (clicks.hasRole('time')) timed.add(k);
      }
    }
    if (mayBePositive(table)) positive.add(table.name);
    if (table.unmatched !== 'ignore') unmatched.push(unmatchedOf(table, step, tableEvents, events.length));
  });
  const ranked = used.has('time')
    ? select(
        [
          { all: null },
          [rank, over(fn('rank'), { partition: cols(['user', 'item', 't']), order: pick.map((value) => asc(value)) })],
        ],
        rows,
      )
    : select([{ all: null }], rows);
  const log = script.view(
    'log_events',
    select(
      [
        { all: 'l' },
        ...[...columnsByEvent].flatMap(([k, columns]) => joinedColumns(k, columns, timed.has(k), needsFirst)),
      ],
      from(ranked, 'l'),
      { joins },
    ),
    'The impressions and the events of data.clicks. docs/sampling.md: Which rows count.',
  );
  const flags = events.map(({ k }) => [eventColumn(k), fn('bool_or', col(eventColumn(k)))] as const);
  const key = ['user', 'item', 't', 'request', 'shown', 'is_positive'];
  return {
    log,
    timed,
    unmatched:
      unmatched.length === 0
        ? null
        : script.table(
            'unmatched_events',
            select([...key, ...flags], unionAll(...unmatched), { groupBy: cols(key) }),
            'Events without an impression. shown: the first impression after the event, if there is one.',
          ),
    hasPositives: positive.size > 0,
    eventSteps,
  };
}

/** An event of the impressions: by join, whether it happened and its times. */
interface JoinedEvent {
  readonly flags: Expression[];
  readonly times: Expression[];
  readonly firsts: Expression[];
}

function joinedColumns(
  k: number,
  { flags, times, firsts }: JoinedEvent,
  isTimed: boolean,
  needsFirst: boolean,
): Columns {
  const earliest = (all: readonly Expression[]): Expression =>
    all.length > 1 ? fn('least', ...all) : (all[0] ?? nothing('BIGINT'));
  return [
    [eventColumn(k), or(...flags)],
    ...(isTimed ? [[eventTime(k), earliest(times)] as const] : []),
    ...(isTimed && needsFirst ? [[firstTime(k), earliest(firsts)] as const] : []),
  ];
}

/** The step of an event table. `sure`: its flag columns, without the flags of unknown outcomes. */
interface EventTableStep {
  readonly name: string;
  readonly step: string;
  readonly sure: readonly string[];
}

interface Matching {
  readonly table: SparkEventTable;
  readonly source: Source;
  readonly tableEvents: readonly (SparkJob['inputs']['events'][number] & { readonly k: number })[];
  readonly ways: readonly Way[];
  readonly index: number;
  readonly rows: string;
  /** SQL type of the request ids in the log. */
  readonly requestType: 'BIGINT' | 'STRING';
  /** Column with the times from which events are known, for steps. */
  readonly first: 't' | typeof timeEnd | null;
}

/** Two steps: the distinct events of a table with their counts, then the time `shown` of their impression or NULL. */
function addMatches(
  script: Script,
  { table, source, tableEvents, ways, index, rows, requestType, first }: Matching,
): string {
  const ends = first === timeEnd ? [first] : [];
  const flags = tableEvents.map(({ k }) => eventColumn(k));
  const raw = select(
    [
      ['user', source.id('user')],
      ['item', source.id('item')],
      ['request', source.hasRole('request') ? cast(source.id('request'), requestType) : nothing(requestType)],
      ['t', source.hasRole('time') ? source.time('time') : nothing('BIGINT')],
      ...ends.map((name) => [name, source.time('time', true)] as const),
      ...tableEvents.map(({ k, condition }) => [eventColumn(k), source.event(condition)] as const),
    ],
    source.view,
    { where: source.filter() },
  );
  const columns = ['user', 'item', 'request', 't', ...ends, ...flags];
  const distinct = script.table(
    `events_${index}`,
    select([...columns, [equalRows, countRows]], raw, {
      groupBy: cols(columns),
      where: [sql`${col('user')} IS NOT NULL`, sql`${col('item')} IS NOT NULL`, or(...cols(flags))],
    }),
    `The distinct events of data.${table.name}.`,
  );
  const matched = ways.map((way) => {
    const wayFilter =
      ways.length === 1 ? [] : [way === 'time' ? sql`${col('t')} IS NOT NULL` : sql`${col('t')} IS NULL`];
    const wayEvents = select([...columns, equalRows], distinct, { where: wayFilter });
    if (way === 'time') return matchedByTime(wayEvents, { columns, flags, rows, requestType, within: table.within });
    const firstImpressions = select([...keys[way], ['first', fn('min', col('t'))]], rows, {
      where: way === 'request' ? [sql`${col('request')} IS NOT NULL`] : [],
      groupBy: cols(keys[way]),
    });
    return select(
      [...columnsFrom([...columns, equalRows], 'e'), ['shown', col('first', 'i')], ['way', text(way)]],
      from(wayEvents, 'e'),
      { joins: [join('left', firstImpressions, 'i', equal('i', 'e', keys[way]))] },
    );
  });
  return script.table(
    `events_${index}_matched`,
    unionAll(...matched),
    'shown: the time of the impression that an event belongs to.',
  );
}

/**
 * As-of join: for each event, the latest impression of the same user and item that is not after it, and at most
 * `within` microseconds before it. A running maximum over the union of both avoids a join by range.
 */
export function matchedByTime(
  events: Relation,
  {
    columns,
    flags,
    rows,
    requestType,
    within,
  }: {
    readonly columns: readonly string[];
    readonly flags: readonly string[];
    readonly rows: string;
    readonly requestType: 'BIGINT' | 'STRING';
    readonly within: number;
  },
): Relation {
  const pairs = select(['user', 'item'], events, { distinct: true });
  const impressions = select(
    [
      ['user', col('user', 'l')],
      ['item', col('item', 'l')],
      ['request', nothing(requestType)],
      ['t', col('t', 'l')],
      ...(columns.includes(timeEnd) ? [[timeEnd, nothing('BIGINT')] as const] : []),
      ...flags.map((name) => [name, bool(false)] as const),
      [equalRows, int(0)],
      ['seen', col('t', 'l')],
      ['is_event', int(0)],
    ],
    from(rows, 'l'),
    {
      joins: [join('semi', pairs, 'e', equal('e', 'l', keys.pair))],
    },
  );
  const union = unionAll(
    impressions,
    select([...columns, equalRows, ['seen', nothing('BIGINT')], ['is_event', int(1)]], events),
  );
  const newest = over(fn('max', col('seen')), {
    partition: [col('user'), col('item')],
    order: [asc(col('t')), asc(col('is_event'))],
    rows: 'upToHere',
  });
  return select(
    [
      ...columns,
      equalRows,
      ['shown', when([[sql`${sql`${col('t')} - ${col('newest')}`} <= ${int(within)}`, col('newest')]])],
      ['way', text('time')],
    ],
    select([...columns, equalRows, 'is_event', ['newest', newest]], union),
    { where: [sql`${col('is_event')} = ${int(1)}`] },
  );
}

/** The right side of the join: one row for each key, with the flag and the earliest time of each event. */
function addKeyedEvents(
  script: Script,
  way: Way,
  tableEvents: Matching['tableEvents'],
  step: string,
  { isOneOfSeveral, first }: { readonly isOneOfSeveral: boolean; readonly first: Matching['first'] },
): string {
  const keyColumns = keys[way].map((name) => (name === 't' ? (['t', col('shown')] as const) : name));
  const hasImpression = sql`${col('shown')} IS NOT NULL`;
  return script.view(
    `${step}_by_${way}`,
    select(
      [
        ...keyColumns,
        ...tableEvents.flatMap(({ k }) => [
          [eventColumn(k), fn('bool_or', col(eventColumn(k)))] as const,
          [
            eventTime(k),
            fn('min', when([[col(eventColumn(k)), fn('coalesce', col('t'), int(always.first))]])),
          ] as const,
          ...(first === null ? [] : [[firstTime(k), fn('min', when([[col(eventColumn(k)), col(first)]]))] as const]),
        ]),
      ],
      step,
      {
        where: [...(isOneOfSeveral ? [sql`${col('way')} = ${text(way)}`] : []), hasImpression],
        groupBy: keys[way].map((name) => col(name === 't' ? 'shown' : name)),
      },
    ),
    `The events that impressions find by ${way === 'pair' ? 'user and item' : way}.`,
  );
}

function mayBePositive({ unmatched, table }: SparkEventTable): boolean {
  return unmatched === 'positive' && table.roles['time'] !== undefined;
}

function unmatchedOf(
  table: SparkEventTable,
  step: string,
  tableEvents: Matching['tableEvents'],
  eventCount: number,
): Relation {
  const indexes = new Set(tableEvents.map(({ k }) => k));
  return select(
    [
      'user',
      'item',
      't',
      'request',
      'shown',
      ['is_positive', mayBePositive(table) ? sql`${col('t')} IS NOT NULL` : bool(false)],
      ...Array.from(
        { length: eventCount },
        (_, k) => [eventColumn(k), indexes.has(k) ? col(eventColumn(k)) : bool(false)] as const,
      ),
    ],
    step,
    {
      where: [
        sql`${sql`${col('shown')} IS NULL`} OR ${sql`${col('shown')} > ${fn('coalesce', col('t'), int(always.first))}`}`,
      ],
    },
  );
}
