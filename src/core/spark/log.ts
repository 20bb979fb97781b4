import { compareTexts } from '../sampling/compareTexts.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { isAsOf } from '../data/passThrough.ts';
import { conditionColumns } from '../config/eventConditions.ts';
import {
  and,
  bool,
  cast,
  col,
  concatenated,
  fn,
  int,
  nothing,
  or,
  sql,
  text,
  valueOf,
  when,
} from './sql/expression.ts';
import { join, named, select, type Columns } from './sql/relation.ts';
import type { Script } from './script.ts';
import type { SparkJob } from './sparkJob.ts';
import type { Sources } from './sources.ts';
import type { Seen } from '../source/drawPlan.ts';
import type { Expression, Join } from './sql/tree.ts';

/** Name of the column of a copied column of the log. */
export const carried = (name: string): string => `copy ${name}`;
/** Name of a column by which rows that are otherwise equal are ordered. */
const tied = (name: string): string => `pick ${name}`;

/** The log as the other steps read it. */
export interface Log {
  /** Whether the event of that name holds; `impressions` always does. */
  readonly event: (name: string) => Expression;
  readonly hasRequests: boolean;
  /** The pick order of its rows, without user and time: expressions, and the names of their columns. */
  readonly pick: readonly Expression[];
  readonly pickNames: readonly string[];
  readonly ends: Ends;
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
  const index = new Map(events.map(({ name }, k) => [name, `event_${k}`] as const));
  const event = (name: string): Expression => (name === 'impressions' ? bool(true) : col(index.get(name) ?? name));
  const hasRequests = source.has('request');
  const t = col('t');
  const carriedColumns = job.inputs.passed.filter(({ from }) => from === 'impressions').map(({ column }) => column);
  const teacher = plan.teacher?.from === 'impressions' ? source.role('teacher').name : null;
  const needsTies = pickColumns(job, source);
  const rows: Columns = [
    ['user', source.id('user')],
    ['item', source.id('item')],
    ['t', source.time('time')],
    ['request', hasRequests ? source.id('request') : nothing('STRING')],
    ['position', source.has('position') ? source.column(source.role('position').name) : nothing('BIGINT')],
    ['viewed', source.has('viewed') ? source.flag(source.role('viewed').name) : bool(true)],
    ...events.map(({ name, condition }) => [index.get(name) ?? name, source.event(condition)] as const),
    ...(teacher === null ? [] : [['teacher', source.number(teacher)] as const]),
    ...[...new Set(carriedColumns)].map((name) => [carried(name), source.column(name)] as const),
    ...needsTies.map((name) => [tied(name), source.known(name)] as const),
  ];
  const valid = ['user', 'item', 't'].map((name) => sql`${col(name)} IS NOT NULL`);
  const raw = script.view(
    'log_rows',
    select(rows, source.view, { where: source.filter() }),
    'Types, times in microseconds, events. docs/sampling.md: Which rows count.',
  );
  const heaviest = when(plan.positives.events.map(({ name }, k) => [event(name), int(k)] as const));
  const until = windows.knownUntil;
  const log = script.table(
    'log',
    select(
      [
        { all: null },
        [
          'request_key',
          fn(
            'coalesce',
            concatenated(text('#'), cast(col('request'), 'STRING')),
            concatenated(text('@'), cast(t, 'STRING')),
          ),
        ],
        // Rows after known until do not exist for the split.
        ['positive', until === null ? heaviest : when([[sql`${t} <= ${int(until)}`, heaviest]])],
      ],
      raw,
      { where: valid },
    ),
    'Valid impressions. positive: the heaviest event that makes a positive:',
    plan.positives.events.map(({ name, weight }, k) => `${k} = ${name} (weight ${weight})`).join(', ') + '.',
  );
  const newest = valueOf(select([['newest', fn('max', t)]], named(log)));
  const cut = windows.train.to === null ? newest : int(windows.train.to);
  const knownUntil = until === null ? newest : int(until);
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
  };
  const pickNames = ['request', 'position', ...needsTies.map(tied)];
  return { event, hasRequests, ends, pick: pickNames.map((name) => col(name)), pickNames };
}

/** The columns that decide between rows that are otherwise equal, by name; see docs/sampling.md. */
function pickColumns(
  { inputs, plan }: SparkJob,
  source: { readonly table: SparkJob['inputs']['tables']['impressions'] & object },
): string[] {
  const { roles, columns } = source.table;
  const own = new Set(columns.map(({ name }) => name));
  const tiedRoles = new Set(['user', 'time', 'request', 'position'].map((role) => roles[role]?.name));
  const used = [
    ...Object.values(roles).flatMap((role) => (role ? [role.name] : [])),
    ...inputs.events.flatMap(({ condition }) => conditionColumns(condition)),
    ...inputs.used,
  ].filter((name) => own.has(name) && !tiedRoles.has(name));
  const isTaught = plan.unit === 'request' && plan.teacher?.from === 'impressions';
  const needed =
    isTaught || inputs.passed.some((one) => isAsOf(one) || (plan.unit !== 'impression' && one.from === 'impressions'));
  return needed ? [...new Set(used)].sort(compareTexts) : [];
}

/** What decides whether an exposure was seen: joins of a query over the log as `l`, and its condition. */
export function seenOf(seen: Seen): { readonly joins: readonly Join[]; readonly holds: Expression } {
  if (seen === 'all') return { joins: [], holds: bool(true) };
  if (seen === 'viewed') return { joins: [], holds: col('viewed', 'l') };
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
    holds: fn(
      'coalesce',
      sql`${cast(col('position', 'l'), 'BIGINT')} <= ${sql`${col('last', 'c')} + ${int(seen.aboveLastClick)}`}`,
      bool(false),
    ),
  };
}

/** Whether an event that comes up to `after` microseconds later would be known. */
export function matureOf(after: number | null, { knownUntil }: Ends, time: Expression): Expression[] {
  return after === null ? [] : [sql`${sql`${time} + ${int(after)}`} <= ${knownUntil}`];
}

/** Texts of a key, joined by U+001F; NULL is empty. Ends the job if an id has this character. */
export function keyOf(parts: readonly { readonly value: Expression; readonly isText: boolean }[]): Expression {
  const separator = text('\u001f');
  const texts = parts.map(({ value, isText }) => fn('coalesce', isText ? value : cast(value, 'STRING'), text('')));
  const key = concatenated(...texts.flatMap((one, k) => (k === 0 ? [one] : [separator, one])));
  const wrong = parts.flatMap(({ value, isText }) =>
    isText ? [sql`${fn('instr', value, separator)} > ${int(0)}`] : [],
  );
  if (wrong.length === 0) return key;
  const failure: Expression = cast(
    { kind: 'call', name: 'raise', arguments: [text('an id contains U+001F, which separates the parts of a key')] },
    'STRING',
  );
  return when([[or(...wrong), failure]], key);
}

/** CASE of the weight of the event at an index of the plan. */
export function weightOf(plan: StagePlan, index: Expression, literal: (weight: number) => Expression): Expression {
  return when(plan.positives.events.map(({ weight }, k) => [sql`${index} = ${int(k)}`, literal(weight)] as const));
}
