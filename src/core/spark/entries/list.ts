import { and, asc, cast, col, countRows, fn, int, over, sql } from '../../relation/expression.ts';
import { cols, columnsFrom, equal, from, join, select, type Columns, unionAll } from '../../relation/relation.ts';
import { fmix, mixed, saltWords, withWords } from '../hash.ts';
import { addCandidateItems, placesInTurns, scoreCutOf, scoredItems } from './candidateList.ts';
import { orderedExposure } from '../output/ownExposures.ts';
import { acceptableJoins } from './exclusion.ts';
import { groupKey, sameGroup } from '../groups/groups.ts';
import { quotaColumn } from '../groups/quotas.ts';
import { readTime, readsBefore } from '../groups/readTimes.ts';
import { inEachPart, userPart, withPart } from '../groups/splitUsers.ts';
import { matureOf, negativeRows, seenOf, type Log } from '../inputs/log.ts';
import { addHeavyUsers, addLightGroups, heavyCounts, heavyRows } from './heavyUsers.ts';
import { sameCandidate, tiersOf, type ListEntry } from './listEntry.ts';
import { eligible } from './poolEntry.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/**
 * Steps of a list entry: `<name>__drawn`, and `<name>__sizes` with the number of acceptable candidates of each tier.
 * docs/sampling.md: Lists.
 */
export function addList(script: Script, sources: Sources, job: SparkJob, log: Log, entry: ListEntry): void {
  const { name, index, plan, groups } = entry;
  const tiers = tiersOf(plan);
  const read = readsBefore(plan) ? [readTime] : [];
  addCandidates(script, sources, job, log, entry);
  script.view(
    `${name}__groups`,
    select([...groupKey, 't', ...read, 'request_key', ['quota', col(quotaColumn(index))]], groups, {
      where: [sql`${col(quotaColumn(index))} > ${int(0)}`],
    }),
    'Groups that draw something.',
  );
  if (tiers.request) addTier(script, job, entry, 'request', `${name}__groups`, col('quota'));
  if (tiers.user) {
    let short = `${name}__groups`;
    if (tiers.request) {
      const full = select([...groupKey], `${name}__request_rows`, { where: [sql`${col('place')} = ${col('quota')}`] });
      short = script.view(
        `${name}__short`,
        select([{ all: 'g' }], from(short, 'g'), { joins: [join('anti', full, 'f', sameGroup('f', 'g'))] }),
        'Groups that the candidates of their request do not fill.',
      );
    }
    addTier(script, job, entry, 'user', addLightGroups(script, entry, short), col('quota'));
    addHeavyUsers(script, job, entry, short, tiers.request);
  }
  const size = (tier: 'request' | 'user'): Relation =>
    select([...groupKey, ['candidates', countRows]], `${name}__${tier}_rows`, {
      groupBy: cols(groupKey),
    });
  const requestSize = tiers.request ? fn('coalesce', col('candidates', 'r'), int(0)) : int(0);
  const rest = sql`${col('quota', 'g')} - ${fn('least', col('quota', 'g'), requestSize)}`;
  script.table(
    `${name}__sizes`,
    select(
      [
        ...columnsFrom([...groupKey, 'quota'], 'g'),
        ['request_size', requestSize],
        ['user_size', tiers.user ? fn('coalesce', col('size', 'h'), col('candidates', 'u'), int(0)) : int(0)],
        ...(tiers.user ? [['user_asked', fn('coalesce', col('asked', 'h'), rest)] as const] : []),
      ],
      from(`${name}__groups`, 'g'),
      {
        joins: [
          ...(tiers.request ? [join('left', size('request'), 'r', sameGroup('r', 'g'))] : []),
          ...(tiers.user ? [join('left', size('user'), 'u', sameGroup('u', 'g')), heavyCounts(entry)] : []),
        ],
      },
    ),
    'Number of acceptable candidates of each group. Those of the user are not counted if those of the request are enough.',
  );
  const taken = sql`${fn('least', col('quota', 's'), col('request_size', 's'))}`;
  const part = (tier: 'request' | 'user'): Relation => {
    const draw = tier === 'request' ? col('place', 'r') : sql`${taken} + ${col('place', 'r')}`;
    return select(
      [
        ...columnsFrom([...groupKey, 'item'], 'r'),
        ['draw', sql`${draw} - ${int(1)}`],
        ['tier', int(tier === 'request' ? 0 : 1)],
      ],
      from(`${name}__${tier}_rows`, 'r'),
      {
        joins: [join('inner', `${name}__sizes`, 's', sameGroup('s', 'r'))],
        where: [sql`${draw} <= ${col('quota', 's')}`],
      },
    );
  };
  const parts = (['request', 'user'] as const).filter((tier) => tiers[tier]).map(part);
  if (tiers.user) parts.push(heavyRows(entry));
  script.view(`${name}__drawn`, unionAll(...parts), 'The negatives of the entry, numbered from 0.');
}

/** `<name>__request` and `<name>__user`: the distinct candidates, with the words of their items. */
function addCandidates(script: Script, sources: Sources, job: SparkJob, log: Log, entry: ListEntry): void {
  const { name, plan } = entry;
  const tiers = tiersOf(plan);
  const withItemWords = (names: readonly string[], rows: Relation): Relation =>
    withWords(names, cast(col('item'), 'STRING'), ['i0', 'i1'], rows);
  const ofUser = ['user', 'item', 'since'];
  const eachUser = (rows: Relation): Relation => inEachPart([...ofUser, 'i0', 'i1'], withItemWords(ofUser, rows));
  const { rows } = plan;
  if (rows.of === 'rejections') {
    const source = sources.required('rejections');
    const hasTime = source.hasRole('time');
    const at: Columns = hasTime ? [['at', source.time('time')]] : [];
    const all = select([['user', source.id('user')], ['item', source.id('item')], ...at], source.view, {
      where: source.filter(),
    });
    // A rejection without time always counts, unless it must have come before the request.
    const isBefore = rows.before === true;
    const since = isBefore ? fn('min', col('at')) : int(-(2n ** 62n));
    const isKnown = sql`${col('at')} <= ${log.ends.knownUntil}`;
    const known = select([...['user', 'item'], ['since', since]], all, {
      where: [
        sql`${col('user')} IS NOT NULL`,
        sql`${col('item')} IS NOT NULL`,
        ...(hasTime ? [isBefore ? isKnown : sql`${sql`${col('at')} IS NULL`} OR ${isKnown}`] : []),
      ],
      groupBy: [col('user'), col('item')],
    });
    script.table(`${name}__user`, eachUser(known), 'Rejections up to known until, and since when each counts.');
    return;
  }
  if (rows.of === 'candidates') {
    addCandidateItems(script, entry, rows.keep);
    return;
  }
  const seen = seenOf(rows.seen);
  const exposures = script.view(
    `${name}__exposures`,
    select(
      columnsFrom([...new Set(['user', 'request_key', 'item', 't', ...orderedExposure(job, log)])], 'l'),
      from('log', 'l'),
      {
        joins: seen.joins,
        where: [
          ...negativeRows(job.plan),
          ...log.ends.inSplit(col('t', 'l')),
          ...(rows.seen === 'all' ? [] : [seen.condition]),
          ...matureOf(rows.matureAfter, log.ends, col('t', 'l')),
        ],
      },
    ),
    'Exposures without a positive event that count as seen and are mature.',
  );
  if (tiers.request) {
    const key = ['user', 'request_key', 'item'];
    const distinct = select(key, exposures, { distinct: true });
    script.table(
      `${name}__request`,
      withPart([...key, 'i0', 'i1'], withItemWords(key, distinct)),
      'Candidates of each request, with the words of their items.',
    );
  }
  if (tiers.user) {
    const distinct = rows.before
      ? select(['user', 'item', ['since', fn('min', col('t'))]], exposures, { groupBy: [col('user'), col('item')] })
      : select(['user', 'item', ['since', int(-(2n ** 62n))]], exposures, { distinct: true });
    script.table(
      `${name}__user`,
      eachUser(distinct),
      'Candidates of each user, with their first exposure and the words of their items.',
    );
  }
}

/** `<name>__<tier>_rows`: the acceptable candidates of the groups in keyed order, with their `place` from 1. */
function addTier(
  script: Script,
  { plan }: SparkJob,
  entry: ListEntry,
  tier: 'request' | 'user',
  groups: string,
  quota: Expression,
): void {
  const { name, exclusion, corpus, label } = entry;
  const { rows, byChannel } = entry.plan;
  const cut = scoreCutOf(entry.plan);
  const [s0, s1] = saltWords(plan, label);
  const on = tier === 'request' ? [...userPart, 'request_key'] : userPart;
  const row = [...groupKey, 'quota', 'item'];
  const all = select(
    [
      ...columnsFrom([...groupKey, 't'], 'g'),
      ['quota', quota],
      ['request_key', col('request_key', 'g')],
      ...columnsFrom(['item', 'i0', 'i1', ...(cut ? ['score'] : [])], 'l'),
    ],
    from(groups, 'g'),
    {
      joins: [
        join(
          'inner',
          `${name}__${tier}`,
          'l',
          and(
            equal('l', 'g', on),
            ...(tier === 'user' && readsBefore(entry.plan) ? [sql`${col('since', 'l')} < ${col(readTime, 'g')}`] : []),
          ),
        ),
      ],
    },
  );
  const ofRequest =
    tier === 'user' && rows.of === 'exposures' && rows.scope === 'request_then_user'
      ? [join('anti', `${name}__request`, 'f', sameCandidate('f', 'c'))]
      : [];
  const further = [...(cut ? ['score'] : []), ...(byChannel ? ['request_key'] : [])];
  const acceptable = select(columnsFrom([...row, 'i0', 'i1', ...further], 'c'), from(all, 'c'), {
    joins: [
      ...(corpus === null
        ? []
        : [
            join(
              'inner',
              'corpus',
              'i',
              and(sql`${col('item', 'i')} = ${col('item', 'c')}`, ...eligible(corpus, 'i', 'c')),
            ),
          ]),
      ...ofRequest,
      ...acceptableJoins(exclusion, 'c'),
    ],
  });
  const named = byChannel ? [...row, 'request_key'] : row;
  const hashed = select(
    [...named, ...fmix('a', mixed(col('k0'), col('i0'), s0)), ...fmix('b', mixed(col('k1'), col('i1'), s1))],
    cut ? scoredItems(script, entry, cut, acceptable) : acceptable,
    { computed: [...named, 'a', 'b'] },
  );
  const place = over(fn('row_number'), {
    partition: cols(groupKey),
    order: [asc(col('a')), asc(col('b')), asc(col('item'))],
  });
  script.table(
    `${name}__${tier}_rows`,
    byChannel ? placesInTurns(entry, s0, hashed) : select([...row, ['place', place]], hashed),
    `The acceptable candidates of the ${tier} in keyed order.`,
  );
}
