import type { AskedPass } from '../../data/passThrough.ts';
import { listNameOf, sliceColumn, sliceEnds, stepColumnName } from '../../data/sequences.ts';
import { and, call, cast, col, countRows, double, fn, int, sql, sum, text, when } from '../../relation/expression.ts';
import { equal, from, join, select, unionAll } from '../../relation/relation.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';
import { isByDay } from '../../sampling/placement.ts';
import type { LogicalType } from '../../table/type.ts';
import { readTime } from '../groups/readTimes.ts';
import { copiedLogColumn, type Log } from '../inputs/log.ts';
import type { Source } from '../inputs/source.ts';
import type { Sources } from '../inputs/sources.ts';
import { idIn, itemOf, timeOf } from '../output/ids.ts';
import { type OutputColumn, roleType } from '../output/outputColumn.ts';
import type { Script } from '../script.ts';
import type { SparkJob, SparkSequence } from '../sparkJob.ts';
import { addHistories, historiesName } from './histories.ts';
import { addStoredSteps, boundsName, rangesName, sliceOf, storedName } from './storedSteps.ts';
import { actionsType, copyType, stepOrder, stepsOf, stepTables } from './steps.ts';

/** Column of a step with an attribute of its item. */
const attribute = (name: string): string => `attribute ${name}`;

/** Begins the names of the steps of the script for a sequence. */
function stepName({ name }: SparkSequence, k: number): string {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) && name.length <= 40 ? `sequence_${name}` : `sequence_${k}`;
}

/** Name of the step of the script with the histories of a sequence: `user`, `read_t` and the lists. */
const historiesOf = (sequence: SparkSequence, k: number): string => historiesName(stepName(sequence, k));

/**
 * The steps of the sequences: the histories of all users and read times.
 * @param rows what is read for: `user` and `read_t`, also repeated
 * @param written the rows of the result with their `t`
 */
export function addSequences(
  script: Script,
  sources: Sources,
  job: SparkJob,
  log: Log,
  { rows, written }: { readonly rows: Relation; readonly written: string },
): void {
  job.inputs.sequences.forEach((sequence, k) => {
    script.section(`Sequence ${sequence.name}`);
    const fields = sequence.columns.flatMap((column): string[] => {
      if (column === 'time' || column === 'age' || column === 'session') return [];
      return [typeof column === 'string' ? column : fieldOf(sequence, column)];
    });
    const name = stepName(sequence, k);
    addHistoriesOf(script, sources, job, log, { sequence, index: k, name, fields, rows });
    if (job.layout === 'user')
      addStoredSteps(script, { name, fields, days: isByDay(job.placement) ? ['day'] : [] }, written);
  });
  addSequenceCounts(script, job, rows);
}

/**
 * The step with the histories of a sequence: `user`, `read_t` and `steps`.
 * @param histories `index`: of the sequence with this name in the job; `rows`: as for `addSequences`
 */
export function addHistoriesOf(
  script: Script,
  sources: Sources,
  job: SparkJob,
  log: Log,
  {
    sequence,
    index,
    name,
    fields,
    rows,
  }: {
    readonly sequence: SparkSequence;
    readonly index: number;
    readonly name: string;
    readonly fields: readonly string[];
    readonly rows: Relation;
  },
): string {
  const delayed = sql`${col(readTime)} - ${int(sequence.availableAfter)}`;
  const cutoff = sequence.asOf === 'day' ? call('microseconds', cast(call('instant', delayed), 'DATE')) : delayed;
  return addHistories(script, {
    name,
    sequence,
    steps: withAttributes(stepsOf(sources, job, log, sequence, index), sequence),
    order: stepOrder(sequence),
    fields,
    isSliced: job.layout === 'user',
    rows: select(['user', readTime, ['cutoff', cutoff]], rows, { distinct: true }),
  });
}

/** Counts of the histories of the groups, as `SequenceCounts` of the local run. */
function addSequenceCounts(script: Script, { inputs: { sequences } }: SparkJob, groups: Relation): void {
  if (sequences.length === 0) return;
  const count = col('count');
  const countIf = (condition: Expression): Expression => sum(when([[condition, int(1)]], int(0)));
  const countsOf = (sequence: SparkSequence, k: number): Relation => {
    const steps = col('steps', alias(k));
    const times = call('eachField', steps, col('t'));
    const last = sequence.isNewestFirst ? int(0) : sql`${call('listSize', steps)} - ${int(1)}`;
    const hasSteps = sql`${call('listSize', steps)} > ${int(0)}`;
    const age = sql`${col(readTime, 'r')} - ${call('elementAt', times, last)}`;
    return select(
      [
        ['name', text(sequence.name)],
        ['groups', countRows],
        ['empty', countIf(sql`${count} = ${int(0)}`)],
        ['full', countIf(sql`${count} = ${int(sequence.length)}`)],
        ['steps', sum(count)],
        ['newest_age', fn('min', col('age'))],
      ],
      select(
        [
          ['count', call('listSize', steps)],
          ['age', when([[hasSteps, age]])],
        ],
        { relation: groups, as: 'r' },
        { joins: [historyJoin(sequence, k)] },
      ),
    );
  };
  script.counts('sequences', unionAll(...sequences.map(countsOf)), 'Lengths of the histories, and their newest steps.');
}

/** The names of the attributes of items that a sequence copies. */
function attributesOf({ copies }: SparkSequence): string[] {
  return [...new Set(copies.filter(({ from }) => from === 'items').map(({ column }) => column))];
}

/** The steps with attributes of their items. */
function withAttributes(steps: Relation, sequence: SparkSequence): Relation {
  const names = attributesOf(sequence);
  if (names.length === 0) return steps;
  const attributes = names.map((name) => [attribute(name), col(copiedLogColumn(name), 'c')] as const);
  return select([{ all: 's' }, ...attributes], from(steps, 's'), {
    joins: [join('left', 'corpus', 'c', equal('c', 's', ['item']))],
  });
}

/** The column of the steps that a list copies. */
function fieldOf({ copies }: SparkSequence, asked: AskedPass): string {
  const isAttribute = copies.some(({ name, from: table }) => name === stepColumnName(asked) && table === 'items');
  return isAttribute ? attribute(asked.column) : copiedLogColumn(asked.column);
}

/** The columns of the result with the lists of sequences. docs/samples.md: Sequences. */
export function sequenceColumns(sources: Sources, job: SparkJob): OutputColumn[] {
  return job.inputs.sequences.flatMap((sequence, k) =>
    sequence.columns
      .map((column): OutputColumn => {
        const { value, type } = elementOf(sources, job, sequence, column, k);
        const name = listNameOf(column, sequence, job.names);
        const isStored = job.layout === 'user';
        const list = isStored ? fn('coalesce', col('steps', storedAlias(k)), call('listOf')) : col('steps', alias(k));
        return {
          name: `${sequence.name}__${name}`,
          owner: isStored ? 'user' : 'request',
          isShared: true,
          value: { kind: 'elements', list, as: step, where: null, value },
          type: { kind: 'list', item: type },
        };
      })
      .concat(job.layout === 'user' ? slicesOf(sequence, k) : []),
  );
}

/**
 * Joins of rows `r` with their histories. `later`: of rows of the file, by `keys`. In the layout user, all rows of a user
 * share the stored steps, and only the bounds of the histories are of a row.
 */
export function sequenceJoins(
  job: SparkJob,
  time: Expression,
): { readonly joins: readonly Join[]; readonly later: readonly Join[]; readonly keys: readonly string[] } {
  const { sequences } = job.inputs;
  if (job.layout !== 'user') return { joins: [], later: sequences.map(historyJoin), keys: ['user', readTime] };
  const keys = ['user', ...(isByDay(job.placement) ? ['day'] : [])];
  const ofDay = (as: string): Expression[] =>
    isByDay(job.placement) ? [sql`${col('day', as)} = ${call('dayNumber', time)}`] : [];
  return {
    joins: sequences.flatMap((sequence, k) => [
      join('left', boundsName(stepName(sequence, k)), alias(k), equal(alias(k), 'r', ['user', readTime])),
      join(
        'left',
        rangesName(stepName(sequence, k)),
        rangeAlias(k),
        and(equal(rangeAlias(k), 'r', ['user']), ...ofDay(rangeAlias(k))),
      ),
    ]),
    later: sequences.map((sequence, k) =>
      join('left', storedName(stepName(sequence, k)), storedAlias(k), equal(storedAlias(k), 'r', keys)),
    ),
    keys,
  };
}

function historyJoin(sequence: SparkSequence, k: number): Join {
  return join('left', historiesOf(sequence, k), alias(k), equal(alias(k), 'r', ['user', readTime]));
}

const alias = (k: number): string => `h${k}`;
const rangeAlias = (k: number): string => `q${k}`;
const storedAlias = (k: number): string => `s${k}`;
const step = 'step';

/** The slice that a row has of the stored steps of a sequence. */
function slicesOf(sequence: SparkSequence, k: number): OutputColumn[] {
  return sliceEnds.map((end) => ({
    name: sliceColumn(sequence.name, end),
    of: 'rows',
    value: sliceOf(end, alias(k), rangeAlias(k)),
    type: { kind: 'integer', bits: 32, signed: true },
  }));
}

/** What a step without an item is about, in the type of its table. */
function valueOf(source: Source, value: Expression): ReturnType<typeof elementOf> {
  const type = source.typeOf(source.role('value').name);
  return { value: idIn([type], source.isInteger('value'), value), type };
}

/** An element of a list: its value for a step, and its type. */
function elementOf(
  sources: Sources,
  job: SparkJob,
  sequence: SparkSequence,
  column: SparkSequence['columns'][number],
  k: number,
): { readonly value: Expression; readonly type: LogicalType } {
  const log = sources.required('impressions');
  const field = (name: string): Expression => col(name, step);
  const integer: LogicalType = { kind: 'integer', bits: 64, signed: true };
  switch (column) {
    case 'item': {
      const tables = stepTables(sources, job, sequence).map(({ source }) => source);
      if (sequence.value !== undefined && tables[0]) return valueOf(tables[0], field('item'));
      const value = itemOf(sources, field('item'), tables);
      return { value, type: roleType(sources, 'item', value) };
    }
    case 'time': {
      const value = timeOf(log, field('t'));
      return { value, type: roleType(sources, 'time', value) };
    }
    case 'age': {
      const seconds = sql`${sql`${col(readTime, 'r')} - ${field('t')}`} / ${double(1_000_000)}`;
      return { value: cast(fn('floor', seconds), 'BIGINT'), type: integer };
    }
    case 'session':
      return { value: sql`${col('session', alias(k))} - ${field('session')}`, type: integer };
    case 'event':
      return { value: field('event'), type: { kind: 'string' } };
    case 'actions':
      return {
        value: field('actions'),
        type: actionsType(sequence) === 'BIGINT' ? integer : { kind: 'float', bits: 64 },
      };
    default: {
      const name = fieldOf(sequence, column);
      const type =
        name === attribute(column.column)
          ? sources.required('items').typeOf(column.column)
          : copyType(sources, column.column);
      return { value: field(name), type };
    }
  }
}
