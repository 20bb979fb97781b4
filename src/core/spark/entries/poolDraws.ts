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

/** Attempts of the second phase. Those of the first depend on the quota; the third makes all remaining ones. */
export const SECOND = 8;
/** Maximum attempts with a column each; with more, the statement would be too long. */
const MAX_COLUMNS = 32;
/** Maximum attempts whose words are written as literals; with more, the formula is shorter. */
const MAX_WORDS = 48;
/** Maximum quota for draws by the driver, which makes up to 8·quota + 64 attempts for each group. */
const MAX_QUOTA = 32;

/** The step `<name>__groups`: the groups that draw something, with their quota and the pool table they draw from. */
function addGroups(script: Script, entry: PoolEntry): void {
  const { name, index, plan, groups, hasOwn } = entry;
  const by = partitionOf(entry);
  const matched = plan.partition?.by === 'positive' ? plan.partition.attributes : [];
  const texts = matched.map((attribute) => col(attributeText(attribute), 'i'));
  const sizes = sizeOf(name, by);
  const valueGroups = hasValueTables(entry) ? groupsWithValue(entry) : null;
  script.view(
    `${name}__values`,
    valueGroups ??
      select(
        [
          ...columnsFrom([...groupKey, 't'], 'g'),
          ['quota', col(quotaColumn(index), 'g')],
          ...(hasOwn ? [['own', col('item', 'g')] as const] : []),
          ...(by.length === 0 ? [] : [['value', joinedTexts(texts)] as const]),
        ],
        from(groups, 'g'),
        by.length === 0
          ? {}
          : {
              joins: [join('inner', 'corpus', 'i', sql`${col('item', 'i')} = ${col('item', 'g')}`)],
              where: texts.map((value) => sql`${value} IS NOT NULL`),
            },
      ),
    'The groups of the entry, with the value that chooses their table.',
  );
  const isDrawn = [sql`${col('quota', 'g')} > ${int(0)}`, sql`${sizes('items')} > ${int(0)}`];
  const about = 'Groups that draw something, with the size of their table.';
  const columns = columnsFrom([...groupKey, 't', 'quota', ...(hasOwn ? ['own'] : []), ...by], 'g');
  if (by.length === 0)
    script.view(
      `${name}__groups`,
      select(columns, from(`${name}__values`, 'g'), { where: isDrawn }),
      'Groups that draw something.',
    );
  else
    script.table(
      `${name}__groups`,
      select([...columns, ['size', sizes('items')], ['bits', sizes('bits')]], from(`${name}__values`, 'g'), {
        joins: sizeJoins(name, by, 'g'),
        where: isDrawn,
      }),
      about,
    );
}

/** Attempts that are made together. */
interface Phase {
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

/** Additional rejections of attempts, and the group columns that they or the phases need. */
interface Rejection {
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
  const second = sql`${first} + ${int(SECOND)}`;
  const last = sql`${sql`${quota} * ${int(8)}`} + ${int(63)}`;
  const quotaAtMost = mostOfQuota(job.plan, entry.index);
  const maxAttempts = quotaAtMost + (quotaAtMost >> 3) + 1;
  const about = 'An attempt more for each eight rows that are missing, and one more. Most groups are full then.';
  addPhases(script, job, entry, [
    phase(int(0), first, about, maxAttempts),
    phase(sql`${first} + ${int(1)}`, second, `Groups that are not full: ${SECOND} more attempts.`, SECOND),
    phase(sql`${second} + ${int(1)}`, last, 'The few that are still not full: all attempts up to 8·quota + 64.'),
  ]);
  noteFurtherAttempts(script, job, entry);
}

/**
 * Notes what the driver needs to make the attempts of the later phases itself, which it does if the pool is small and
 * few groups are not full.
 */
function noteFurtherAttempts(script: Script, { plan }: SparkJob, entry: PoolEntry): void {
  const { name, corpus, exclusion, hasOwn } = entry;
  const isByItem = partitionOf(entry).length === 0 && corpus?.hasLives !== true && exclusion.lookback === null;
  const quota = mostOfQuota(plan, entry.index);
  if (entry.plan.weight === null || !isByItem || !hasOwn || quota > MAX_QUOTA) return;
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
  let before: string | null = null;
  let upTo = 0;
  phases.forEach((current, k) => {
    const isLast = k === phases.length - 1;
    upTo += current.maxAttempts;
    const { attempts, further } = accepted(job, entry, before, { ...current, upTo }, rejection);
    const kept = [...groupKey, 'quota', ...(isLast ? [] : further)];
    const all = before === null ? attempts : withItemsBefore(attempts, kept, before);
    const listed = select([...kept, ['items', call('firstDistinct', col('found'), quota)]], all);
    const step = `${name}__accepted_${k + 1}`;
    if (before !== null) script.noteRowsOnlyIf(step, select(['missing'], before, { where: [isShort] }), before);
    before = script.table(
      step,
      select([...kept, 'items', ['missing', sql`${quota} - ${call('listSize', col('items'))}`]], listed),
      current.about,
      ...(k === 0 ? ['An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.'] : []),
    );
    lists.push(select([...groupKey, 'items'], before, isLast ? {} : { where: [not(isShort)] }));
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

/** Prepends the items that the groups had after the step `before` to the column `found` of their new attempts. */
function withItemsBefore(attempts: Relation, kept: readonly string[], before: string): Relation {
  const earlier = select([...groupKey, 'items'], before, { where: [isShort] });
  return select(
    [...columnsFrom(kept, 'f'), ['found', call('joinedLists', col('items', 'a'), col('found', 'f'))]],
    from(attempts, 'f'),
    { joins: [join('inner', earlier, 'a', sameGroup('a', 'f'))] },
  );
}

/**
 * Groups with the column `found`: the items that the attempts from `first` to `last` accept, in the order of the
 * attempts. `upTo`: maximum number of attempts of a group, including earlier phases.
 * @param before the step of the phase before, whose groups that are not full continue; null: all groups of the entry
 * @returns also `further`: additional group columns that attempts need
 */
function accepted(
  job: SparkJob,
  entry: PoolEntry,
  before: string | null,
  { first, last, maxAttempts, upTo }: Phase & { readonly upTo: number },
  rejection: Rejection,
): { readonly attempts: Relation; readonly further: readonly string[] } {
  const { name, plan, corpus, exclusion, label, hasOwn } = entry;
  const by = partitionOf(entry);
  const ofTime = corpus?.hasLives === true || exclusion.lookback !== null ? ['t'] : [];
  const isOwnCompared = hasOwn && !exclusion.hasPositives;
  const ofAttempt = [...ofTime, ...(isOwnCompared ? ['own'] : []), ...by, ...rejection.columns];
  const row = [...groupKey, 'quota', ...ofAttempt];
  // Without values, the size of the only table is a constant.
  const sizes = by.length === 0 ? [] : ['size', 'bits'];
  const [size, bits] =
    by.length === 0 ? [sizeOf(name, by)('items'), sizeOf(name, by)('bits')] : [col('size'), col('bits')];
  const kept = [...row, ...sizes];
  const together = cols(userPart);
  const groups =
    before === null
      ? select([{ all: null }], `${name}__groups`, { together })
      : select(kept, before, { where: [isShort], together });
  const attempts = select([...kept, ['k', call('eachInteger', first, last)]], groups);
  const words =
    upTo <= MAX_WORDS
      ? select([...kept, 'k', ['w', knownAttemptWord(col('k'), upTo)]], attempts)
      : select([...kept, 'k', ...attemptWordColumns(col('k'))], attempts, { computed: [...kept, 'k', 'w'] });
  const draws = select([...kept, 'k', ...drawColumns(saltWords(job.plan, label))], words, {
    computed: [...kept, 'k', 'a', 'b'],
  });
  const drawn = [...kept, 'k'];
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
      ? select([...drawn, ['place', uniform]], draws)
      : select(
          [
            ...columnsFrom(drawn, 'd'),
            ['place', when([[sql`${col('b', 'd')} < ${col('threshold', 't')}`, col('j', 'd')]], col('alias', 't'))],
          ],
          from(select([...drawn, 'b', ['j', aliasColumn]], draws), 'd'),
          {
            joins: [join('inner', `${name}__alias`, 't', equal('t', 'd', [...by, 'j']))],
          },
        );
  const items = select([...columnsFrom(drawn, 'd'), ['item', col('item', 'p')]], from(places, 'd'), {
    joins: [join('left', `${name}__pool`, 'p', and(equal('p', 'd', [...by, 'place']), ...eligible(corpus, 'p', 'd')))],
  });
  // Groups whose attempts are all rejected stay, so that no step must look for them.
  const rejections = [
    ...(hasOwn ? unexcludedJoins(exclusion, 'c') : acceptableJoins(exclusion, 'c')),
    ...rejection.joins,
  ];
  const leftJoins = rejections.map((rejected) => ({ ...rejected, kind: 'left' as const }));
  const isAccepted = and(
    sql`${col('item', 'c')} IS NOT NULL`,
    ...(isOwnCompared ? [sql`${col('item', 'c')} <> ${col('own', 'c')}`] : []),
    ...rejections.map(({ as }) => sql`${col('user', as ?? '')} IS NULL`),
  );
  const further = [...ofAttempt, ...sizes];
  const ofGroup = [...groupKey, 'quota', ...further];
  if (entry.hasIntegerItems && maxAttempts <= MAX_COLUMNS) {
    // Spark keeps integers in place while it groups rows, and sorts the rows of lists.
    const tried = select(
      [
        ...columnsFrom(ofGroup, 'c'),
        ['attempt', before === null ? col('k', 'c') : sql`${col('k', 'c')} - ${first}`],
        ['accepted', when([[isAccepted, col('item', 'c')]])],
      ],
      from(items, 'c'),
      { joins: leftJoins },
    );
    const ofAttempts = Array.from({ length: maxAttempts }, (_, k) => `item_${k}`);
    const byAttempt = select(
      [
        ...ofGroup,
        ...ofAttempts.map(
          (name, k) => [name, sql`max(${col('accepted')}) FILTER (WHERE ${col('attempt')} = ${int(k)})`] as const,
        ),
      ],
      tried,
      { groupBy: cols(ofGroup) },
    );
    const list = call('listOfKnown', ...cols(ofAttempts));
    return { attempts: select([...ofGroup, ['found', list]], byAttempt), further };
  }
  const list: Expression = {
    kind: 'structs',
    fields: columnsFrom(['k', 'item'], 'c'),
    where: isAccepted,
  };
  const collected = select([...columnsFrom(ofGroup, 'c'), ['members', list]], from(items, 'c'), {
    joins: leftJoins,
    groupBy: cols(ofGroup, 'c'),
  });
  return {
    attempts: select([...ofGroup, ['found', call('eachField', col('members'), col('item'))]], collected),
    further,
  };
}
