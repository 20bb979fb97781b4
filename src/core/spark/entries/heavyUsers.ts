import { always } from '../always.ts';
import { groupKey, sameGroup } from '../groups/groups.ts';
import { readTime, readsBefore } from '../groups/readTimes.ts';
import { userPart } from '../groups/splitUsers.ts';
import { acceptableJoins } from './exclusion.ts';
import { sameCandidate, type ListEntry } from './listEntry.ts';
import { addAcceptable } from './poolAcceptable.ts';
import { addPhases, phase, SECOND_PHASE_ATTEMPTS } from './poolDraws.ts';
import { eligible, type PoolEntry } from './poolEntry.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { and, asc, call, cast, col, countRows, double, fn, int, over, sql, when } from '../../relation/expression.ts';
import { cols, columnsFrom, equal, from, join, select } from '../../relation/relation.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/**
 * Users with more distinct candidates are heavy: they draw as from a uniform pool, because sorting so many candidates
 * for each group is slow. docs/sampling.md: Lists.
 */
const MAX_SORTED_CANDIDATES = 1024;

export const heavyName = (name: string): string => `${name}__heavy`;

/**
 * The steps `<name>__heavy_users`, and `<name>__light`: groups of all other users, whose candidates are sorted.
 * @param groups the groups that need candidates of the user
 * @returns the name of the light groups
 */
export function addLightGroups(script: Script, { name }: ListEntry, groups: string): string {
  const users = select(['user'], groups, { distinct: true });
  script.table(
    `${name}__heavy_users`,
    select([['user', col('user', 'c')]], from(`${name}__user`, 'c'), {
      joins: [join('semi', users, 'g', equal('g', 'c', ['user']))],
      where: [sql`${col('part', 'c')} = ${int(0)}`],
      groupBy: [col('user', 'c')],
      having: [sql`${countRows} > ${int(MAX_SORTED_CANDIDATES)}`],
    }),
    `Users with more than ${MAX_SORTED_CANDIDATES} candidates.`,
  );
  return script.view(
    `${name}__light`,
    select([{ all: 'g' }], from(groups, 'g'), {
      joins: [join('anti', `${name}__heavy_users`, 'h', equal('h', 'g', ['user']))],
    }),
    'Groups of other users. Their candidates are put in order.',
  );
}

/**
 * The step `<name>__heavy__drawn`: draws for groups of heavy users from their candidates, numbered from 0. The step
 * `<name>__heavy__counts`: by group, the number of acceptable candidates that are not in the request, and of draws.
 * If the entry reads the log strictly before the request (`readsBefore`), candidates that were first shown later are
 * rejected.
 * @param hasRequest true if the candidates of the request come first, in `<name>__request_rows`
 */
export function addHeavyUsers(
  script: Script,
  job: SparkJob,
  entry: ListEntry,
  groups: string,
  hasRequest: boolean,
): void {
  const pool = poolOf(entry);
  const readsBeforeRequest = readsBefore(entry.plan);
  addPool(script, entry, pool.name);
  addGroups(script, entry, { name: pool.name, groups, hasRequest });
  const firstPhaseAttempts = sql`${col('quota')} + ${int(SECOND_PHASE_ATTEMPTS)}`;
  addPhases(
    script,
    job,
    pool,
    [
      phase(
        int(0),
        sql`${firstPhaseAttempts} - ${int(1)}`,
        `As many attempts as rows are missing, and ${SECOND_PHASE_ATTEMPTS} more.`,
      ),
      phase(
        firstPhaseAttempts,
        sql`${col('attempts')} - ${int(1)}`,
        'Groups that are not full: all attempts up to 8·quota + 64.',
      ),
    ],
    {
      columns: ['attempts', ...(hasRequest ? ['request_key'] : []), ...(readsBeforeRequest ? [readTime] : [])],
      joins: [
        ...(hasRequest ? [join('anti', `${entry.name}__request`, 'f', sameCandidate('f', 'c'))] : []),
        ...(readsBeforeRequest ? [join('anti', `${entry.name}__user`, 'n', isShownTooLate('n', 'c'))] : []),
      ],
    },
  );
  addAcceptable(script, pool);
  addCounts(script, entry, pool, readsBeforeRequest);
}

/** The candidates of heavy users as a pool with a table for each user. */
function poolOf({ name, index, label, exclusion, groups }: ListEntry): PoolEntry {
  return {
    name: heavyName(name),
    index,
    label,
    plan: { kind: 'pool', items: 'corpus', where: null, weight: null, partition: { by: 'positive', attributes: [] } },
    exclusion,
    // An item is eligible from the later of its creation and its first exposure to the user until its removal.
    corpus: { hasLives: true },
    condition: null,
    groups,
    hasOwn: false,
    hasIntegerItems: false,
    isByUser: true,
  };
}

function addPool(script: Script, { name, corpus, plan }: ListEntry, pool: string): void {
  const isMissing = sql`${col('item', 'i')} IS NULL`;
  // Acceptable items are counted at the time of the group. `addCounts` subtracts those first shown after the request.
  const since = readsBefore(plan) ? sql`${col('since', 'c')} + ${int(1)}` : col('since', 'c');
  const created =
    corpus === null ? since : when([[isMissing, int(always.last)]], fn('greatest', since, col('created', 'i')));
  const removed = corpus === null ? int(always.last) : when([[isMissing, int(always.last)]], col('removed', 'i'));
  const place = over(fn('row_number'), { partition: [col('user', 'c')], order: [asc(col('item', 'c'))] });
  script.table(
    `${pool}__pool`,
    select(
      [
        ['value', col('user', 'c')],
        ['item', col('item', 'c')],
        ['created', created],
        ['removed', removed],
        ['since', col('since', 'c')],
        ['weight', int(1)],
        ['place', sql`${place} - ${int(1)}`],
      ],
      from(`${name}__user`, 'c'),
      {
        joins: [
          join('semi', `${name}__heavy_users`, 'h', sql`${col('user', 'h')} = ${col('user', 'c')}`),
          ...(corpus === null ? [] : [join('left', 'corpus', 'i', sql`${col('item', 'i')} = ${col('item', 'c')}`)]),
        ],
        where: [sql`${col('part', 'c')} = ${int(0)}`],
      },
    ),
    'The candidates of heavy users in the order of items. Those that the corpus lacks are never eligible.',
    'docs/sampling.md: Lists, heavy users.',
  );
  script.view(
    `${pool}__size`,
    select(['value', ['items', countRows], ['bits', int(0)]], `${pool}__pool`, { groupBy: [col('value')] }),
    'Number of the candidates of each of them.',
  );
}

/** `<heavy>__values`: groups of heavy users, with the quota that the request leaves; `<heavy>__groups`: with sizes. */
function addGroups(
  script: Script,
  entry: ListEntry,
  { name: pool, groups, hasRequest }: { readonly name: string; readonly groups: string; readonly hasRequest: boolean },
): void {
  const { name, plan } = entry;
  const readsBeforeRequest = readsBefore(plan);
  const requestRows = fn('coalesce', col('taken', 'r'), int(0));
  const requestRowCounts: Relation = select([...groupKey, ['taken', countRows]], `${name}__request_rows`, {
    groupBy: cols(groupKey),
  });
  const overlap = fn('coalesce', col('counted', 'w'), int(0));
  const joins: Join[] = [
    join('semi', `${name}__heavy_users`, 'h', sql`${col('user', 'h')} = ${col('user', 'g')}`),
    ...(hasRequest ? [join('left', requestRowCounts, 'r', sameGroup('r', 'g'))] : []),
    ...(hasRequest && readsBeforeRequest
      ? [join('left', requestUserOverlap(entry, groups), 'w', sameGroup('w', 'g'))]
      : []),
  ];
  script.table(
    `${pool}__values`,
    select(
      [
        ...columnsFrom([...groupKey, 't', ...(readsBeforeRequest ? [readTime] : []), 'request_key'], 'g'),
        ['value', col('user', 'g')],
        ['before', !hasRequest ? int(0) : readsBeforeRequest ? overlap : requestRows],
        ['quota', hasRequest ? sql`${col('quota', 'g')} - ${requestRows}` : col('quota', 'g')],
        ['attempts', sql`${sql`${int(8)} * ${col('quota', 'g')}`} + ${int(64)}`],
      ],
      from(groups, 'g'),
      { joins },
    ),
    'Groups of heavy users, the rows that are missing, and the most attempts.',
  );
  script.view(
    `${pool}__groups`,
    select([{ all: 'g' }, ['size', col('items', 's')], ['bits', col('bits', 's')]], from(`${pool}__values`, 'g'), {
      joins: [join('inner', `${pool}__size`, 's', sql`${col('value', 's')} = ${col('value', 'g')}`)],
    }),
    'The same with the number of candidates.',
  );
}

/** By group: the number of rows of the request that are also candidates of the user. */
function requestUserOverlap({ name }: ListEntry, groups: string): Relation {
  const same = equal('c', 'r', [...userPart, 'item']);
  return select([...columnsFrom(groupKey, 'r'), ['counted', countRows]], from(`${name}__request_rows`, 'r'), {
    joins: [
      join('inner', groups, 'q', sameGroup('q', 'r')),
      join('inner', `${name}__user`, 'c', and(same, sql`${col('since', 'c')} < ${col(readTime, 'q')}`)),
    ],
    groupBy: cols(groupKey, 'r'),
  });
}

/**
 * True if the row `candidate` of the user's list is the item of `row` and was first shown at or after the read time of
 * `row`.
 */
function isShownTooLate(candidate: string, row: string): Expression {
  return and(equal(candidate, row, [...userPart, 'item']), sql`${col('since', candidate)} >= ${col(readTime, row)}`);
}

/** Width of the time buckets, in microseconds. */
const HOUR = 3_600_000_000;

/**
 * By group: the number of otherwise acceptable items that were first shown between its request and its time. Empty if
 * every group has the time of its request. Rows are joined by hour first, because a join by time range alone is slow.
 */
function shownDuring({ corpus, exclusion }: ListEntry, pool: string): Relation {
  const hour = (time: Expression): Expression => cast(fn('floor', sql`${time} / ${double(HOUR)}`), 'BIGINT');
  const key = [...groupKey, 't', readTime, 'value'];
  const hours = select(
    [...key, ['hour', call('eachInteger', hour(col(readTime)), hour(col('t')))]],
    `${pool}__values`,
    { where: [sql`${col(readTime)} < ${col('t')}`] },
  );
  const candidates = select([{ all: null }, ['hour', hour(col('since'))]], `${pool}__pool`);
  const during = select([...columnsFrom(key, 'h'), ['item', col('item', 'p')]], from(hours, 'h'), {
    joins: [
      join(
        'inner',
        candidates,
        'p',
        and(
          equal('p', 'h', ['value', 'hour']),
          sql`${col('since', 'p')} >= ${col(readTime, 'h')}`,
          sql`${col('since', 'p')} < ${col('t', 'h')}`,
          ...(corpus === null ? [] : eligible({ hasLives: true }, 'p', 'h')),
        ),
      ),
    ],
  });
  return select([...columnsFrom(groupKey, 'c'), ['late', countRows]], from(during, 'c'), {
    joins: acceptableJoins(exclusion, 'c'),
    groupBy: cols(groupKey, 'c'),
  });
}

function addCounts(script: Script, entry: ListEntry, { name: pool }: PoolEntry, readsBeforeRequest: boolean): void {
  const drawCounts = select([...groupKey, ['taken', call('listSize', col('items'))]], `${pool}__lists`);
  const outsideRequest = sql`${col('items', 'a')} - ${col('before', 'g')}`;
  const size = readsBeforeRequest
    ? sql`${outsideRequest} - ${fn('coalesce', col('late', 'l'), int(0))}`
    : outsideRequest;
  const draws = fn('coalesce', col('taken', 'd'), int(0));
  const isShort = sql`${draws} < ${fn('least', col('quota', 'g'), size)}`;
  script.view(
    `${pool}__counts`,
    select(
      [
        ...columnsFrom(groupKey, 'g'),
        ['size', size],
        // If the attempts ended early, only the draws count as requested.
        ['asked', when([[isShort, draws]], col('quota', 'g'))],
      ],
      from(`${pool}__values`, 'g'),
      {
        joins: [
          join('inner', `${pool}__acceptable`, 'a', sameGroup('a', 'g')),
          join('left', drawCounts, 'd', sameGroup('d', 'g')),
          ...(readsBeforeRequest ? [join('left', shownDuring(entry, pool), 'l', sameGroup('l', 'g'))] : []),
        ],
      },
    ),
    'size: acceptable candidates that the request does not have. asked: the rows that they should fill.',
  );
}

/** The draws of heavy users as rows of the entry. They come after the candidates of the request. */
export function heavyRows({ name }: ListEntry): Relation {
  return select(
    [
      ...columnsFrom([...groupKey, 'item'], 'r'),
      ['draw', sql`${fn('least', col('quota', 's'), col('request_size', 's'))} + ${col('draw', 'r')}`],
      ['tier', int(1)],
    ],
    from(`${heavyName(name)}__drawn`, 'r'),
    { joins: [join('inner', `${name}__sizes`, 's', sameGroup('s', 'r'))] },
  );
}

/** Join of a group `g` of the entry with its counts `h` if its user is heavy. */
export function heavyCounts({ name }: ListEntry): Join {
  return join('left', `${heavyName(name)}__counts`, 'h', sameGroup('h', 'g'));
}
