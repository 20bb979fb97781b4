import type { LogQMode } from '../../sampling/plan/stagePlan.ts';
import type { ListPlan } from '../../source/drawPlan.ts';
import { readTime, readsBefore } from '../groups/readTimes.ts';
import { userPart } from '../groups/splitUsers.ts';
import { scoreCutOf, scoredChance } from './candidateList.ts';
import { entryColumn } from './drawnGroups.ts';
import { sameCandidate, tiersOf, type ListEntry } from './listEntry.ts';
import { and, bool, cast, col, double, fn, int, not, or, sql, when } from '../../relation/expression.ts';
import { equal, join } from '../../relation/relation.ts';
import type { Expression, Join } from '../../relation/tree.ts';

const ratio = (a: Expression, b: Expression): Expression => sql`${cast(a, 'DOUBLE')} / ${cast(b, 'DOUBLE')}`;
const ownTier = sql`${col('own', 'm')} = ${int(1)}`;

/** The sizes of the candidates of a row `m` for entry k. */
function sizesOf(plan: ListPlan, k: number): Sizes {
  const size = (column: 'quota' | 'request_size' | 'user_size' | 'user_asked'): Expression =>
    col(entryColumn(k, column), 'm');
  return {
    quota: size('quota'),
    first: size('request_size'),
    second: size('user_size'),
    userLimit: tiersOf(plan).user ? size('user_asked') : null,
  };
}

/** q of a row `m` that the entry drew: min(1, r/n) over the rows that it filled, first in the tier of the request. */
export function chanceOfDraw({ plan, index }: ListEntry): Expression {
  const sizes = sizesOf(plan, index);
  const isRequest = sql`${col('draw', 'm')} < ${fn('least', sizes.quota, sizes.first)}`;
  return chance(isRequest, sizes);
}

interface Sizes {
  readonly quota: Expression;
  readonly first: Expression;
  readonly second: Expression;
  /** Maximum rows of the user's tier; null without it. Below the remaining quota if attempts ended early. */
  readonly userLimit: Expression | null;
}

function chance(isRequest: Expression, { quota, first, second, userLimit }: Sizes): Expression {
  const taken = fn('least', quota, first);
  const left = sql`${quota} - ${taken}`;
  const rest = userLimit === null ? left : fn('least', left, userLimit);
  const filled = sql`${taken} + ${fn('least', rest, second)}`;
  const part = (wanted: Expression, size: Expression): Expression =>
    sql`${fn('least', double(1), ratio(wanted, size))} / ${cast(filled, 'DOUBLE')}`;
  const ofTiers = when([[isRequest, part(quota, first)]], part(rest, second));
  // The attempts for a heavy user may accept no item.
  return userLimit === null ? ofTiers : when([[sql`${filled} > ${int(0)}`, ofTiers]], double(0));
}

/** q of the item of a row `m` for an entry, with joins. `candidate`: for the correction, see `addRowChances`. */
export interface EntryChances {
  readonly joins: readonly Join[];
  readonly chance: Expression;
  readonly candidate: Expression;
  readonly even: Expression;
}

/**
 * The draw probabilities of a list.
 * @param hasUnexposed true if some positives have no exposure: the column `is_exposed`
 */
export function listChances(
  entry: ListEntry,
  logq: LogQMode | null,
  hasUnexposed: boolean,
  isExcluded: Expression,
): EntryChances {
  const { name, plan, index } = entry;
  const cut = scoreCutOf(plan);
  const sizes = sizesOf(plan, index);
  const { quota, first, second, userLimit } = sizes;
  const listed = (value: Expression): Expression => when([[col('eligible', 'm'), value]]);
  if (cut) {
    const ofSize = (size: Expression): Expression =>
      chance(bool(true), { quota, first: size, second: int(0), userLimit: null });
    const { joins, value } = scoredChance(entry, cut, ofSize, first);
    const only = listed(value);
    return { joins, chance: only, candidate: only, even: only };
  }
  const tiers = tiersOf(plan);
  const [r, u] = [`r${index}`, `u${index}`];
  const inRequest = tiers.request ? sql`${col('user', r)} IS NOT NULL` : bool(false);
  const inUser = tiers.user ? sql`${col('user', u)} IS NOT NULL` : bool(false);
  const rest = sql`${quota} - ${fn('least', quota, first)}`;
  const back = (isFirst: Expression): Expression =>
    when(
      [
        [isFirst, chance(bool(true), { quota, first: sql`${first} + ${int(1)}`, second, userLimit })],
        [
          sql`${rest} > ${int(0)}`,
          chance(bool(false), { quota, first, second: sql`${second} + ${int(1)}`, userLimit }),
        ],
      ],
      double(0),
    );
  const member = or(inRequest, and(inUser, sql`${rest} > ${int(0)}`));
  const negative = when([[and(member, not(isExcluded)), chance(inRequest, sizes)]], double(0));
  const positive = when([[or(inRequest, inUser), back(inRequest)]], double(0));
  const isExposed = logq === 'shares' && plan.rows.of === 'exposures';
  // The exposure of the row is an additional candidate, in the tier of the request if there is one.
  const putBack = back(bool(tiers.request));
  const ofPositive = !isExposed
    ? positive
    : hasUnexposed
      ? when([[col('is_exposed', 'm'), putBack]], positive)
      : putBack;
  const candidate = listed(when([[ownTier, ofPositive]], negative));
  const since = readsBefore(plan) ? [sql`${col('since', u)} < ${col(readTime, 'm')}`] : [];
  return {
    joins: [
      ...(tiers.request ? [join('left', `${name}__request`, r, sameCandidate(r, 'm'))] : []),
      ...(tiers.user ? [join('left', `${name}__user`, u, and(equal(u, 'm', [...userPart, 'item']), ...since))] : []),
    ],
    chance: listed(when([[ownTier, positive]], negative)),
    candidate,
    even: candidate,
  };
}
