import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import type { DrawnEntry } from '../entries/drawnEntry.ts';
import { filledOf } from '../entries/drawnGroups.ts';
import { groupKey, quotaColumn, sameGroup } from '../groups/groups.ts';
import type { Script } from '../script.ts';
import { added, col, countRows, int, or, sql, sum, when } from '../sql/expression.ts';
import { from, join, select, unionAll } from '../sql/relation.ts';
import type { Expression, Relation } from '../sql/tree.ts';

/** Missing rows by entry and cause. Only groups with a shortfall are joined with what their entries accept. */
export function addShortfalls(script: Script, { refillFrom }: StagePlan, entries: readonly DrawnEntry[]): void {
  const got = (k: number): Expression => col(filledOf(k), 'g');
  const quota = (k: number): Expression => col(quotaColumn(k), 'g');
  const missing = (k: number): Expression => sql`${quota(k)} - ${got(k)}`;
  const others = entries.flatMap((_, k) => (k === refillFrom ? [] : [missing(k)]));
  const shortages = entries.map((_, k) => (k === refillFrom ? added(missing(k), ...others) : missing(k)));
  script.table(
    'short_groups',
    select(
      [
        ...groupKey.map((one) => [one, col(one, 'g')] as const),
        ...entries.flatMap((_, k) => [
          // The quota of the entry that refills includes what the others miss.
          [quotaColumn(k), k === refillFrom ? added(quota(k), ...others) : quota(k)] as const,
          [missingColumn(k), shortages[k] ?? int(0)] as const,
        ]),
      ],
      from('drawn_groups', 'g'),
      {
        where: [or(...shortages.map((shortage) => sql`${shortage} > ${int(0)}`))],
      },
    ),
    'Groups in which an entry has a shortfall.',
  );
  script.counts(
    'shortfalls',
    unionAll(...entries.map((entry, k) => shortfallOf(entry, k))),
    'Groups with a shortfall and their missing rows by entry. enough: missing although there are enough items.',
  );
}

const missingColumn = (k: number): string => `missing_${k}`;

function shortfallOf({ kind, entry: { name } }: DrawnEntry, k: number): Relation {
  const [table, size] =
    kind === 'pool'
      ? ([`${name}__acceptable`, col('items', 'a')] as const)
      : ([`${name}__sizes`, sql`${col('request_size', 'a')} + ${col('user_size', 'a')}`] as const);
  const found = select([...groupKey.map((one) => [one, col(one, 'a')] as const), ['size', size]], from(table, 'a'), {
    joins: [join('semi', 'short_groups', 's', sameGroup('s', 'a'))],
  });
  const [shortage, quota] = [col(missingColumn(k), 's'), col(quotaColumn(k), 's')];
  return select(
    [
      ['entry', int(k)],
      ['groups', countRows],
      ['missing', sum(shortage)],
      ['enough', sum(when([[sql`${col('size', 'z')} >= ${quota}`, shortage]], int(0)))],
    ],
    from('short_groups', 's'),
    { joins: [join('left', found, 'z', sameGroup('z', 's'))], where: [sql`${shortage} > ${int(0)}`] },
  );
}
