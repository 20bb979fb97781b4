import { salts } from '../../sampling/salts.ts';
import { sizeJoins, sizeOf } from './aliasTable.ts';
import { attributeText } from '../inputs/corpus.ts';
import { and, call, cast, col, fn, int, not, sql, when } from '../../relation/expression.ts';
import { cols, columnsFrom, equal, from, join, select, unionAll } from '../../relation/relation.ts';
import { attemptWordColumns, drawColumns, knownAttemptWord, saltWords, unit53 } from '../hash.ts';
import { acceptableJoins, unexcludedJoins } from './exclusion.ts';
import { groupKey, joinedTexts, sameGroup } from '../groups/groups.ts';
import { mostOfQuota, quotaColumn } from '../groups/quotas.ts';
import { eligible, partitionOf, type PoolEntry } from './poolEntry.ts';
import { groupsWithValue, hasValueTables } from './valueTables.ts';
import { userPart } from '../groups/splitUsers.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Expression, Join, Relation, Select } from '../../relation/tree.ts';

/** Attempts per group in the second phase. The first phase depends on the quota; the third makes all remaining ones. */
export const SECOND_PHASE_ATTEMPTS = 8;
/** Maximum attempts with a column each. With more, the statement would be too long, so a list of structs is used. */
const MAX_COLUMNS = 32;
/** Maximum attempts whose hash words are literals. With more, the formula is shorter than the list of words. */
const MAX_LITERAL_WORDS = 48;
/** Maximum quota for draws by the driver, which makes up to 8·quota + 64 attempts for each group. */
const MAX_DRIVER_QUOTA = 32;

/** The step `<name>__groups`: the groups that draw something, with their quota and the value of their pool table. */
function addGroups(script: Script, entry: PoolEntry): void {
  const { name, index, plan, groups, hasOwn } = entry;
  const partition = partitionOf(entry);
  const isPartitioned = partition.length > 0;
  const matched = plan.partition?.by === 'positive' ? plan.partition.attributes : [];
  const texts = matched.map((attribute) => col(attributeText(attribute), 'i'));
  const sizes = sizeOf(name, partition);
  const valueGroups = hasValueTables(entry) ? groupsWithValue(entry) : null;
  script.view(
    `${name}__values`,
    valueGroups ??
      select(
        [
          ...columnsFrom([...groupKey, 't'], 'g'),
          ['quota', col(quotaColumn(index), 'g')],
          ...(hasOwn ? [['own', col('item', 'g')] as const] : []),
          ...(isPartitioned ? [['value', joinedTexts(texts)] as const] : []),
        ],
        from(groups, 'g'),
        isPartitioned
          ? {
              joins: [join('inner', 'corpus', 'i', sql`${col('item', 'i')} = ${col('item', 'g')}`)],
              where: texts.map((value) => sql`${value} IS NOT NULL`),
            }
          : {},
      ),
    'The groups of the entry, with the value that chooses their table.',
  );
  const isDrawn = [sql`${col('quota', 'g')} > ${int(0)}`, sql`${sizes('items')} > ${int(0)}`];
  const columns = columnsFrom([...groupKey, 't', 'quota', ...(hasOwn ? ['own'] : []), ...partition], 'g');
  if (!isPartitioned)
    script.view(
      `${name}__groups`,
      select(columns, from(`${name}__values`, 'g'), { where: isDrawn }),
      'Groups that draw something.',
    );
  else
    script.table(
      `${name}__groups`,
      select([...columns, ['size', sizes('items')], ['bits', sizes('bits')]], from(`${name}__values`, 'g'), {
        joins: sizeJoins(name, partition, 'g'),
        where: isDrawn,
      }),
      'Groups that draw something, with the size of their table.',
    );
}

/** Attempts that one step makes, for the groups that are not full yet. */
interface Phase {
  /** Numbers of the first and last attempt of a group, from 0. */
  readonly first: Expression;
  readonly last: Expression;
  /** Comment of the step. */
  readonly about: string;
  /** Maximum number of attempts of a group in this phase; infinite if unknown. */
  readonly maxAttempts: number;
}

/** The phase of the attempts from `first` to `last`. */
export const phase = (first: Expression, last: Expression, about: string, maxAttempts = Infinity): Phase => ({
  first,
  last,
  about,
  maxAttempts,
});

/** Conditions that reject attempts, besides exclusions. */
interface Rejection {
  /** Columns of a group that `joins` or the phases need. */
  readonly columns: readonly string[];
  /** Anti joins of an attempt `c`, each with a column `user`: a match rejects the attempt. */
  readonly joins: readonly Join[];
}

/**
 * The steps `<name>__lists` and `<name>__drawn`: the negatives of a pool entry, as a list for each group and as rows.
 * docs/sampling.md: Pools.
 */
export function addPoolDraws(script: Script, job: SparkJob, entry: PoolEntry): void {
  addGroups(script, entry);
  const quota = col('quota');
  const first = sql`${quota} + ${call('shiftRight', quota, int(3))}`;
  const second = sql`${first} + ${int(SECOND_PHASE_ATTEMPTS)}`;
  const last = sql`${sql`${quota} * ${int(8)}`} + ${int(63)}`;
  const quotaAtMost = mostOfQuota(job.plan, entry.index);
  const maxAttempts = quotaAtMost + (quotaAtMost >> 3) + 1;
  const about = 'An attempt more for each eight rows that are missing, and one more. Most groups are full then.';
  addPhases(script, job, entry, [
    phase(int(0), first, about, maxAttempts),
    phase(
      sql`${first} + ${int(1)}`,
      second,
      `Groups that are not full: ${SECOND_PHASE_ATTEMPTS} more attempts.`,
      SECOND_PHASE_ATTEMPTS,
    ),
    phase(sql`${second} + ${int(1)}`, last, 'The few that are still not full: all attempts up to 8·quota + 64.'),
  ]);
  noteDriverAttempts(script, job, entry);
}

/**
 * Adds to the script what the driver needs to make the attempts of the later phases itself. The driver does so if the
 * pool is small and only a few groups are not full.
 */
function noteDriverAttempts(script: Script, { plan }: SparkJob, entry: PoolEntry): void {
  const { name, corpus, exclusion, hasOwn } = entry;
  const dependsOnItemOnly = partitionOf(entry).length === 0 && corpus?.hasLives !== true && exclusion.lookback === null;
  const quota = mostOfQuota(plan, entry.index);
  if (entry.plan.weight === null || !dependsOnItemOnly || !hasOwn || quota > MAX_DRIVER_QUOTA) return;
  const own = exclusion.hasPositives ? [] : ['own'];
  const short = (names: readonly string[]): Select => select(names, `${name}__accepted_1`, { where: [isShort] });
  const excluded =
    exclusion.step === null
      ? null
      : select(columnsFrom([...userPart, 'item'], 'x'), from(exclusion.step, 'x'), {
          joins: [
            { ...join('semi', short(userPart), 's', equal('s', 'x', userPart)), few: true },
            { ...join('semi', `${name}__pool`, 'p', equal('p', 'x', ['item'])), few: true },
          ],
        });
  const { s0, s1 } = salts(plan, entry.label);
  const groups = short([...groupKey, 'quota', 'items', ...own]);
  script.noteFurtherAttempts({ entry: name, salts: [s0, s1], quota, groups, excluded });
}

/** The step with the last attempts of an entry. Groups that are not full after it have a shortfall. */
export const lastPhaseOf = (name: string): string => `${name}__accepted_3`;

/** Condition for groups of a step `<name>__accepted_…` that are not full. */
const isShort = sql`${col('missing')} > ${int(0)}`;

/**
 * Like `addPoolDraws`, but for an existing step `<name>__groups` and any phases. Each phase makes attempts for the
 * groups that are not full after the phase before.
 */
export function addPhases(
  script: Script,
  job: SparkJob,
  entry: PoolEntry,
  phases: readonly Phase[],
  rejection: Rejection = { columns: [], joins: [] },
): void {
  const { name } = entry;
  const quota = col('quota');
  const lists: Relation[] = [];
  let previousStep: string | null = null;
  let attemptLimit = 0;
  phases.forEach((current, k) => {
    const isLast = k === phases.length - 1;
    attemptLimit += current.maxAttempts;
    const phaseLimits = { ...current, attemptLimit };
    const { attempts, extraColumns } = acceptedItems(job, entry, previousStep, phaseLimits, rejection);
    const columns = [...groupKey, 'quota', ...(isLast ? [] : extraColumns)];
    const all = previousStep === null ? attempts : withEarlierItems(attempts, columns, previousStep);
    const listed = select([...columns, ['items', call('firstDistinct', col('found'), quota)]], all);
    const step = `${name}__accepted_${k + 1}`;
    if (previousStep !== null)
      script.noteRowsOnlyIf(step, select(['missing'], previousStep, { where: [isShort] }), previousStep);
    previousStep = script.table(
      step,
      select([...columns, 'items', ['missing', sql`${quota} - ${call('listSize', col('items'))}`]], listed),
      current.about,
      ...(k === 0 ? ['An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.'] : []),
    );
    lists.push(select([...groupKey, 'items'], previousStep, isLast ? {} : { where: [not(isShort)] }));
  });
  script.view(`${name}__lists`, unionAll(...lists), 'The negatives of each group, in the order of their draws.');
  const places = select(
    [...groupKey, 'items', ['draw', call('eachInteger', int(0), sql`${call('listSize', col('items'))} - ${int(1)}`)]],
    `${name}__lists`,
    { where: [sql`${call('listSize', col('items'))} > ${int(0)}`] },
  );
  script.view(
    `${name}__drawn`,
    select([...groupKey, ['item', call('elementAt', col('items'), col('draw'))], 'draw'], places),
    'The negatives of the entry.',
  );
}

/** Prepends the items that the groups had after `previousStep` to the column `found` of their new attempts. */
function withEarlierItems(attempts: Relation, columns: readonly string[], previousStep: string): Relation {
  const earlier = select([...groupKey, 'items'], previousStep, { where: [isShort] });
  return select(
    [...columnsFrom(columns, 'f'), ['found', call('joinedLists', col('items', 'a'), col('found', 'f'))]],
    from(attempts, 'f'),
    { joins: [join('inner', earlier, 'a', sameGroup('a', 'f'))] },
  );
}

/**
 * The items that the attempts from `first` to `last` accept. `attemptLimit`: maximum number of attempts of a group,
 * including earlier phases.
 * @param previousStep the step of the previous phase, whose groups that are not full continue; null: all groups
 * @returns `attempts`: groups with the column `found`, a list of the accepted items in the order of the attempts.
 *   `extraColumns`: columns of a group, besides `groupKey` and `quota`, that attempts need
 */
function acceptedItems(
  job: SparkJob,
  entry: PoolEntry,
  previousStep: string | null,
  { first, last, maxAttempts, attemptLimit }: Phase & { readonly attemptLimit: number },
  rejection: Rejection,
): { readonly attempts: Relation; readonly extraColumns: readonly string[] } {
  const { name, corpus, exclusion, hasOwn } = entry;
  const partition = partitionOf(entry);
  const isTimeCompared = corpus?.hasLives === true || exclusion.lookback !== null;
  const isOwnCompared = hasOwn && !exclusion.hasPositives;
  const extraColumns = [
    ...(isTimeCompared ? ['t'] : []),
    ...(isOwnCompared ? ['own'] : []),
    ...partition,
    ...rejection.columns,
    // Without a partition, the size of the only table is a constant.
    ...(partition.length === 0 ? [] : ['size', 'bits']),
  ];
  const groupColumns = [...groupKey, 'quota', ...extraColumns];
  const together = cols(userPart);
  const groups =
    previousStep === null
      ? select([{ all: null }], `${name}__groups`, { together })
      : select(groupColumns, previousStep, { where: [isShort], together });
  const attempts = select([...groupColumns, ['k', call('eachInteger', first, last)]], groups);
  const items = attemptedItems(job, entry, attempts, groupColumns, attemptLimit);
  const rejections = [
    ...(hasOwn ? unexcludedJoins(exclusion, 'c') : acceptableJoins(exclusion, 'c')),
    ...rejection.joins,
  ];
  // Left joins keep groups whose attempts are all rejected. The next phase needs them.
  const joins = rejections.map((rejected) => ({ ...rejected, kind: 'left' as const }));
  const isAccepted = and(
    sql`${col('item', 'c')} IS NOT NULL`,
    ...(isOwnCompared ? [sql`${col('item', 'c')} <> ${col('own', 'c')}`] : []),
    ...rejections.map(({ as }) => sql`${col('user', as ?? '')} IS NULL`),
  );
  const checked: CheckedAttempts = { items, joins, isAccepted, groupColumns };
  const attemptIndex = previousStep === null ? col('k', 'c') : sql`${col('k', 'c')} - ${first}`;
  const isByColumn = entry.hasIntegerItems && maxAttempts <= MAX_COLUMNS;
  return {
    attempts: isByColumn ? listedByColumn(checked, attemptIndex, maxAttempts) : listedByStruct(checked),
    extraColumns,
  };
}

/** The rows of `attempts` with the column `item`: the item that the attempt draws; NULL if it is not eligible. */
function attemptedItems(
  job: SparkJob,
  entry: PoolEntry,
  attempts: Relation,
  groupColumns: readonly string[],
  attemptLimit: number,
): Relation {
  const { name, plan, corpus, label } = entry;
  const partition = partitionOf(entry);
  const columns = [...groupColumns, 'k'];
  // w: the hash word of the attempt. a, b: the hash words of its draw.
  const words =
    attemptLimit <= MAX_LITERAL_WORDS
      ? select([...columns, ['w', knownAttemptWord(col('k'), attemptLimit)]], attempts)
      : select([...columns, ...attemptWordColumns(col('k'))], attempts, { computed: [...columns, 'w'] });
  const draws = select([...columns, ...drawColumns(saltWords(job.plan, label))], words, {
    computed: [...columns, 'a', 'b'],
  });
  const sizeColumn = (column: 'items' | 'bits'): Expression =>
    partition.length === 0 ? sizeOf(name, partition)(column) : col(column === 'items' ? 'size' : column);
  const [size, bits] = [sizeColumn('items'), sizeColumn('bits')];
  const aliasColumn = when(
    [[sql`${bits} = ${int(0)}`, int(0)]],
    call('shiftRight', col('a'), sql`${int(32)} - ${bits}`),
  );
  const uniform = fn(
    'least',
    sql`${size} - ${int(1)}`,
    cast(fn('floor', sql`${unit53} * ${cast(size, 'DOUBLE')}`), 'BIGINT'),
  );
  const places: Relation =
    plan.weight === null
      ? select([...columns, ['place', uniform]], draws)
      : select(
          [
            ...columnsFrom(columns, 'd'),
            ['place', when([[sql`${col('b', 'd')} < ${col('threshold', 't')}`, col('j', 'd')]], col('alias', 't'))],
          ],
          from(select([...columns, 'b', ['j', aliasColumn]], draws), 'd'),
          { joins: [join('inner', `${name}__alias`, 't', equal('t', 'd', [...partition, 'j']))] },
        );
  return select([...columnsFrom(columns, 'd'), ['item', col('item', 'p')]], from(places, 'd'), {
    joins: [
      join('left', `${name}__pool`, 'p', and(equal('p', 'd', [...partition, 'place']), ...eligible(corpus, 'p', 'd'))),
    ],
  });
}

/** Attempts `c` with their items. `isAccepted`: condition in a query with `joins`. */
interface CheckedAttempts {
  readonly items: Relation;
  readonly joins: readonly Join[];
  readonly isAccepted: Expression;
  readonly groupColumns: readonly string[];
}

/**
 * Groups with the list `found`, through a column for each attempt: Spark aggregates integer columns in place, but sorts
 * rows to build lists of structs. `index`: number of an attempt `c` in its phase, from 0.
 */
function listedByColumn(
  { items, joins, isAccepted, groupColumns }: CheckedAttempts,
  index: Expression,
  maxAttempts: number,
): Relation {
  const accepted = select(
    [...columnsFrom(groupColumns, 'c'), ['attempt', index], ['accepted', when([[isAccepted, col('item', 'c')]])]],
    from(items, 'c'),
    { joins },
  );
  const itemColumns = Array.from({ length: maxAttempts }, (_, k) => `item_${k}`);
  const itemsByAttempt = itemColumns.map(
    (column, k) => [column, sql`max(${col('accepted')}) FILTER (WHERE ${col('attempt')} = ${int(k)})`] as const,
  );
  const byAttempt = select([...groupColumns, ...itemsByAttempt], accepted, { groupBy: cols(groupColumns) });
  return select([...groupColumns, ['found', call('listOfKnown', ...cols(itemColumns))]], byAttempt);
}

/** Groups with the list `found`, through a list of structs, which is sorted by the attempt `k`. */
function listedByStruct({ items, joins, isAccepted, groupColumns }: CheckedAttempts): Relation {
  const structs: Expression = { kind: 'structs', fields: columnsFrom(['k', 'item'], 'c'), where: isAccepted };
  const collected = select([...columnsFrom(groupColumns, 'c'), ['members', structs]], from(items, 'c'), {
    joins,
    groupBy: cols(groupColumns, 'c'),
  });
  return select([...groupColumns, ['found', call('eachField', col('members'), col('item'))]], collected);
}
