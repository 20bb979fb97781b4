import {
  and,
  asc,
  call,
  cast,
  col,
  desc,
  double,
  fn,
  int,
  not,
  or,
  over,
  sql,
  sumOver,
  when,
} from '../../relation/expression.ts';
import { cols, type Columns, columnsFrom, equal, from, join, select, unionAll } from '../../relation/relation.ts';
import type { Expression, Order, Relation } from '../../relation/tree.ts';
import type { Script } from '../script.ts';
import type { SparkSequence } from '../sparkJob.ts';

/** What the histories of a sequence are computed from. */
export interface HistoryInput {
  /** Begins the names of the steps of the script. */
  readonly name: string;
  readonly sequence: SparkSequence;
  /** The steps, in any order, and the order of the steps of a user at one time. */
  readonly steps: Relation;
  readonly order: readonly Order[];
  /** Columns of `steps` that the lists need. */
  readonly fields: readonly string[];
  /** True if the lists are slices of stored steps, so that they need no fields. */
  readonly isSliced: boolean;
  /** The distinct `user` and `read_t` that need a history, with `cutoff`. */
  readonly rows: Relation;
}

/** Steps of the script for a sequence: the histories, and the numbered steps. */
export const historiesName = (name: string): string => `${name}__histories`;
export const numberedName = (name: string): string => `${name}__numbered`;

/** Column with the place of a step in a list: ascending in the order of the output. */
const place = 'place';
/** Name of an element in conditions on lists of steps. */
const step = 'step';
const n = col('n');
const isStep = sql`${col('is_step')} = ${int(1)}`;
const isRow = sql`${col('is_step')} = ${int(0)}`;

/**
 * The rows `user`, `read_t` and `steps`: the list of the steps of their history, as structs with `fields`; and `session`,
 * the number of the session of the row, if the sequence has sessions. The steps of a user are numbered, and collected in
 * blocks: a row reads its block and the one before. So a user with many steps is spread over the tasks.
 */
export function addHistories(script: Script, input: HistoryInput): string {
  const { name, sequence } = input;
  const numbered = addNumbers(script, input);
  const width = isDistinct(sequence) ? 2 * sequence.length : sequence.length;
  const parts = script.view(
    `${name}__parts`,
    partsOf(select([{ all: null }], numbered, { where: [isStep] }), input, { by: ['user'], number: n, width }),
    `Blocks of ${width} steps: the steps of each block and of the one before it.`,
  );
  const rows = select([...rowColumns(sequence), ['block', blockOf(n, width)]], numbered, { where: [isRow] });
  const covered = stepsWhere(
    sql`${col('n', step)} <= ${col('n', 'r')}`,
    sql`${col('n', step)} > ${sql`${col('n', 'r')} - ${int(width)}`}`,
    ...limitsOf(sequence),
  );
  const inReach = select([...columnsFrom(rowColumns(sequence), 'r'), ['steps', covered]], from(rows, 'r'), {
    joins: [join('left', parts, 'p', equal('p', 'r', ['user', 'block']))],
  });
  if (isDistinct(sequence)) return addDistinct(script, input, { numbered, inReach, width });
  return script.view(historiesName(name), select(historyColumns(sequence), inReach), about);
}

const about = 'The newest steps before the cut-off of each row. docs/samples.md: Sequences.';

/** True if a step leaves the history when another one of its item follows. */
const isDistinct = ({ dedup }: SparkSequence): boolean => dedup !== 'none';

const rowColumns = ({ session }: SparkSequence): string[] => [
  ...['user', 'read_t', 'cutoff', 'n'],
  ...(session ? ['session'] : []),
];

/**
 * The step `<name>__numbered`: the steps and the rows of each user in one order. `n`: the number of a step from 1, or
 * how many steps a row sees. `again`: the number of the next step that replaces it. `session`: of the step, or the row.
 */
function addNumbers(script: Script, { name, sequence, steps, order, fields, rows }: HistoryInput): string {
  const { session, dedup } = sequence;
  const ordered = order.flatMap(({ value }) => (value.kind === 'name' ? [value.name] : []));
  const copied = [...new Set(['item', ...fields, ...ordered])];
  const marked = unionAll(
    select(
      ['user', ['at', col('t')], ['is_step', int(1)], 't', ...copied, ['read_t', sql`NULL`], ['cutoff', sql`NULL`]],
      steps,
    ),
    select(
      [
        'user',
        ['at', col('cutoff')],
        ['is_step', int(0)],
        ['t', sql`NULL`],
        ...copied.map((one) => [one, sql`NULL`] as const),
        'read_t',
        'cutoff',
      ],
      rows,
    ),
  );
  const kept = ['user', 'is_step', 't', ...new Set(['item', ...fields]), 'read_t', 'cutoff'];
  // A row comes before the steps of its cut-off: it does not see them.
  const window = { partition: [col('user')], order: [asc(col('at')), asc(col('is_step')), ...order] };
  const counted = select(
    [
      ...kept,
      ...(session ? ['at', ...ordered.filter((one) => !kept.includes(one))] : []),
      ['n', sumOver(col('is_step'), { ...window, rows: 'upToHere' })],
      ...(session ? [['newest', over(fn('max', col('t')), { ...window, rows: 'before' })] as const] : []),
    ],
    marked,
  );
  const pause = (end: Expression): Expression =>
    when([[sql`${sql`${end} - ${col('newest')}`} > ${int(session?.gap ?? 0)}`, int(1)]], int(0));
  const pauses = sumOver(when([[isStep, pause(col('t'))]], int(0)), { ...window, rows: 'upToHere' });
  const inSessions = session
    ? select([...kept, 'n', ['session', sql`${pauses} + ${when([[isRow, pause(col('read_t'))]], int(0))}`]], counted)
    : counted;
  const byNumber = { order: [asc(n)] };
  const next = {
    none: null,
    // A run of one item.
    consecutive: when([
      [
        sql`${over(fn('lead', col('item')), { ...byNumber, partition: cols(['user', 'is_step']) })} = ${col('item')}`,
        sql`${n} + ${int(1)}`,
      ],
    ]),
    item: over(fn('lead', n), { ...byNumber, partition: cols(['user', 'is_step', 'item']) }),
  }[dedup];
  return script.table(
    numberedName(name),
    next === null ? inSessions : select([{ all: null }, ['again', next]], inSessions),
    'The steps of each user, and its rows by their cut-offs. n: the number of a step; of a row, how many steps it sees.',
    ...(next === null ? [] : ['again: the number of the next step that replaces a step.']),
  );
}

/** Columns of the histories. */
const historyColumns = ({ session }: SparkSequence): string[] => [
  'user',
  'read_t',
  ...(session ? ['session'] : []),
  'steps',
];

/** Fields of a step in a list, after its place. */
function heldFields({ sequence, fields, isSliced }: HistoryInput): string[] {
  return [
    ...new Set([
      'n',
      't',
      ...(isSliced ? [] : fields),
      ...(sequence.session ? ['session'] : []),
      ...(isDistinct(sequence) ? ['again'] : []),
    ]),
  ];
}

/** The block of a number from 1; −1 for 0. */
function blockOf(number: Expression, width: number): Expression {
  return cast(fn('floor', sql`${sql`${number} - ${int(1)}`} / ${double(width)}`), 'BIGINT');
}

/** Lists of the steps of each block and of the one before it: `block` and `steps`. */
function partsOf(
  steps: Relation,
  input: HistoryInput,
  { by, number, width }: { readonly by: readonly string[]; readonly number: Expression; readonly width: number },
): Relation {
  const held = heldFields(input);
  const block = blockOf(number, width);
  return select(
    [...by, 'block', ['steps', structsOf(input.sequence, held)]],
    select([...by, ...held, ['block', call('eachInteger', block, sql`${block} + ${int(1)}`)]], steps),
    { groupBy: cols([...by, 'block']) },
  );
}

/** A list of structs in the order of the output. */
function structsOf({ isNewestFirst }: SparkSequence, fields: readonly string[], of: string | null = null): Expression {
  const number = col('n', of);
  return {
    kind: 'structs',
    fields: [
      [place, isNewestFirst ? sql`${int(0)} - ${number}` : number],
      ...fields.map((one) => [one, col(one, of)] as const),
    ],
    where: null,
  };
}

/** The steps of a part `p` for which conditions hold. */
function stepsWhere(...conditions: readonly Expression[]): Expression {
  return filtered(col('steps', 'p'), conditions);
}

/** The elements of a list for which conditions hold. NULL is an empty list. */
function filtered(list: Expression, conditions: readonly Expression[]): Expression {
  return fn('coalesce', { kind: 'elements', list, as: step, where: and(...conditions), value: null }, call('listOf'));
}

/** Conditions on the age and the session of a step of a row `r`. */
function limitsOf({ lookback, session }: SparkSequence): Expression[] {
  const keep = session?.keep ?? null;
  return [
    ...(lookback === null ? [] : [sql`${col('t', step)} >= ${sql`${col('cutoff', 'r')} - ${int(lookback)}`}`]),
    ...(keep === null ? [] : [sql`${sql`${col('session', 'r')} - ${col('session', step)}`} < ${int(keep)}`]),
  ];
}

/** True for a step that no later step replaces, of those that a row sees. */
const isLatest = (visible: Expression): Expression =>
  or(sql`${col('again', step)} IS NULL`, sql`${col('again', step)} > ${visible}`);

/** The newest elements of the list `steps`, at most as many as a history has. */
function newest({ length, isNewestFirst }: SparkSequence): Expression {
  const steps = col('steps');
  const surplus = fn('greatest', sql`${call('listSize', steps)} - ${int(length)}`, int(0));
  return call('slice', steps, isNewestFirst ? int(1) : sql`${surplus} + ${int(1)}`, int(length));
}

/** Each level reaches this many times as far back as the one before it. */
const REACH = 16;
/** With the first blocks, enough levels for a billion steps of a user. */
const LEVELS = 7;

/** The first histories of rows, and how far they reach. */
interface FirstHistories {
  readonly numbered: string;
  readonly first: string;
  /** Steps in a block. */
  readonly width: number;
  /** Number of further levels. */
  readonly levels: number;
}

/** How many steps back a level reaches; 0: the first two blocks. */
const reachOf = ({ width }: Pick<FirstHistories, 'width'>, level: number): number => width * REACH ** level;

const isShort = { where: [col('is_short')] };

/**
 * Histories without replaced steps. Two blocks may hold too few: if a user repeats few items, the steps that count are
 * far back. A step of an item that the user repeats soon is replaced soon, so of the steps far back only those count that
 * last long. Further levels number these alone: level k the steps that are replaced later than `width`·16^(k − 1) steps
 * after them. A row with fewer than `length` items in its newest `width`·16^k steps finds all of them in the newest
 * 17·`length` steps of level k, since each item has at most 17 of them there.
 */
function addDistinct(
  script: Script,
  input: HistoryInput,
  { numbered, inReach, width }: { readonly numbered: string; readonly inReach: Relation; readonly width: number },
): string {
  const { name, sequence } = input;
  const row = rowColumns(sequence);
  const size = call('listSize', col('steps'));
  const latest = select(
    [...row, ['is_full', sql`${size} = ${int(width)}`], ['steps', filtered(col('steps'), [isLatest(n)])]],
    inReach,
  );
  const first = script.table(
    `${name}__first`,
    select(
      [
        ...row,
        ['is_short', and(col('is_full'), sql`${n} > ${int(width)}`, sql`${size} < ${int(sequence.length)}`)],
        ['steps', newest(sequence)],
      ],
      latest,
    ),
    'What two blocks hold of each history. is_short: older steps may belong to it.',
  );
  const levels = sequence.dedup === 'item' ? LEVELS : 1;
  const older = addOlder(script, input, { numbered, first, width, levels });
  const key = historyColumns(sequence).slice(0, -1);
  const each = unionAll(
    select([...key, [step, call('eachElement', newest(sequence))]], older),
    select([...key, [step, call('eachElement', col('steps'))]], first, isShort),
  );
  const merged = select([...key, ['steps', structsOf(sequence, heldFields(input), step)]], each, {
    groupBy: cols(key),
  });
  return script.view(
    historiesName(name),
    unionAll(
      select(historyColumns(sequence), first, { where: [not(col('is_short'))] }),
      select([...key, ['steps', newest(sequence)]], merged),
    ),
    about,
  );
}

/** The older steps of short histories: a row for each level, with the columns of the row of the history. */
function addOlder(script: Script, input: HistoryInput, histories: FirstHistories): Relation {
  const { name, sequence } = input;
  const { levels } = histories;
  const number = sumOver(col('is_step'), {
    partition: cols(['user', 'level']),
    order: [asc(n), desc(col('is_step'))],
    rows: 'upToHere',
  });
  const levelled = script.table(
    `${name}__further`,
    select([{ all: null }, ['number', number]], inLevels(input, histories)),
    'Steps that last long, of the users with a short history: numbered again, in levels.',
  );
  const ofLevel = { number: col('number'), width: (REACH + 1) * sequence.length };
  const parts = partsOf(select([{ all: null }], levelled, { where: [isStep] }), input, {
    ...ofLevel,
    by: ['user', 'level'],
  });
  const byLevel = (value: (level: number) => Expression): Expression =>
    when(Array.from({ length: levels }, (_, k) => [sql`${col('level')} = ${int(k + 1)}`, value(k + 1)] as const));
  const back = (level: number): Expression => sql`${n} - ${int(reachOf(histories, level))}`;
  const row = rowColumns(sequence);
  const rows = select(
    [
      ...row,
      'level',
      ['block', blockOf(ofLevel.number, ofLevel.width)],
      ['newest', byLevel((level) => back(level - 1))],
      ['oldest', byLevel((level) => (level === levels ? int(0) : back(level)))],
    ],
    levelled,
    { where: [isRow] },
  );
  const steps = stepsWhere(
    isLatest(col('n', 'r')),
    sql`${col('n', step)} <= ${col('newest', 'r')}`,
    sql`${col('n', step)} > ${col('oldest', 'r')}`,
    ...limitsOf(sequence),
  );
  return select([...columnsFrom(row, 'r'), ['steps', steps]], from(rows, 'r'), {
    joins: [join('inner', parts, 'p', equal('p', 'r', ['user', 'level', 'block']))],
  });
}

/** Steps that last long, and rows with short histories, of the same users: one for each level that they belong to. */
function inLevels(input: HistoryInput, { numbered, first, width, levels }: FirstHistories): Relation {
  const held = heldFields(input);
  const row = rowColumns(input.sequence);
  /** The number of levels before which so many steps reach. */
  const levelsOf = (steps: Expression): Expression =>
    when(
      Array.from({ length: levels }, (_, k) => levels - k).map(
        (level) => [sql`${steps} > ${int(reachOf({ width }, level - 1))}`, int(level)] as const,
      ),
      int(0),
    );
  const lasting = when([[sql`${col('again')} IS NULL`, int(levels)]], levelsOf(sql`${col('again')} - ${n}`));
  const users = select(['user'], first, { distinct: true, ...isShort });
  const none = (names: readonly string[]): Columns => names.map((one) => [one, sql`NULL`] as const);
  const ofRow = ['read_t', 'cutoff'];
  return unionAll(
    select(
      ['user', ['is_step', int(1)], ...held, ...none(ofRow), ['level', call('eachInteger', int(1), lasting)]],
      from(numbered, 's'),
      { joins: [join('semi', users, 'u', equal('u', 's', ['user']))], where: [isStep, sql`${lasting} > ${int(0)}`] },
    ),
    select(
      [
        'user',
        ['is_step', int(0)],
        ...held.flatMap((one) => (row.includes(one) ? [one] : none([one]))),
        ...ofRow,
        ['level', call('eachInteger', int(1), levelsOf(n))],
      ],
      first,
      isShort,
    ),
  );
}
