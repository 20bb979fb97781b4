import { sameCandidate } from '../inputs/candidates.ts';
import type { LogQMode } from '../../sampling/plan/stagePlan.ts';
import type { ListPlan } from '../../source/drawPlan.ts';
import { scoreCutOf, scoredChances } from './candidateList.ts';
import { excludes } from './exclusion.ts';
import { groupKey, sameGroup } from '../groups/groups.ts';
import { tiersOf, type ListEntry } from './listEntry.ts';
import { and, bool, cast, col, double, fn, int, not, or, sql, when } from '../sql/expression.ts';
import { equal, from, join, select, type Columns } from '../sql/relation.ts';
import type { Script } from '../script.ts';
import type { Expression } from '../sql/tree.ts';

const ratio = (a: Expression, b: Expression): Expression => sql`${cast(a, 'DOUBLE')} / ${cast(b, 'DOUBLE')}`;
const own = sql`${col('own', 'm')} = ${int(1)}`;

/** Rows that a tier takes: min(1, r/n) over the rows that the entry filled, with the sizes `s`. */
export function chanceOfTier(isRequest: Expression, asked: Expression | null): Expression {
  return chance(isRequest, {
    quota: col('quota', 's'),
    first: col('request_size', 's'),
    second: col('user_size', 's'),
    asked,
  });
}

/** The most rows that the user's tier should fill; null without such a tier. Less than the rest if attempts ended early. */
export function askedOf(plan: ListPlan): Expression | null {
  return tiersOf(plan).user ? col('user_asked', 's') : null;
}

interface Sizes {
  readonly quota: Expression;
  readonly first: Expression;
  readonly second: Expression;
  readonly asked: Expression | null;
}

function chance(isRequest: Expression, { quota, first, second, asked }: Sizes): Expression {
  const taken = fn('least', quota, first);
  const left = sql`${quota} - ${taken}`;
  const rest = asked === null ? left : fn('least', left, asked);
  const filled = sql`${taken} + ${fn('least', rest, second)}`;
  const part = (wanted: Expression, size: Expression): Expression =>
    sql`${fn('least', double(1), ratio(wanted, size))} / ${cast(filled, 'DOUBLE')}`;
  const ofTiers = when([[isRequest, part(quota, first)]], part(rest, second));
  // Attempts of heavy users may find nothing.
  return asked === null ? ofTiers : when([[sql`${filled} > ${int(0)}`, ofTiers]], double(0));
}

/**
 * The step `<name>__chances` of a list.
 * @param hasUnexposed whether some positives have no exposure: the column `is_exposed`
 */
export function addListChances(script: Script, entry: ListEntry, logq: LogQMode | null, hasUnexposed: boolean): void {
  const { name, exclusion, plan } = entry;
  const cut = scoreCutOf(plan);
  if (cut) {
    const ofSize = (size: Expression): Expression =>
      chance(bool(true), { quota: col('quota', 's'), first: size, second: int(0), asked: null });
    const columns = (value: Expression): Columns =>
      (logq === null ? ['chance'] : ['chance', 'candidate', 'even']).map((one) => [one, value] as const);
    script.view(
      `${name}__chances`,
      scoredChances(entry, cut, ofSize, columns),
      `q of the items for ${entry.label}: of the candidates within skip and top.`,
    );
    return;
  }
  const tiers = tiersOf(plan);
  const inRequest = tiers.request ? sql`${col('user', 'r')} IS NOT NULL` : bool(false);
  const inUser = tiers.user ? sql`${col('user', 'u')} IS NOT NULL` : bool(false);
  const [quota, first, second] = [col('quota', 's'), col('request_size', 's'), col('user_size', 's')];
  const rest = sql`${quota} - ${fn('least', quota, first)}`;
  const asked = askedOf(plan);
  const back = (isFirst: Expression): Expression =>
    when(
      [
        [isFirst, chance(bool(true), { quota, first: sql`${first} + ${int(1)}`, second, asked })],
        [sql`${rest} > ${int(0)}`, chance(bool(false), { quota, first, second: sql`${second} + ${int(1)}`, asked })],
      ],
      double(0),
    );
  const isExcluded = exclusion.step === null ? bool(false) : sql`${col('user', 'x')} IS NOT NULL`;
  const member = or(inRequest, and(inUser, sql`${rest} > ${int(0)}`));
  const negative = when(
    [[and(member, not(isExcluded)), chance(inRequest, { quota, first, second, asked })]],
    double(0),
  );
  const positive = when([[or(inRequest, inUser), back(inRequest)]], double(0));
  const isExposed = logq === 'shares' && plan.rows.of === 'exposures';
  // The own exposure is one more candidate: in the tier of the request, else in that of the user.
  const putBack = back(bool(tiers.request));
  const ofPositive = !isExposed
    ? positive
    : hasUnexposed
      ? when([[col('is_exposed', 'm'), putBack]], positive)
      : putBack;
  const candidate = when([[own, ofPositive]], negative);
  const chances: Columns = [
    ['chance', when([[own, positive]], negative)],
    ...(logq === null
      ? []
      : ([
          ['candidate', candidate],
          ['even', candidate],
        ] as const)),
  ];
  const since = plan.rows.of === 'rejections' ? [sql`${col('since', 'u')} <= ${col('t', 'm')}`] : [];
  script.view(
    `${name}__chances`,
    select(
      [...[...groupKey, 'item', 'own'].map((column) => [column, col(column, 'm')] as const), ...chances],
      from('mix_items', 'm'),
      {
        joins: [
          join('inner', `${name}__sizes`, 's', sameGroup('s', 'm')),
          ...(tiers.request ? [join('left', `${name}__request`, 'r', sameCandidate('r', 'm'))] : []),
          ...(tiers.user ? [join('left', `${name}__user`, 'u', and(equal('u', 'm', ['user', 'item']), ...since))] : []),
          ...(exclusion.step === null ? [] : [join('left', exclusion.step, 'x', excludes(exclusion, 'm'))]),
        ],
        where: [col('eligible', 'm')],
      },
    ),
    `q of the items for ${entry.label}: of its lists.`,
  );
}
