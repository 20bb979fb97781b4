import { fail } from '../../../core/message/failure.ts';
import { message } from '../../../core/message/message.ts';
import { tableBytes } from '../../../core/sampling/capacity.ts';
import { countUpTo } from '../../../core/sampling/kernel/search.ts';
import type { PoolPlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { EntryPools, PoolItems } from '../../../core/sampling/world/world.ts';
import { formatBytes, formatCount } from '../../../core/table/format.ts';
import { f64At, i32At, u32At, valueAt } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import type { BucketRows, DayCounts, Period } from './dayCounts.ts';
import { microsecondsOfDay } from './localTime.ts';
import { pool, Weighing } from './pools.ts';
import { valuesKey } from './valuesKey.ts';

/** The pools of an entry whose counts move with the day: one for each day and value that has groups and items. */
export interface DayTables extends EntryPools {
  readonly ofItem: null;
  readonly choice: DayChoice;
  readonly counts: DayCounts;
  /** By pool: its period, and the index of its value in `counts`; -1: all users. */
  readonly keys: readonly { readonly period: number; readonly value: number }[];
  /** Number of groups of all users that draw from each pool, before `downsample_hot` and the cap. */
  readonly groups: Float64Array;
}

/** Chooses the pool of a group by its time and the attributes of its user. */
export class DayChoice {
  readonly #from: Float64Array;
  readonly #to: Float64Array;
  readonly #period: Int32Array;

  /**
   * @param ofAll by period: the pool of all users, -1 if it has no items or no group needs it
   * @param ofValues the same by `valuesKey`, for users of these values
   */
  constructor(
    days: DayCounts['days'],
    private readonly attributes: readonly string[],
    private readonly ofAll: Int32Array,
    private readonly ofValues: ReadonlyMap<string, Int32Array>,
  ) {
    this.#from = Float64Array.from(days, ({ from }) => from);
    this.#to = Float64Array.from(days, ({ to }) => to);
    this.#period = Int32Array.from(days, ({ period }) => period);
  }

  /** The period that the groups of a time count. */
  periodAt(time: number): number {
    const day = countUpTo(this.#from, time) - 1;
    if (day < 0 || time >= f64At(this.#to, day)) throw new RangeError('a group is on a day without tables');
    return i32At(this.#period, day);
  }

  /**
   * The pool of a group; -1 if it has none. `standsIn`: true if it is that of all users although the entry counts by
   * attributes, because one is unknown or its users have no events.
   */
  of(
    time: number,
    user: Readonly<Record<string, string | null>>,
  ): { readonly pool: number; readonly standsIn: boolean } {
    const period = this.periodAt(time);
    if (this.attributes.length === 0) return { pool: i32At(this.ofAll, period), standsIn: false };
    const key = valuesKey(this.attributes, user);
    const own = poolIn(key === null ? undefined : this.ofValues.get(key), period);
    return own >= 0 ? { pool: own, standsIn: false } : { pool: i32At(this.ofAll, period), standsIn: true };
  }
}

/** The pool of a period; -1 if there is none. */
function poolIn(ofPeriods: Int32Array | undefined, period: number): number {
  return ofPeriods ? i32At(ofPeriods, period) : -1;
}

/** Bytes of free memory; null if unknown. */
export type FreeMemory = () => number | null;

/**
 * Builds the tables of an entry. Their size is known before the first is built.
 * @param members 1 for the items that may be in a table
 * @throws FailureError if they do not fit in memory
 */
export async function dayTablesOf(
  name: string,
  { weight }: PoolPlan,
  counts: DayCounts,
  {
    members,
    attributes,
    free,
  }: {
    readonly members: Uint8Array;
    readonly attributes: readonly string[];
    readonly free: FreeMemory;
  },
  work: Work,
): Promise<DayTables> {
  const builder = new DayTableBuilder(counts, members, weight);
  const ofValues = countedByValue(counts);
  for (const counted of ofValues) builder.measure(counted);
  const ofAll = [
    ...new Set(counts.needed.flatMap(({ period, value }) => (builder.has(period, value) ? [] : [period]))),
  ];
  const whole = ofAll.length === 0 ? [] : [{ rows: await counts.whole(work), row: 0, value: -1, periods: ofAll }];
  for (const counted of whole) builder.measure(counted);
  refuseTooLarge(name, builder.sizes(), members.length, free);
  const tables = [...whole, ...ofValues]
    .flatMap((counted) => builder.build(counted))
    .sort((a, b) => a.period - b.period || a.value - b.value);

  const poolOfAll = new Int32Array(counts.periods.length).fill(-1);
  const poolOfValues = new Map<string, Int32Array>();
  const keyOf = (value: number): string => JSON.stringify(valueAt(counts.values, value));
  tables.forEach(({ period, value }, k) => {
    if (value < 0) {
      poolOfAll[period] = k;
      return;
    }
    const ofPeriods = poolOfValues.get(keyOf(value)) ?? new Int32Array(counts.periods.length).fill(-1);
    ofPeriods[period] = k;
    poolOfValues.set(keyOf(value), ofPeriods);
  });
  const groups = new Float64Array(tables.length);
  for (const { period, value, groups: count } of counts.needed) {
    const ofValue = value < 0 ? -1 : poolIn(poolOfValues.get(keyOf(value)), period);
    const used = ofValue >= 0 ? ofValue : i32At(poolOfAll, period);
    if (used >= 0) groups[used] = f64At(groups, used) + count;
  }
  return {
    pools: tables.map((table) => table.pool),
    ofItem: null,
    counts,
    keys: tables.map(({ period, value }) => ({ period, value })),
    choice: new DayChoice(counts.days, attributes, poolOfAll, poolOfValues),
    groups,
  };
}

/** Counts of the users of a value (-1: of all users), and the periods that need a table of them. */
interface PeriodCounts {
  readonly rows: BucketRows;
  /** Index of the value in `rows`. */
  readonly row: number;
  readonly value: number;
  readonly periods: readonly number[];
}

function countedByValue({ byValue, needed }: DayCounts): PeriodCounts[] {
  if (byValue === null) return [];
  const periodsOf = new Map<number, number[]>();
  for (const { period, value } of needed) {
    if (value < 0) continue;
    const periods = periodsOf.get(value);
    if (periods) periods.push(period);
    else periodsOf.set(value, [period]);
  }
  return [...periodsOf].map(([value, periods]) => ({ rows: byValue, row: value, value, periods }));
}

/** Builds tables after their sizes are known. */
class DayTableBuilder {
  readonly #sums: PeriodSums;
  readonly #members: Uint8Array;
  /** All items that may be in a table, ascending. */
  readonly #everyMember: number[] = [];
  readonly #smoothing: number;
  readonly #weighing: Weighing;
  readonly #sizes = new Map<string, number>();

  constructor(
    private readonly counts: DayCounts,
    members: Uint8Array,
    weight: PoolPlan['weight'],
  ) {
    this.#sums = new PeriodSums(members.length);
    this.#members = members;
    for (let item = 0; item < members.length; item++) if (members[item] === 1) this.#everyMember.push(item);
    this.#smoothing = weight?.smoothing ?? 0;
    this.#weighing = new Weighing(this.#smoothing, weight?.exponent ?? 1);
  }

  has(period: number, value: number): boolean {
    return this.#sizes.has(`${period} ${value}`);
  }

  sizes(): number[] {
    return [...this.#sizes.values()];
  }

  measure({ rows, row, value, periods }: PeriodCounts): void {
    this.#sums.each(rows, row, periods, this.counts.periods, (period, items) => {
      let size = 0;
      for (const item of items) if (this.#members[item] === 1 && f64At(this.#sums.counts, item) > 0) size++;
      // A value without events says nothing about its users, so they use the table of all users.
      if (value >= 0 && size === 0) return;
      this.#sizes.set(`${period} ${value}`, this.#smoothing > 0 ? this.#everyMember.length : size);
    });
  }

  build({ rows, row, value, periods }: PeriodCounts): { period: number; value: number; pool: PoolItems }[] {
    const tables: { period: number; value: number; pool: PoolItems }[] = [];
    const values = value < 0 ? null : valueAt(this.counts.values, value);
    const filled = periods.filter((period) => (this.#sizes.get(`${period} ${value}`) ?? 0) > 0);
    this.#sums.each(rows, row, filled, this.counts.periods, (period, items) => {
      const candidates = this.#smoothing > 0 ? this.#everyMember : items.filter((item) => this.#members[item] === 1);
      tables.push({
        period,
        value,
        pool: {
          ...pool(values?.join(', ') ?? null, candidates, this.#sums.counts, this.#weighing),
          ...(values ? { values } : {}),
          before: beforeText(valueAt(this.counts.periods, period)),
        },
      });
    });
    return tables;
  }
}

/** A day if the period ends at its start, else a time, both in the zone of the config. */
export function beforeText({ wall }: Period): string {
  const text = new Date(Math.floor(wall / 1000)).toISOString();
  if (wall % microsecondsOfDay === 0) return text.slice(0, 10);
  return `${text.slice(0, 19)}.${String(wall - 1e6 * Math.floor(wall / 1e6)).padStart(6, '0')}`;
}

function refuseTooLarge(name: string, sizes: readonly number[], items: number, free: FreeMemory): void {
  const bytes = sizes.reduce((sum, size) => sum + tableBytes(size, items), 0);
  const there = free();
  if (there === null || bytes <= there) return;
  throw fail(
    'out-of-memory',
    message(
      '{0} needs {1} tables by day, about {2} of memory, but only {3} is free',
      name,
      formatCount(sizes.length),
      formatBytes(bytes),
      formatBytes(there),
    ),
    {
      advice: message(
        'Choose fewer days, a shorter window or fewer attributes under group_by, or count up to the training cut with as_of: cut.',
      ),
    },
  );
}

/** The rows from … to − 1 in ascending order of `dated`. */
function inOrderOf(dated: Uint32Array, from: number, to: number): Uint32Array {
  const rows = Uint32Array.from({ length: to - from }, (_, k) => from + k);
  let isSorted = true;
  for (let row = from + 1; row < to && isSorted; row++) isSorted = u32At(dated, row - 1) <= u32At(dated, row);
  return isSorted ? rows : rows.sort((a, b) => u32At(dated, a) - u32At(dated, b));
}

/** Sums of counts over periods, one period after the other. */
class PeriodSums {
  /** By item, for the current period. */
  readonly counts: Float64Array;
  readonly #seen: Uint8Array;

  constructor(items: number) {
    this.counts = new Float64Array(items);
    this.#seen = new Uint8Array(items);
  }

  /**
   * Visits periods in their order. Both ends of a period move forward, so each row is added and subtracted at most
   * once. A row that a window has passed before it is known is never added.
   * @param value which rows are summed
   * @param visit gets the items of all rows of the value, ascending; some may have no count in the period
   */
  each(
    { offsets, bucket, dated, item, count }: BucketRows,
    value: number,
    asked: readonly number[],
    periods: readonly Period[],
    visit: (period: number, items: Uint32Array) => void,
  ): void {
    const [from, to] = [u32At(offsets, value), u32At(offsets, value + 1)];
    const items = this.#itemsOf(item.subarray(from, to));
    const leaving = inOrderOf(dated, from, to);
    const isIn = new Uint8Array(to - from);
    let [added, removed] = [from, 0];
    for (const period of [...asked].sort((a, b) => a - b)) {
      const { first, last } = valueAt(periods, period);
      for (; added < to && u32At(bucket, added) <= last; added++) {
        if (u32At(dated, added) < first) continue;
        this.#add(u32At(item, added), f64At(count, added));
        isIn[added - from] = 1;
      }
      for (; removed < leaving.length; removed++) {
        const row = u32At(leaving, removed);
        if (u32At(dated, row) >= first) break;
        if (isIn[row - from] === 1) this.#add(u32At(item, row), -f64At(count, row));
      }
      visit(period, items);
    }
    for (const one of items) this.counts[one] = 0;
  }

  #add(item: number, count: number): void {
    this.counts[item] = f64At(this.counts, item) + count;
  }

  #itemsOf(rows: Uint32Array): Uint32Array {
    const items = new Uint32Array(rows.length);
    let size = 0;
    for (const item of rows) {
      if (this.#seen[item] === 1) continue;
      this.#seen[item] = 1;
      items[size++] = item;
    }
    const distinct = items.slice(0, size).sort();
    for (const item of distinct) this.#seen[item] = 0;
    return distinct;
  }
}
