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
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';
import type { SparkEventTable, SparkJob } from '../sparkJob.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/** Column of whether an event holds. */
export const eventColumn = (k: number): string => `event_${k}`;
/** Column of the time of an event. Only of events whose tables have times. */
const eventTime = (k: number): string => `event_${k}_at`;
/** Column of the rank of an impression among those of its user, item and time. */
const rank = 'pick_rank';

/** Column of the number of equal rows in the files. */
export const equalRows = 'n';

/** How an event finds its impressions: by its request, by its time, or by user and item alone. */
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
  /** Numbers of the events that have times of their own. */
  readonly timed: ReadonlySet<number>;
  /**
   * The step of the events without an impression: `user`, `item`, `t` (NULL: always), `request`, `event_<k>` for each
   * event, `shown`: the time of an impression after the event, and `is_positive`. Null without any.
   */
  readonly unmatched: string | null;
  /** True if events without an impression may be positives. */
  readonly hasPositives: boolean;
  /**
   * By table, the step of its events: `t`, the time `shown` of their impression, and `n`: the number of equal rows in the
   * files.
   */
  readonly counted: readonly Counted[];
}

/** True if some events find their impressions by time. */
export function isMatchedByTime({ inputs }: Pick<SparkJob, 'inputs'>, hasRequests: boolean): boolean {
  return inputs.clicks.some((table) => waysOf(table, hasRequests).includes('time'));
}

function waysOf({ table: { roles } }: SparkEventTable, hasRequests: boolean): readonly Way[] {
  if (roles['request'] && hasRequests) return ['request'];
  return roles['time'] ? ['time', 'pair'] : ['pair'];
}

/** The times of the events of each table that has times. */
export function eventTimes(sources: Sources): Relation[] {
  return sources.clicks.flatMap(({ source }) =>
    source.has('time') ? [select([['t', source.time('time')]], source.view, { where: source.filter() })] : [],
  );
}

/**
 * Steps that match the events of the tables with the impressions.
 * @param rows the step of the valid impressions
 * @param pick their pick order within one user, item and time
 */
export function addMatchedEvents(
  script: Script,
  sources: Sources,
  { inputs }: SparkJob,
  { rows, pick }: { readonly rows: string; readonly pick: readonly Expression[] },
): MatchedEvents {
  const events = inputs.events.map((event, k) => ({ ...event, k }));
  const source = sources.required('impressions');
  const hasRequests = source.has('request');
  const requests = hasRequests && source.isInteger('request') ? 'BIGINT' : 'STRING';
  const joins: Join[] = [];
  const found = new Map<number, { readonly holds: Expression[]; readonly at: Expression[] }>();
  const timed = new Set<number>();
  const unmatched: Relation[] = [];
  const used = new Set<Way>();
  const positive = new Set<string>();
  const counted: Counted[] = [];
  sources.clicks.forEach(({ table, source: clicks }, index) => {
    const own = events.filter((event) => event.table === table.name);
    if (own.length === 0) return;
    const ways = waysOf(table, hasRequests);
    const step = addMatches(script, { table, source: clicks, own, ways, index, rows, requests });
    const sure = own.filter(({ condition }) => !('unknown' in condition)).map(({ k }) => eventColumn(k));
    counted.push({ name: table.name, step, sure });
    for (const way of ways) {
      const part = addPart(script, way, own, step, ways.length > 1);
      const name = `m${joins.length}`;
      used.add(way);
      joins.push(
        join(
          'left',
          part,
          name,
          and(equal(name, 'l', keys[way]), ...(way === 'time' ? [sql`${col(rank, 'l')} = ${int(1)}`] : [])),
        ),
      );
      for (const { k } of own) {
        const columns = found.get(k) ?? { holds: [], at: [] };
        found.set(k, columns);
        columns.holds.push(fn('coalesce', col(eventColumn(k), name), bool(false)));
        columns.at.push(col(eventTime(k), name));
        if (clicks.has('time')) timed.add(k);
      }
    }
    if (isPositive(table)) positive.add(table.name);
    if (table.unmatched !== 'ignore') unmatched.push(unmatchedOf(table, step, own, events.length));
  });
  const ranked: Relation = used.has('time')
    ? select(
        [
          { all: null },
          [
            rank,
            over(fn('rank'), {
              partition: cols(['user', 'item', 't']),
              order: pick.map((one) => asc(one)),
            }),
          ],
        ],
        rows,
      )
    : select([{ all: null }], rows);
  const log = script.view(
    'log_events',
    select(
      [
        { all: 'l' },
        ...[...found].flatMap(([k, { holds, at }]): Columns => [
          [eventColumn(k), or(...holds)],
          ...(timed.has(k)
            ? [[eventTime(k), at.length === 1 ? (at[0] ?? bool(false)) : fn('least', ...at)] as const]
            : []),
        ]),
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
    counted,
  };
}

/** A table of events. `sure`: the columns of its events, without those of where an event is unknown. */
interface Counted {
  readonly name: string;
  readonly step: string;
  readonly sure: readonly string[];
}

interface Matching {
  readonly table: SparkEventTable;
  readonly source: Source;
  readonly own: readonly (SparkJob['inputs']['events'][number] & { readonly k: number })[];
  readonly ways: readonly Way[];
  readonly index: number;
  readonly rows: string;
  /** Type of the ids of requests in the log. */
  readonly requests: 'BIGINT' | 'STRING';
}

/** The distinct events of a table, with the time `shown` of their impression; NULL without one. */
function addMatches(script: Script, { table, source, own, ways, index, rows, requests }: Matching): string {
  const flags = own.map(({ k }) => eventColumn(k));
  const raw = select(
    [
      ['user', source.id('user')],
      ['item', source.id('item')],
      ['request', source.has('request') ? cast(source.id('request'), requests) : nothing(requests)],
      ['t', source.has('time') ? source.time('time') : nothing('BIGINT')],
      ...own.map(({ k, condition }) => [eventColumn(k), source.event(condition)] as const),
    ],
    source.view,
    { where: source.filter() },
  );
  const columns = ['user', 'item', 'request', 't', ...flags];
  const distinct = script.table(
    `events_${index}`,
    select([...columns, [equalRows, countRows]], raw, {
      groupBy: cols(columns),
      where: [sql`${col('user')} IS NOT NULL`, sql`${col('item')} IS NOT NULL`, or(...cols(flags))],
    }),
    `The distinct events of data.${table.name}.`,
  );
  const matched = ways.map((way) => {
    const some = ways.length === 1 ? [] : [way === 'time' ? sql`${col('t')} IS NOT NULL` : sql`${col('t')} IS NULL`];
    const all = select([...columns, equalRows], distinct, { where: some });
    if (way === 'time') return matchedByTime(all, { columns, flags, rows, requests, within: table.within });
    const shown = select([...keys[way], ['first', fn('min', col('t'))]], rows, {
      where: way === 'request' ? [sql`${col('request')} IS NOT NULL`] : [],
      groupBy: cols(keys[way]),
    });
    return select(
      [...columnsFrom([...columns, equalRows], 'e'), ['shown', col('first', 'i')], ['way', text(way)]],
      from(all, 'e'),
      { joins: [join('left', shown, 'i', equal('i', 'e', keys[way]))] },
    );
  });
  return script.table(
    `events_${index}_matched`,
    unionAll(...matched),
    'shown: the time of the impression that an event belongs to.',
  );
}

/** The newest impression of user and item that is not after an event, and not older than `within`. */
function matchedByTime(
  events: Relation,
  {
    columns,
    flags,
    rows,
    requests,
    within,
  }: {
    readonly columns: readonly string[];
    readonly flags: readonly string[];
    readonly rows: string;
    readonly requests: 'BIGINT' | 'STRING';
    readonly within: number;
  },
): Relation {
  const pairs = select(['user', 'item'], events, { distinct: true });
  const impressions = select(
    [
      ['user', col('user', 'l')],
      ['item', col('item', 'l')],
      ['request', nothing(requests)],
      ['t', col('t', 'l')],
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
  const both = unionAll(
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
    select([...columns, equalRows, 'is_event', ['newest', newest]], both),
    { where: [sql`${col('is_event')} = ${int(1)}`] },
  );
}

/** What the impressions join: one row for each key, with the flag and the earliest time of each event. */
function addPart(script: Script, way: Way, own: Matching['own'], step: string, isOneOfSeveral: boolean): string {
  const named = keys[way].map((name) => (name === 't' ? (['t', col('shown')] as const) : name));
  const isKnown = sql`${col('shown')} IS NOT NULL`;
  return script.view(
    `${step}_by_${way}`,
    select(
      [
        ...named,
        ...own.flatMap(({ k }) => [
          [eventColumn(k), fn('bool_or', col(eventColumn(k)))] as const,
          [
            eventTime(k),
            fn('min', when([[col(eventColumn(k)), fn('coalesce', col('t'), int(always.first))]])),
          ] as const,
        ]),
      ],
      step,
      {
        where: [...(isOneOfSeveral ? [sql`${col('way')} = ${text(way)}`] : []), isKnown],
        groupBy: keys[way].map((name) => col(name === 't' ? 'shown' : name)),
      },
    ),
    `The events that impressions find by ${way === 'pair' ? 'user and item' : way}.`,
  );
}

function isPositive({ unmatched, table }: SparkEventTable): boolean {
  return unmatched === 'positive' && table.roles['time'] !== undefined;
}

function unmatchedOf(table: SparkEventTable, step: string, own: Matching['own'], events: number): Relation {
  const known = new Set(own.map(({ k }) => k));
  return select(
    [
      'user',
      'item',
      't',
      'request',
      'shown',
      ['is_positive', isPositive(table) ? sql`${col('t')} IS NOT NULL` : bool(false)],
      ...Array.from(
        { length: events },
        (_, k) => [eventColumn(k), known.has(k) ? col(eventColumn(k)) : bool(false)] as const,
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

/** True if an event of a row holds that happened up to a time. Null: at any time. */
export function eventUntil(k: number, isTimed: boolean, until: Expression | null): Expression {
  const holds = col(eventColumn(k));
  if (!isTimed || until === null) return holds;
  const at = col(eventTime(k));
  return and(holds, sql`${sql`${at} IS NULL`} OR ${sql`${at} <= ${until}`}`);
}

/** When it is known that an event of a row holds. */
export function eventKnown(k: number, isTimed: boolean, time: Expression): Expression {
  return isTimed ? fn('greatest', time, fn('coalesce', col(eventTime(k)), time)) : time;
}

/**
 * Conditions on the rows of `unmatched`: the event happened within the bounds, or at an unknown time, and has no
 * impression up to their end. Null: no bound.
 */
export function unmatchedWithin(first: Expression | null, last: Expression | null): Expression[] {
  const inside = [
    ...(first === null ? [] : [sql`${col('t')} >= ${first}`]),
    ...(last === null ? [] : [sql`${col('t')} <= ${last}`]),
  ];
  const isLater = last === null ? [] : [sql`${col('shown')} > ${last}`];
  return [
    ...(inside.length === 0 ? [] : [or(sql`${col('t')} IS NULL`, and(...inside))]),
    or(sql`${col('shown')} IS NULL`, ...isLater),
  ];
}
