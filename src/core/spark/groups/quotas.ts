import { quotaCuts } from '../../sampling/quota.ts';
import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { f64At, valueAt } from '../../valueAt.ts';
import { call, col, int, sql } from '../../relation/expression.ts';
import type { Columns } from '../../relation/relation.ts';
import type { Expression } from '../../relation/tree.ts';

/** Column of the quota of an entry. */
export const quotaColumn = (k: number): string => `quota_${k}`;

/** Columns of the quotas. With shares, they need the column `a` of the draw for @quota. */
export function quotasOf({ amounts, entries }: StagePlan): { readonly needsDraw: boolean; readonly columns: Columns } {
  if (amounts.kind !== 'shares')
    return { needsDraw: false, columns: entries.map(({ amount }, k) => [quotaColumn(k), int(amount)] as const) };
  const shares = entries.map(({ amount }) => amount);
  const cuts = quotaCuts(amounts.perGroup, shares);
  const upToAlways = (k: number): number => (k < 0 ? 0 : f64At(cuts.wholeCounts, k));
  if (cuts.remainders.every((rest) => rest === 0))
    return {
      needsDraw: false,
      columns: entries.map((_, k) => [quotaColumn(k), int(upToAlways(k) - upToAlways(k - 1))] as const),
    };
  const cut = (k: number): bigint =>
    BigInt(f64At(cuts.wholeCounts, k)) * 4294967296n + BigInt(f64At(cuts.remainders, k));
  const upTo = (k: number): Expression =>
    k < 0 ? int(0) : call('shiftRight', sql`${col('a')} + ${int(cut(k))}`, int(32));
  return {
    needsDraw: entries.length > 0,
    columns: entries.map((_, k) => [quotaColumn(k), k === 0 ? upTo(0) : sql`${upTo(k)} - ${upTo(k - 1)}`] as const),
  };
}

/** The greatest quota of an entry. */
export function mostOfQuota({ amounts, entries, refillFrom }: StagePlan, k: number): number {
  const all = entries.map(({ amount }) => amount);
  if (amounts.kind !== 'shares') return k === refillFrom ? all.reduce((sum, one) => sum + one, 0) : valueAt(all, k);
  if (k === refillFrom) return amounts.perGroup;
  const { wholeCounts, remainders } = quotaCuts(amounts.perGroup, all);
  return f64At(wholeCounts, k) + (f64At(remainders, k) > 0 ? 1 : 0) - (k === 0 ? 0 : f64At(wholeCounts, k - 1));
}
