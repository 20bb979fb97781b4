import { unknownIn } from '../../sampling/plan/unknownIn.ts';
import { compareTexts } from '../../sampling/compareTexts.ts';
import { isBundled } from '../../schema/sampleLayout.ts';
import { isPlaced } from '../../sampling/placement.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { isAsOf } from '../../data/passThrough.ts';
import { conditionColumns } from '../../config/eventConditions.ts';
import {
  and,
  bool,
  cast,
  col,
  concatenated,
  fn,
  int,
  not,
  nothing,
  or,
  sql,
  text,
  valueOf,
  when,
} from '../../relation/expression.ts';
import { cols, type Columns, join, named, select, unionAll } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import { addMatchedEvents, hasItems, isMatchedByTime, eventTimes, type MatchedEvents } from './events.ts';
import { eventColumn, eventKnown, eventUntil, firstTimeOfEvent, timeOfEvent } from './eventColumns.ts';
import { outcomeEvents, outcomeFlags, shownAt } from './outcomes.ts';
import type { HistoryColumn } from '../../table/historyProblem.ts';
import { pastColumn, pastOf } from './history.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from './sources.ts';
import { copiesOfLog, stepConditions } from './stepColumns.ts';
import type { Seen } from '../../source/drawPlan.ts';
import type { Expression, Join } from '../../relation/tree.ts';

/** Name of the column of a copied column of the log. */
export const copiedLogColumn = (name: string): string => `copy ${name}`;
/** Name of a column by which rows that are otherwise equal are ordered. */
const tieColumn = (name: string): string => `pick ${name}`;

/** Names the request of a row of the log: its id, or its time if it has none. */
export const requestKey: Expression = fn(
  'coalesce',
  concatenated(text('#'), cast(col('request'), 'STRING')),
  concatenated(text('@'), cast(col('t'), 'STRING')),
);

/** The log as the other steps read it. */
export interface Log {
  /**
   * True if the event of that name holds; `impressions` always does. Events of separate tables after `until` do not
   * exist; null: all exist.
   */
  readonly event: (name: string, until: Expression | null) => Expression;
  /** When it is known that the event holds, given the time of its row. */
  readonly knownTime: (name: string, time: Expression) => Expression;
  /** The earliest known time of the event of a row; NULL: unknown. Null for an event without times. */
  readonly firstEventTime: (name: string) => Expression | null;
  /** Column of its rows with the time from which they are steps: the end of a day, if the time is a date. */
  readonly timeEnd: string;
  /** Null without `data.clicks`. */
  readonly unmatchedEvents: UnmatchedEvents | null;
  readonly hasRequests: boolean;
  /** The pick order of its rows, without user and time: expressions, and the names of their columns. */
  readonly pick: readonly Expression[];
  readonly pickNames: readonly string[];
  readonly ends: Ends;
  /** True if its rows cost no more than to read them: files of Parquet, without events of other tables. */
  readonly isCheap: boolean;
}

/** Events without an impression. */
interface UnmatchedEvents extends Pick<MatchedEvents, 'unmatched' | 'hasPositives' | 'counted'> {
  /** True if one of the events of these names holds for a row of `unmatched`. */
  readonly holdsAny: (names: readonly string[]) => Expression;
}

/** Ends of the windows of a plan, and conditions on times. */
export interface Ends {
  /** The training cut. */
  readonly cut: Expression;
  readonly knownUntil: Expression;
  readonly inTrain: (time: Expression) => Expression[];
  readonly inSplit: (time: Expression) => Expression[];
  /** Rows after known until do not exist for the split. */
  readonly exists: (time: Expression) => Expression[];
  /** From the start of the training window until outcomes are known. */
  readonly inHistory: (time: Expression) => Expression[];
  /** Start of the training window; null: none. */
  readonly start: number | null;
  /** Start of the window of the split; null: none. */
  readonly splitStart: number | null;
}

/**
 * The step `log`: the valid impressions with `user`, `item`, `t`, `request`, `request_key`, events, and `positive`: the
 * index of their positive event in the plan.
 */
export function addLog(script: Script, sources: Sources, job: SparkJob): Log {
  const { plan, inputs } = job;
  const { windows, events } = inputs;
  const source = sources.required('impressions');
  script.section('Log');
  const index = new Map(events.map(({ name }, k) => [name, k] as const));
  const hasClicks = inputs.clicks.some(hasItems);
  const hasRequests = source.hasRole('request');
  const t = col('t');
  const teacher = plan.teacher?.from === 'impressions' ? source.role('teacher').name : null;
  const ties = tieColumns(job, source);
  const histories = historiesOf(plan);
  const timeEnd = inputs.sequences.length > 0 && source.mayBeDates('time') ? 't_end' : 't';
  const rows: Columns = [
    ['user', source.id('user')],
    ['item', source.id('item')],
    ['t', source.time('time')],
    ...(timeEnd === 't' ? [] : [[timeEnd, source.time('time', true)] as const]),
    ['request', hasRequests ? source.id('request') : nothing('STRING')],
    ['position', source.hasRole('position') ? source.column(source.role('position').name) : nothing('BIGINT')],
    ['viewed', source.hasRole('viewed') ? source.flag(source.role('viewed').name) : bool(true)],
    ...events.flatMap(({ condition, table }, k) =>
      table === undefined ? [[eventColumn(k), source.event(condition)] as const] : [],
    ),
    ...(teacher === null ? [] : [['teacher', source.number(teacher)] as const]),
    ...copiesOfLog(job, source).map((name) => [copiedLogColumn(name), source.column(name)] as const),
    ...stepConditions(job, source),
    ...histories.map((history) => [pastColumn(history.column), pastOf(source, history)] as const),
    ...ties.map((name) => [tieColumn(name), source.columnWithoutNaN(name)] as const),
  ];
  const valid = ['user', 'item', 't'].map((name) => sql`${col(name)} IS NOT NULL`);
  const about = 'Types, times in microseconds, events. docs/sampling.md: Which rows count.';
  const raw = select(rows, source.view, { where: source.filter() });
  const shown = hasClicks
    ? script.table('log_rows', select([{ all: null }], raw, { where: valid }), about)
    : script.view('log_rows', raw, about);
  const pickNames = ['request', 'position', ...ties.map(tieColumn)];
  const pick = cols(pickNames);
  const matched = hasClicks ? addMatchedEvents(script, sources, job, { rows: shown, pick }) : null;
  const isTimed = (k: number): boolean => matched?.timed.has(k) ?? false;
  const event: Log['event'] = (name, end) => {
    if (name === 'impressions') return bool(true);
    const k = index.get(name);
    if (k === undefined) throw new Error(`the job has no event ${name}`);
    return eventUntil(k, isTimed(k), end);
  };
  const until = windows.knownUntil;
  const newestOf = (from: string): Expression => valueOf(select([['newest', fn('max', t)]], named(from)));
  const newest = until === null ? addNewestEvent(script, sources, plan, shown) : int(until);
  const knownFrom = (from: string): Expression => newest ?? newestOf(from);
  const isBounded = until !== null || events.some((_, k) => isTimed(k));
  const known = isBounded ? knownFrom(shown) : null;
  const heaviest = when(plan.positives.events.map(({ name }, k) => [event(name, known), int(k)] as const));
  const unknown = unknownIn(plan);
  const log = script.table(
    'log',
    select(
      [
        { all: null },
        ['request_key', requestKey],
        ...outcomeEvents(plan).map((one) => [one.flag, event(one.event, known)] as const),
        ...(outcomeFlags(plan).length === 0 ? [] : [[shownAt, t] as const]),
        // Rows after known until do not exist for the split.
        ['positive', until === null ? heaviest : when([[sql`${t} <= ${int(until)}`, heaviest]])],
        ...(unknown.length === 0 ? [] : [['unknown', or(...unknown.map((name) => event(name, known)))] as const]),
      ],
      matched?.log ?? shown,
      hasClicks ? {} : { where: valid },
    ),
    'Valid impressions. positive: the heaviest event that makes a positive:',
    plan.positives.events.map(({ name, weight }, k) => `${k} = ${name} (weight ${weight})`).join(', ') + '.',
  );
  const cut = windows.train.to === null ? newestOf(log) : int(windows.train.to);
  const knownUntil = knownFrom(log);
  const between = (time: Expression, first: number | null, last: Expression | null): Expression[] => [
    ...(first === null ? [] : [sql`${time} >= ${int(first)}`]),
    ...(last === null ? [] : [sql`${time} <= ${last}`]),
  ];
  const { train, split } = windows;
  const ends: Ends = {
    cut,
    knownUntil,
    inTrain: (time) => between(time, train.from, train.to === null ? null : cut),
    inSplit: (time) => between(time, split.from, split.to === null ? null : int(split.to)),
    exists: (time) => between(time, null, until === null ? null : int(until)),
    inHistory: (time) => between(time, train.from, until === null ? null : int(until)),
    start: train.from,
    splitStart: split.from,
  };
  return {
    event,
    knownTime: (name, time) => eventKnown(timeOfEvent(index.get(name) ?? -1, isTimed), time),
    firstEventTime: (name) => firstTimeOfEvent(index.get(name) ?? -1, isTimed),
    timeEnd,
    unmatchedEvents: matched && {
      ...matched,
      holdsAny: (names) => or(...names.flatMap((name) => index.get(name) ?? []).map((k) => col(eventColumn(k)))),
    },
    hasRequests,
    ends,
    pick,
    pickNames,
    isCheap: source.isParquet && !hasClicks && (until !== null || known === null),
  };
}

/** Rows of the log, as `l`, that are no positive for sure: conditions. */
export function negativeRows({ positives }: StagePlan, as = 'l'): Expression[] {
  return [sql`${col('positive', as)} IS NULL`, ...(positives.unknown ? [not(col('unknown', as))] : [])];
}

/** The condition of a row of the log, as `l`, that is or may be a positive. */
export function maybePositive({ positives }: StagePlan, as?: string): Expression {
  const isPositive = sql`${col('positive', as)} IS NOT NULL`;
  return positives.unknown ? or(isPositive, col('unknown', as)) : isPositive;
}

/** The histories of a plan, one for each column. */
function historiesOf({ entries }: StagePlan): HistoryColumn[] {
  const all = entries.flatMap(({ exclude }) => exclude?.history ?? []);
  return [...new Map(all.map((history) => [history.column, history])).values()];
}

/** The time of the newest impression or event; null if events do not count. */
function addNewestEvent(script: Script, sources: Sources, { split }: StagePlan, shown: string): Expression | null {
  // Events may be newer than all impressions. They count for evaluation only, since the cut ends the training data.
  const later = split === 'eval' ? eventTimes(sources) : [];
  if (later.length === 0) return null;
  script.table(
    'newest_event',
    select([['t', fn('max', col('t'))]], unionAll(select(['t'], shown), ...later)),
    'The time of the newest impression or event: known until.',
  );
  return valueOf(select(['t'], 'newest_event'));
}

/** True if exposures have an order in the file. */
export function needsTies({ plan, placement, layout }: Pick<SparkJob, 'plan' | 'placement' | 'layout'>): boolean {
  return plan.unit === 'impression' && (isPlaced(placement) || isBundled(layout));
}

/** The columns that decide between rows that are otherwise equal, by name; see docs/sampling.md. */
function tieColumns(
  { inputs, plan, placement, layout }: SparkJob,
  source: { readonly table: SparkJob['inputs']['tables']['impressions'] & object },
): string[] {
  const { roles, columns } = source.table;
  const own = new Set(columns.map(({ name }) => name));
  const tiedRoles = new Set(['user', 'time', 'request', 'position'].map((role) => roles[role]?.name));
  const used = [
    ...Object.values(roles).flatMap((role) => (role ? [role.name] : [])),
    ...inputs.events.flatMap(({ condition }) => conditionColumns(condition)),
    ...inputs.pickColumns,
  ].filter((name) => own.has(name) && !tiedRoles.has(name));
  const isPicked = isMatchedByTime({ inputs }, source.table.roles['request'] !== undefined);
  const isLabelled = (plan.outcomes?.events.length ?? 0) > 0;
  const isTaught = plan.unit === 'request' && plan.teacher?.from === 'impressions';
  const needed =
    isPicked ||
    isLabelled ||
    isTaught ||
    needsTies({ plan, placement, layout }) ||
    inputs.passed.some((one) => isAsOf(one) || (plan.unit !== 'impression' && one.from === 'impressions'));
  return needed ? [...new Set(used)].sort(compareTexts) : [];
}

/** What decides whether an exposure was seen: joins of a query over the log as `l`, and its condition. */
export function seenOf(seen: Seen): { readonly joins: readonly Join[]; readonly condition: Expression } {
  if (seen === 'all') return { joins: [], condition: bool(true) };
  if (seen === 'viewed') return { joins: [], condition: col('viewed', 'l') };
  const position = cast(col('position'), 'BIGINT');
  const last = select(
    [
      ['user', col('user')],
      ['request_key', col('request_key')],
      ['last', fn('max', position)],
    ],
    'log',
    {
      where: [sql`${col('positive')} IS NOT NULL`, sql`${col('position')} IS NOT NULL`],
      groupBy: [col('user'), col('request_key')],
    },
  );
  const on = and(
    sql`${col('user', 'c')} = ${col('user', 'l')}`,
    sql`${col('request_key', 'c')} = ${col('request_key', 'l')}`,
  );
  return {
    joins: [join('left', last, 'c', on)],
    condition: fn(
      'coalesce',
      sql`${cast(col('position', 'l'), 'BIGINT')} <= ${sql`${col('last', 'c')} + ${int(seen.aboveLastClick)}`}`,
      bool(false),
    ),
  };
}

/** True if an event that comes up to `after` microseconds later would be known. */
export function matureOf(after: number | null, { knownUntil }: Ends, time: Expression): Expression[] {
  return after === null ? [] : [sql`${sql`${time} + ${int(after)}`} <= ${knownUntil}`];
}

/** A part of a key. `of`: the data set and column that it comes from, if it is a text that may contain anything. */
interface KeyPart {
  readonly value: Expression;
  readonly textSource: string | null;
}

/** Texts of a key, joined by U+001F; NULL is empty. Ends the job if an id has this character. */
export function keyOf(parts: readonly KeyPart[]): Expression {
  const separator = text('\u001f');
  const texts = parts.map(({ value, textSource }) =>
    fn('coalesce', textSource === null ? cast(value, 'STRING') : value, text('')),
  );
  const key = concatenated(...texts.flatMap((one, k) => (k === 0 ? [one] : [separator, one])));
  const wrong = parts.flatMap(({ value, textSource }) =>
    textSource === null ? [] : [separatorCheck(value, textSource)],
  );
  return wrong.length === 0 ? key : when(wrong, key);
}

/** A case of a text that fails if an id has the character that separates the parts of keys. */
export function separatorCheck(value: Expression, of: string): readonly [Expression, Expression] {
  const failure: Expression = {
    kind: 'call',
    name: 'raise',
    arguments: [text(`${of}: an id contains U+001F, which separates the parts of a key`)],
  };
  return [sql`${fn('instr', value, text('\u001f'))} > ${int(0)}`, cast(failure, 'STRING')];
}

/** CASE of the weight of the event at an index of the plan. */
export function weightOf(plan: StagePlan, index: Expression, literal: (weight: number) => Expression): Expression {
  return when(plan.positives.events.map(({ weight }, k) => [sql`${index} = ${int(k)}`, literal(weight)] as const));
}
