import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import type { DrawnEntry } from '../entries/drawnEntry.ts';
import { entryColumn, filledOf } from '../entries/drawnGroups.ts';
import { sizeOf } from '../entries/aliasTable.ts';
import { partitionOf } from '../entries/poolEntry.ts';
import { lastPhaseOf } from '../entries/poolDraws.ts';
import { sameGroup } from '../groups/groups.ts';
import { quotaColumn } from '../groups/quotas.ts';
import type { Script } from '../script.ts';
import { added, col, int, or, sql, sum, when } from '../../relation/expression.ts';
import { from, join, select, unionAll } from '../../relation/relation.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** Missing rows by entry and cause: one row with three columns for each entry. */
export function addShortfalls(script: Script, { refillFrom }: StagePlan, entries: readonly DrawnEntry[]): void {
  const [first, ...more] = entries;
  if (first?.kind === 'pool' && more.length === 0 && partitionOf(first.entry).length === 0) {
    addTotals(script, entries, ofOnePool(first.entry.name));
    return;
  }
  const missing = (k: number): Expression => sql`${col(quotaColumn(k))} - ${col(filledOf(k))}`;
  const others = entries.flatMap((_, k) => (k === refillFrom ? [] : [missing(k)]));
  // The quota of the entry that refills includes what the others miss.
  const withOthers = (k: number, own: Expression): Expression => (k === refillFrom ? added(own, ...others) : own);
  const shortages = entries.map((_, k) => withOthers(k, missing(k)));
  const groups = select(
    entries.flatMap((one, k) => [
      [`missing_${k}`, shortages[k] ?? int(0)] as const,
      [`quota_${k}`, withOthers(k, col(quotaColumn(k)))] as const,
      [`size_${k}`, acceptedBy(one, k)] as const,
    ]),
    'drawn_groups',
    { where: [or(...shortages.map((shortage) => sql`${shortage} > ${int(0)}`))] },
  );
  addTotals(script, entries, groups);
}

/**
 * The groups that the last attempts of the only pool do not fill. They are few, so `drawn_groups` is not read. No group
 * has attempts from an empty pool.
 */
function ofOnePool(name: string): Relation {
  const unfilled = select(
    [
      ['missing_0', col('missing', 'd')],
      ['quota_0', col('quota', 'd')],
      ['size_0', col('items', 'w')],
    ],
    from(lastPhaseOf(name), 'd'),
    {
      joins: [join('left', `${name}__acceptable`, 'w', sameGroup('w', 'd'))],
      where: [sql`${col('missing', 'd')} > ${int(0)}`],
    },
  );
  const quota = col('quota', 'v');
  const isEmpty = sql`${sizeOf(name, [])('items')} IS NULL`;
  const withoutPool = select(
    [
      ['missing_0', quota],
      ['quota_0', quota],
      ['size_0', int(0)],
    ],
    from(`${name}__values`, 'v'),
    { where: [sql`${quota} > ${int(0)}`, isEmpty] },
  );
  return unionAll(unfilled, withoutPool);
}

function addTotals(script: Script, entries: readonly DrawnEntry[], groups: Relation): void {
  script.counts(
    'shortfalls',
    select(
      entries.flatMap((_, k) => {
        const isShort = sql`${col(`missing_${k}`)} > ${int(0)}`;
        const isEnough = sql`${isShort} AND ${sql`${col(`size_${k}`)} >= ${col(`quota_${k}`)}`}`;
        return [
          [`groups_${k}`, sum(when([[isShort, int(1)]], int(0)))] as const,
          [`missing_${k}`, sum(when([[isShort, col(`missing_${k}`)]], int(0)))] as const,
          [`enough_${k}`, sum(when([[isEnough, col(`missing_${k}`)]], int(0)))] as const,
        ];
      }),
      groups,
    ),
    'Groups with a shortfall and their missing rows, of each entry. enough: missing although there are enough items.',
  );
}

/** The number of items that a group accepts from an entry. NULL: the entry has none for it. */
function acceptedBy({ kind }: DrawnEntry, k: number): Expression {
  return kind === 'pool'
    ? col(entryColumn(k, 'accepted'))
    : sql`${col(entryColumn(k, 'request_size'))} + ${col(entryColumn(k, 'user_size'))}`;
}
