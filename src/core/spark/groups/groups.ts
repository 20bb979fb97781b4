import { isAsOf } from '../../data/passThrough.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import {
  asc,
  bool,
  call,
  cast,
  col,
  concatenated,
  countRows,
  double,
  fn,
  int,
  nothing,
  or,
  over,
  sql,
  text,
  valueOf,
  when,
} from '../../relation/expression.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import { unmatchedWithin } from '../inputs/eventColumns.ts';
import { cols, columnsFrom, equal, from, join, named, select, unionAll } from '../../relation/relation.ts';
import { firstDraw, unit53, withWords } from '../hash.ts';
import { copiedLogColumn, keyOf, requestKey, weightOf, type Log } from '../inputs/log.ts';
import { outcomeEvents, outcomeFlags, shownAt } from '../inputs/outcomes.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Source } from '../inputs/source.ts';
import type { Sources } from '../inputs/sources.ts';
import { quotasOf } from './quotas.ts';
import { addMinSteps } from '../sequences/minSteps.ts';
import { addReadTimes, type ReadTimes } from './readTimes.ts';
import { addSplitUsers, partOf, splitJoin, userPart } from './splitUsers.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** What a group is: its user, the part of them, and the two words of its key. */
export const groupKey = [...userPart, 'k0', 'k1'] as const;

/** The positives of all users, in a job for some of them. */
export const allPositives = 'all_positives';

/** Columns of the step `groups` of positives besides its key and the quotas. */
function groupColumns({ inputs }: SparkJob): string[] {
  const copies = inputs.passed
    .filter((one) => one.from === 'impressions' && !isAsOf(one))
    .map(({ column }) => copiedLogColumn(column));
  return ['t', 'item', 'request', 'request_key', ...new Set(copies)];
}

/** Columns of the log that a group copies from its own row. */
export function contextCopies({ inputs }: SparkJob): string[] {
  const copies = inputs.passed.filter((one) => one.from === 'impressions' && !isAsOf(one) && one.side !== 'exposure');
  return [...new Set(copies.map(({ column }) => copiedLogColumn(column)))];
}

/**
 * Steps of the groups of the unit positive: `groups`, and `group_positives` with the weight and keep probability of
 * each positive.
 */
export function addPositiveGroups(script: Script, sources: Sources, job: SparkJob, log: Log): void {
  const { plan } = job;
  const source = sources.required('impressions');
  const group = groupColumns(job);
  script.section('Groups');
  const flags = outcomeFlags(plan);
  const times = flags.length === 0 ? [] : [shownAt];
  const shown = shownPositives(job, source, log, [...flags, ...times]);
  const unexposed = unexposedPositives(job, log);
  const distinct =
    unexposed === null
      ? shown
      : unionAll(
          select(['user', 'positive', ...group, ...flags, ...times, ['is_exposed', bool(true)]], shown),
          select(['user', 'positive', ...group, ...flags, ...times, ['is_exposed', bool(false)]], unexposed),
        );
  // Without requests in the log, events without an impression may have some of their own.
  const ofRequest = source.hasRole('request') || unexposed === null ? source.textOf('request') : 'data.clicks';
  const key = positiveKey(plan, source, ofRequest);
  const exposed = [...flags, ...times, ...(unexposed === null ? [] : ['is_exposed'])];
  const kept = ['user', 'positive', ...group, ...exposed];
  script.table(
    'positives',
    withWords([...kept, 'group_key'], col('group_key'), ['k0', 'k1'], select([...kept, ['group_key', key]], distinct)),
    'One row for each positive of the split, with the two words of its key. Equal keys are one positive.',
    'docs/sampling.md: Groups, positive.',
  );
  const columns = [...kept, 'group_key', 'k0', 'k1', 'keep'];
  let rows = addThinning(script, plan, log, [...kept, 'group_key', 'k0', 'k1']);
  rows = addCap(script, plan, columns, rows);
  rows = addMinSteps({ script, sources, job, log }, plan, columns, rows);
  const chosen = ofChosenUsers(job, sources, col('user'));
  if (chosen.length > 0) {
    if (plan.logq !== undefined && plan.inBatch !== null && !plan.trainPositives)
      script.view(allPositives, select(['item'], rows), 'The positives of all users.');
    rows = script.view(
      'chosen_positives',
      select(columns, rows, { where: chosen }),
      'Only the groups of these users are drawn. Pools, counts and q are of all users.',
    );
  }
  const counted = addCountedRows(script, plan, log);
  const readTimes = addReadTimes(script, sources, job, log, 'g');
  addGroupSteps(script, plan, ['user', 'k0', 'k1', 'positive', 'keep', ...group, ...exposed], rows, {
    counted,
    readTimes,
  });
  script.view(
    'group_positives',
    select([...groupKey, 't', 'item', 'keep', ['weight', weightOf(plan, col('positive'), double)]], 'groups'),
    'The positives of the groups.',
  );
}

/** The step with at least a row for each group, by which users have several parts. */
function addCountedRows(script: Script, plan: StagePlan, log: Log): string {
  const { hotThreshold, maxPerUserPerDay } = plan.positives;
  // They are written anyway.
  if (hotThreshold !== null || maxPerUserPerDay !== null) return 'positives';
  const unexposed = unexposedRows(plan, log, log.ends.inSplit, log.ends.knownUntil);
  return script.view(
    'positive_rows',
    unionAll(
      select(['user'], 'log', { where: [sql`${col('positive')} IS NOT NULL`, ...log.ends.inSplit(col('t'))] }),
      ...(unexposed === null ? [] : [select(['user'], unexposed)]),
    ),
    'The rows of positives, equal ones too.',
  );
}

/**
 * The step `groups` with these columns, their part and the quotas, and the check that their keys differ.
 * @param counted a step with a row for each group, or more: what decides which users have several parts
 * @param readTimes of the rows `g`
 */
export function addGroupSteps(
  script: Script,
  plan: StagePlan,
  names: readonly string[],
  rows: string,
  { counted: countsTable, readTimes }: { readonly counted: string; readonly readTimes: ReadTimes },
): void {
  const quotas = quotasOf(plan);
  addSplitUsers(script, countsTable);
  const drawn = quotas.needsDraw
    ? select([...names, ...firstDraw(plan, '@quota')], rows, { computed: [...names, 'a'] })
    : named(rows);
  script.table(
    'groups',
    select(
      [...columnsFrom(names, 'g'), ...readTimes.columns, ['part', partOf(col('request_key', 'g'))], ...quotas.columns],
      from(drawn, 'g'),
      { joins: [splitJoin('g'), ...readTimes.joins] },
    ),
    'The groups and the quota of each entry. docs/sampling.md: Quotas.',
  );
  const repeated = select([...groupKey], 'groups', {
    groupBy: cols(groupKey),
    having: [sql`${countRows} > ${int(1)}`],
  });
  script.check(
    'check_groups',
    select(
      [
        ['wrong', countRows],
        ['example', fn('min', cast(col('user'), 'STRING'))],
      ],
      repeated,
    ),
    'two groups have the same words of their keys, one of them of user ',
    'From here on, a group is its user and the two words of its key.',
  );
}

/** The positives with an impression: one row for each key, with the columns of a group and of its outcomes. */
function shownPositives(job: SparkJob, source: Source, log: Log, outcomes: readonly string[]): Relation {
  const group = groupColumns(job);
  const where = [sql`${col('positive')} IS NOT NULL`, ...log.ends.inSplit(col('t'))];
  const key = ['user', 'item', 't', 'request', 'positive'];
  const isOfKey = outcomes.length === 0 && group.every((name) => name === 'request_key' || key.includes(name));
  // A text may be NULL in one row and empty in another: they are one request.
  const differs = source.textOf('request') !== null;
  if (isOfKey && !differs)
    return select(
      ['user', 'positive', ...group.map((name) => [name, name === 'request_key' ? requestKey : col(name)] as const)],
      select(key, 'log', { where, groupBy: cols(key) }),
    );
  const requestText = fn('coalesce', cast(col('request'), 'STRING'), text(''));
  const same = [col('user'), col('item'), col('t'), requestText, col('positive')];
  const first = over(fn('row_number'), { partition: same, order: log.pick.map((value) => asc(value)) });
  const merged = { partition: same, order: [] };
  const rows = select(
    [
      'user',
      'positive',
      ...group,
      // A positive has the events of all rows that it merges.
      ...outcomes.map((name) => (name === shownAt ? name : ([name, over(fn('bool_or', col(name)), merged)] as const))),
      ['place', first],
    ],
    'log',
    { where },
  );
  return select(['user', 'positive', ...group, ...outcomes], rows, { where: [sql`${col('place')} = ${int(1)}`] });
}

/** The positives without an impression, with the columns of a group. Without a request they belong to none. */
function unexposedPositives(job: SparkJob, log: Log): Relation | null {
  const rows = unexposedRows(job.plan, log, log.ends.inSplit, log.ends.knownUntil);
  if (rows === null) return null;
  const flags = outcomeFlags(job.plan);
  const known: Readonly<Record<string, Expression>> = {
    t: col('t'),
    item: col('item'),
    request: col('request'),
    request_key: concatenated(text('#'), cast(col('request'), 'STRING')),
  };
  return select(
    [
      'user',
      'positive',
      ...groupColumns(job).map((name) => [name, known[name] ?? sql`NULL`] as const),
      ...flags.map((name) => [name, fn('bool_or', col(name))] as const),
      ...(flags.length === 0 ? [] : [[shownAt, col('t')] as const]),
    ],
    rows,
    { groupBy: cols(['user', 'positive', 't', 'item', 'request']) },
  );
}

/**
 * The positives without an impression within a window: rows of `unmatched` with the index `positive` of their event.
 */
function unexposedRows(
  plan: StagePlan,
  { unmatchedEvents }: Log,
  within: Log['ends']['inSplit'],
  until: Expression,
): Relation | null {
  if (unmatchedEvents === null || unmatchedEvents.unmatched === null || !unmatchedEvents.hasPositives) return null;
  const t = col('t');
  const { events } = plan.positives;
  return select(
    [
      'user',
      'item',
      't',
      'request',
      ['positive', when(events.map(({ name }, k) => [unmatchedEvents.holdsAny([name]), int(k)] as const))],
      ...outcomeEvents(plan).map((one) => [one.flag, unmatchedEvents.holdsAny([one.event])] as const),
    ],
    unmatchedEvents.unmatched,
    {
      where: [
        col('is_positive'),
        unmatchedEvents.holdsAny(events.map(({ name }) => name)),
        ...within(t),
        ...unmatchedWithin(null, until),
        sql`${t} <= ${until}`,
      ],
    },
  );
}

/** The key of a row with user, item, t, request and positive. */
export function positiveKey({ positives }: StagePlan, source: Source, ofRequest: string | null): Expression {
  const eventText = when(
    positives.events.map(({ name }, k) => [sql`${col('positive')} = ${int(k)}`, text(name)] as const),
  );
  return keyOf([
    { value: col('user'), textSource: source.textOf('user') },
    { value: col('item'), textSource: source.textOf('item') },
    { value: col('t'), textSource: null },
    { value: col('request'), textSource: ofRequest },
    { value: eventText, textSource: null },
  ]);
}

/**
 * The distinct positives of the training window, as they are known at the cut: user, item, t, the text of their
 * request, and the index of their event.
 */
export function trainedPositives(plan: StagePlan, log: Log): Relation {
  const { events } = plan.positives;
  const holds = (name: string): Expression => log.event(name, log.ends.cut);
  const heaviest = when(events.map(({ name }, k) => [holds(name), int(k)] as const));
  const key = [
    'user',
    'item',
    't',
    ['request_text', fn('coalesce', cast(col('request'), 'STRING'), text(''))],
  ] as const;
  const unexposed = unexposedRows(plan, log, log.ends.inTrain, log.ends.cut);
  return unionAll(
    select([...key, ['positive', heaviest]], 'log', {
      distinct: true,
      where: [or(...events.map(({ name }) => holds(name))), ...log.ends.inTrain(col('t'))],
    }),
    ...(unexposed === null ? [] : [select([...key, 'positive'], unexposed, { distinct: true })]),
  );
}

/**
 * `downsample_hot`: the column `keep`, and the positives that stay.
 * @param prefix of the names of the steps
 */
export function addThinning(
  script: Script,
  plan: StagePlan,
  log: Log,
  kept: readonly string[],
  prefix: '' | 'train_' = '',
): string {
  const positives = `${prefix}positives`;
  const { hotThreshold: threshold, hasKeepProbability } = plan.positives;
  if (threshold === null)
    return script.view(
      `${prefix}kept_positives`,
      select([...kept, ['keep', hasKeepProbability ? double(1) : nothing('DOUBLE')]], positives),
      'No positive is dropped by downsample_hot.',
    );
  const trained = plan.split === 'train' ? named(positives) : trainedPositives(plan, log);
  const of = script.view(
    `${prefix}training_positives`,
    select(['item'], trained),
    'The positives whose shares decide.',
  );
  const total = valueOf(select([['total', countRows]], of));
  const share = col('share');
  const t = double(threshold);
  const frequency = select(['item', ['share', sql`${cast(countRows, 'DOUBLE')} / ${cast(total, 'DOUBLE')}`]], of, {
    groupBy: [col('item')],
  });
  const itemKeep = script.view(
    `${prefix}item_keep`,
    select(
      [
        'item',
        [
          'keep',
          fn(
            'least',
            double(1),
            sql`${sql`${sql`${fn('sqrt', sql`${share} / ${t}`)} + ${double(1)}`} * ${t}`} / ${share}`,
          ),
        ],
      ],
      frequency,
    ),
    'downsample_hot: the probability with which a positive of an item stays.',
  );
  const draws = select(
    [...columnsFrom(kept, 'p'), ['keep', fn('coalesce', col('keep', 'h'), double(1))]],
    from(positives, 'p'),
    { joins: [join('left', itemKeep, 'h', sql`${col('item', 'h')} = ${col('item', 'p')}`)] },
  );
  return script.view(
    `${prefix}kept_positives`,
    select(
      [...kept, 'keep'],
      select([...kept, 'keep', ...firstDraw(plan, '@keep')], draws, { computed: [...kept, 'keep', 'a', 'b'] }),
      { where: [sql`${unit53} < ${col('keep')}`] },
    ),
    'Those that stay, by their draw for the salt @keep.',
  );
}

/** `max_per_user_per_day`. `prefix`: as for `addThinning`. */
export function addCap(
  script: Script,
  plan: StagePlan,
  kept: readonly string[],
  rows: string,
  prefix: '' | 'train_' = '',
): string {
  const { maxPerUserPerDay: most } = plan.positives;
  if (most === null) return rows;
  const place: Expression = over(fn('row_number'), {
    partition: [col('user'), call('dayNumber', col('t'))],
    order: [asc(unit53), asc(col('group_key'))],
  });
  const drawn = select([...kept, ...firstDraw(plan, '@cap')], rows, { computed: [...kept, 'a', 'b'] });
  return script.view(
    `${prefix}capped_positives`,
    select([...kept], select([...kept, ['place', place]], drawn), { where: [sql`${col('place')} <= ${int(most)}`] }),
    'max_per_user_per_day: the positives of a day with the smallest draw for the salt @cap.',
  );
}

/** True if two FROM items are rows of the same group. */
export function sameGroup(a: string, b: string): Expression {
  return equal(a, b, groupKey);
}

/** A text of several values. */
export function joinedTexts(values: readonly Expression[]): Expression {
  return concatenated(...values.flatMap((value, k) => (k === 0 ? [value] : [text('\u001f'), value])));
}
