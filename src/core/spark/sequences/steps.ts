import { hasExposureSteps } from '../../data/sequences.ts';
import { fail } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import {
  added,
  asc,
  cast,
  col,
  double,
  fn,
  holds,
  int,
  not,
  nothing,
  or,
  sql,
  text,
  when,
} from '../../relation/expression.ts';
import { cols, type Columns, columnsFrom, equal, from, join, select, unionAll } from '../../relation/relation.ts';
import type { Expression, Order, Relation } from '../../relation/tree.ts';
import { compareTexts } from '../../sampling/compareTexts.ts';
import { holdsKind } from '../../table/holdsKind.ts';
import { type LogicalType, typeName } from '../../table/type.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import { equalRows, matchedByTime } from '../inputs/events.ts';
import { copiedLogColumn, type Log } from '../inputs/log.ts';
import type { Source } from '../inputs/source.ts';
import type { Sources } from '../inputs/sources.ts';
import { hasColumn, rowCopies, stepCondition, stepWhere } from '../inputs/stepColumns.ts';
import type { SparkEventTable, SparkJob, SparkSequence } from '../sparkJob.ts';

/** An event of the rows of a data set: when it holds, and its weight. */
interface StepEvent {
  readonly name: string;
  readonly weight: number;
  readonly holds: Expression;
}

/** A table of events with steps of a sequence. */
interface StepTable {
  readonly table: SparkEventTable;
  readonly source: Source;
}

/**
 * The steps of a sequence: `user`, `t`, `request`, `position`, `item`, `source` (empty for impressions, else the name of
 * the table), `event` (the heaviest), `actions` (the sum of the weights), and the copied columns of their rows.
 * @param k number of the sequence
 */
export function stepsOf(sources: Sources, job: SparkJob, log: Log, sequence: SparkSequence, k: number): Relation {
  const timed = timedTables(sources);
  refuseTypes(sources.required('impressions'), timed, sequence);
  return unionAll(
    ...impressionSteps(sources, job, log, sequence, { k, timed }),
    ...stepTables(sources, job, sequence).map((table) => tableSteps(sources, job, log, sequence, table)),
  );
}

/** Tables whose events have times. */
const timedTables = ({ clicks }: Sources): StepTable[] => clicks.filter(({ source }) => source.hasRole('time'));

/** The tables with steps of a sequence. */
export function stepTables(sources: Sources, job: SparkJob, sequence: SparkSequence): StepTable[] {
  return timedTables(sources).filter(({ table }) => eventsOf(job, table, sequence).length > 0);
}

/** The order of the steps of a user: time, request, position, item, table, then what they copy by name. */
export function stepOrder(sequence: SparkSequence): Order[] {
  const names = [
    'request',
    'position',
    'item',
    'source',
    ...rowCopies(sequence).sort(compareTexts).map(copiedLogColumn),
  ];
  return [...names, 'actions', 'event'].map((name) => asc(col(name)));
}

function impressionSteps(
  sources: Sources,
  job: SparkJob,
  log: Log,
  sequence: SparkSequence,
  { k, timed }: { readonly k: number; readonly timed: readonly StepTable[] },
): Relation[] {
  const source = sources.required('impressions');
  const ofTables = new Set(timed.flatMap(({ table }) => eventsOf(job, table)).map(({ name }) => name));
  const holds = (name: string): Expression | null =>
    ofTables.has(name) ? mergedEvent(log, name, sequence) : log.event(name, null);
  const events = sequence.events.flatMap(({ name, weight }): StepEvent[] => {
    const condition = holds(name);
    return condition === null ? [] : [{ name, weight, holds: condition }];
  });
  if (events.length === 0) return [];
  const rows = select(
    [
      'user',
      // A date without a time of day is visible from the next day on.
      ['t', col(log.timeEnd)],
      ...['request', 'position', 'item'],
      ['source', text('')],
      ...eventColumns(sequence, events),
      ...copiedColumns(source, sequence),
    ],
    'log',
    {
      where: [
        anyOf(events),
        col(stepWhere(k)),
        ...sequence.without.flatMap((name) => holds(name) ?? []).map(not),
        ...ofChosenUsers(job, sources, col('user')),
      ],
    },
  );
  return [rows];
}

/**
 * An event of a table as a part of the step of its impression: it came less than the delay later. Null if impressions
 * are no steps, so that each event is a step of its own.
 */
function mergedEvent(log: Log, name: string, sequence: SparkSequence): Expression | null {
  const time = log.firstEventTime(name);
  if (time === null || !hasExposureSteps(sequence)) return null;
  return holds(sql`${sql`${time} - ${col(log.timeEnd)}`} < ${int(sequence.availableAfter)}`);
}

/** The rows of a table with one of its events, without those that are a part of the step of an impression. */
function tableSteps(
  sources: Sources,
  job: SparkJob,
  { timeEnd }: Log,
  sequence: SparkSequence,
  { table, source }: StepTable,
): Relation {
  const log = sources.required('impressions');
  const hasRequest = source.hasRole('request');
  const request = hasRequest ? source.id('request') : sql`NULL`;
  const own = eventsOf(job, table, sequence);
  const events = own.map(({ name, weight }, k): StepEvent => ({ name, weight, holds: col(`holds_${k}`) }));
  const copies = rowCopies(sequence);
  const rows = select(
    [
      ['user', source.id('user')],
      ['t', source.time('time')],
      ['t_end', source.time('time', true)],
      ['request', hasRequest && log.hasRole('request') ? cast(request, requestType(log)) : request],
      ['item', source.id(source.hasRole('item') ? 'item' : 'value')],
      ...own.map(({ condition }, k) => [`holds_${k}`, source.event(condition)] as const),
      ...copies.flatMap((name) =>
        hasColumn(source, name) ? [[copiedLogColumn(name), source.column(name)] as const] : [],
      ),
    ],
    source.view,
    {
      where: [
        ...source.filter(),
        stepCondition(source, sequence.where),
        ...ofChosenUsers(job, sources, source.id('user')),
      ],
    },
  );
  const valid = select([{ all: null }], rows, {
    where: [...['user', 'item', 't'].map((name) => sql`${col(name)} IS NOT NULL`), anyOf(events)],
  });
  return select(
    [
      'user',
      // A date without a time of day is visible from the next day on.
      ['t', col('t_end')],
      'request',
      ['position', sql`NULL`],
      'item',
      ['source', text(table.name)],
      ...eventColumns(sequence, events),
      ...copiedColumns(source, sequence),
    ],
    hasExposureSteps(sequence) ? withoutMerged(valid, { log, timeEnd }, table, source, sequence) : valid,
  );
}

/** Events that have no impression, or came the delay or longer after it. */
function withoutMerged(
  events: Relation,
  { log, timeEnd }: { readonly log: Source; readonly timeEnd: string },
  table: SparkEventTable,
  source: Source,
  { availableAfter }: SparkSequence,
): Relation {
  const byRequest = source.hasRole('request') && log.hasRole('request');
  const key = byRequest ? ['user', 'item', 'request'] : ['user', 'item', 't'];
  const newest = byRequest
    ? select([...key, newestOf(timeEnd)], 'log', {
        where: [sql`${col('request')} IS NOT NULL`],
        groupBy: cols(key),
      })
    : shownBefore(events, table, timeEnd);
  const age = sql`${col('t_end', 'e')} - ${col('newest', 'i')}`;
  return select([{ all: 'e' }], from(events, 'e'), {
    joins: [join('left', newest, 'i', equal('i', 'e', key))],
    where: [or(sql`${col('newest', 'i')} IS NULL`, sql`${age} >= ${int(availableAfter)}`)],
  });
}

const newestOf = (timeEnd: string) => ['newest', fn('max', col(timeEnd))] as const;

/** By `user`, `item` and `t` of an event, the end of its impression: `newest`. */
function shownBefore(events: Relation, { within }: SparkEventTable, timeEnd: string): Relation {
  const key = ['user', 'item', 't'];
  const distinct = select(['user', 'item', ['request', nothing('STRING')], 't', [equalRows, int(0)]], events, {
    distinct: true,
  });
  const columns = ['user', 'item', 'request', 't'];
  const shown = matchedByTime(distinct, { columns, flags: [], rows: 'log', requestType: 'STRING', within });
  if (timeEnd === 't') return select([...key, ['newest', col('shown')]], shown);
  const ends = select(['user', 'item', ['shown', col('t')], newestOf(timeEnd)], 'log', { groupBy: cols(key) });
  return select([...columnsFrom(key, 'm'), ['newest', col('newest', 'l')]], from(shown, 'm'), {
    joins: [join('left', ends, 'l', equal('l', 'm', ['user', 'item', 'shown']))],
  });
}

/** The events of a table; of a sequence, with their weights. */
function eventsOf({ inputs }: SparkJob, { name: table }: SparkEventTable, sequence?: SparkSequence) {
  return inputs.events.flatMap((event) => {
    if (event.table !== table) return [];
    if (sequence === undefined) return [{ ...event, weight: 0 }];
    const weight = sequence.events.find(({ name }) => name === event.name)?.weight;
    return weight === undefined ? [] : [{ ...event, weight }];
  });
}

const requestType = (log: Source): 'BIGINT' | 'STRING' => (log.isInteger('request') ? 'BIGINT' : 'STRING');
const anyOf = (events: readonly StepEvent[]): Expression => or(...events.map(({ holds }) => holds));

/** The heaviest event, ties by name, and the sum of the weights. */
function eventColumns(sequence: SparkSequence, events: readonly StepEvent[]): Columns {
  const heaviest = [...events].sort((a, b) => b.weight - a.weight || compareTexts(a.name, b.name));
  const number = actionsType(sequence) === 'BIGINT' ? int : double;
  const weights = events.map(({ holds, weight }) => when([[holds, number(weight)]], number(0)));
  return [
    [
      'event',
      events.length === 0 ? nothing('STRING') : when(heaviest.map(({ name, holds }) => [holds, text(name)] as const)),
    ],
    ['actions', weights.length === 0 ? number(0) : added(...weights)],
  ];
}

/** The type of `actions`. */
export function actionsType({ events }: SparkSequence): 'BIGINT' | 'DOUBLE' {
  return events.every(({ weight }) => Number.isInteger(weight)) ? 'BIGINT' : 'DOUBLE';
}

/** NULL for a column that the data set lacks. */
function copiedColumns(source: Source, sequence: SparkSequence): Columns {
  return rowCopies(sequence).map((name) =>
    hasColumn(source, name) ? copiedLogColumn(name) : ([copiedLogColumn(name), sql`NULL`] as const),
  );
}

/** The type of a copied column in each data set that has it. */
function typesOf(name: string, all: readonly Source[]): LogicalType[] {
  return all.filter((source) => hasColumn(source, name)).map((source) => source.typeOf(name));
}

/** The type of the values that a sequence copies from the rows of its steps. */
export function copyType(sources: Sources, name: string): LogicalType {
  const all = [sources.required('impressions'), ...sources.clicks.map(({ source }) => source)];
  return typesOf(name, all)[0] ?? { kind: 'string' };
}

/** Steps are sorted by what they copy, and one list holds the values of all tables. @throws FailureError */
function refuseTypes(log: Source, timed: readonly StepTable[], sequence: SparkSequence): void {
  for (const name of rowCopies(sequence)) {
    const types = typesOf(name, [log, ...timed.map(({ source }) => source)]);
    const names = [...new Set(types.map(typeName))];
    if (names.length > 1 || types.some((type) => holdsKind(type, 'map')))
      throw fail(
        'unsupported',
        message('A Spark job cannot copy column {0} into a sequence: its type is {1}', name, names.join(', ')),
        {
          place: { path: log.table.path, column: name },
          advice: message('Remove it from the columns of the sequence, or write it with one type in all data sets.'),
        },
      );
  }
}
