import type { PairDayCount } from '../../core/sampling/drawn.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import { f64At, i32At, u32At, valueAt } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import type { BucketRows, Period } from '../inputs/world/dayCounts.ts';
import { beforeText, type DayTables } from '../inputs/world/dayTables.ts';

/**
 * What the tables of an entry count of an item, by table, for the groups of a block. A group without a table counts the
 * events of all users: none of them is on an item of the pool.
 * @param poolOf by group: index of its table; -1 if it has none
 */
export async function dayCountsOfItem(
  { choice, counts, keys, pools }: DayTables,
  { count, time }: Pick<UserBlock['groups'], 'count' | 'time'>,
  poolOf: Int32Array,
  item: number,
  work: Work,
): Promise<PairDayCount[]> {
  const groups = new Map<string, { readonly period: number; readonly pool: number; groups: number }>();
  for (let g = 0; g < count; g++) {
    const [period, pool] = [choice.periodAt(f64At(time, g)), i32At(poolOf, g)];
    const key = `${period} ${pool}`;
    const own = groups.get(key);
    if (own) own.groups++;
    else groups.set(key, { period, pool, groups: 1 });
  }
  const counted: PairDayCount[] = [];
  for (const { period, pool, groups: used } of [...groups.values()].sort(
    (a, b) => a.period - b.period || a.pool - b.pool,
  )) {
    const value = pool < 0 ? -1 : valueAt(keys, pool).value;
    const own = value < 0 ? null : counts.byValue;
    const of = valueAt(counts.periods, period);
    counted.push({
      before: beforeText(of),
      pool: pool < 0 ? null : valueAt(pools, pool).name,
      count: own ? sumOf(own, value, of, item) : sumOf(await counts.whole(work), 0, of, item),
      groups: used,
    });
  }
  return counted;
}

/** The count of an item in a period. */
function sumOf(
  { offsets, bucket, dated, item: items, count }: BucketRows,
  value: number,
  { first, last }: Period,
  item: number,
): number {
  let sum = 0;
  for (let row = u32At(offsets, value); row < u32At(offsets, value + 1); row++)
    if (u32At(items, row) === item && u32At(bucket, row) <= last && u32At(dated, row) >= first)
      sum += f64At(count, row);
  return sum;
}
