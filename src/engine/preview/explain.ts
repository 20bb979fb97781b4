import type { Message } from '../../core/message/message.ts';
import type { PairExplanation, PairRow } from '../../core/sampling/answers.ts';
import { explainPair } from '../../core/sampling/explainPair.ts';
import type { PairEntry, PairDayCount } from '../../core/sampling/drawn.ts';
import { isoTime } from '../../core/sampling/isoTime.ts';
import { createSampler } from '../../core/sampling/kernel/sampler.ts';
import { plainPlacement } from '../../core/sampling/placement.ts';
import { rowsOf, type Rows } from '../../core/sampling/kernel/rows.ts';
import { f64At, i16At, u32At, i32At, valueAt } from '../../core/valueAt.ts';
import type { PairRequest } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { idOrder, indexOfId } from '../inputs/idOrder.ts';
import type { LoadedBlock } from '../groups/block.ts';
import { pairHistories } from './histories/pairHistories.ts';
import { leftOutOf } from './leftOut.ts';
import { passedCells } from './passed/passedCells.ts';
import { eventNames } from './eventNames.ts';
import { needsExposures, rowValues } from './passed/rowValues.ts';
import { shownColumns, type ShownColumns } from './passed/shownColumns.ts';
import type { Sampling } from './openSamplingData.ts';
import { runInSlices } from '../draw/runInSlices.ts';
import type { UserRows } from '../inputs/users/userRows.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import type { BucketRows, Period } from '../inputs/world/dayCounts.ts';
import { beforeText, type DayTables } from '../inputs/world/dayTables.ts';

/** Explains why an item is, or is not, a negative of a user. */
export async function explain(
  { plan, user, item, copies, placement = plainPlacement }: PairRequest,
  sampling: Sampling,
  work: Work,
): Promise<PairExplanation> {
  const { data, sampled } = sampling;
  const loaded = await data.worlds.world(sampled, plan, work);
  const world = await data.batches.withPool({ sampled, plan, world: loaded, placement }, work);
  const copied = shownColumns(plan, copies, sampled);
  const made = await data.block(sampled, plan, world, [user], work, needsExposures(copied));
  const {
    block,
    users: [figures],
  } = made;
  const place = indexOfId(world.items.texts, item, idOrder(world.items.kind));
  const drawn = rowsOf(plan);
  const explained = await runInSlices(
    explainPair(createSampler(plan, world), block, place, drawn),
    block.groups.count,
    work,
  );
  const ofItem = await rowsOfItem(plan, place, drawn, made, copied, sampling, work);
  const inBatch = await data.batches.pair({ sampled, plan, world, placement }, block, place, work);
  const ofItems = (copies?.sequences ?? []).filter(({ value }) => value === undefined);
  const sequences = await pairHistories({ user, item }, block.groups, ofItems, sampling, work);
  const [rows] = await data.users(sampled, [user], work);
  return {
    user: { known: figures?.isKnown ?? false, groups: block.groups.count, ...leftOutOf(plan, made.dropped) },
    item: await itemOf(place, world, sampling, plan, work),
    history: rows ? historyOf(rows, place, eventNames(sampled)) : [],
    ...explained,
    ...leftOutOf(plan, made.dropped, (positive) => positive.item === place),
    entries: await withCounts(explained.entries, place, plan, { world, block }, sampling, work),
    ...(inBatch === null ? {} : { inBatch }),
    ...(sequences.length === 0 ? {} : { sequences }),
    ...ofItem.values,
    notices: [...world.notices, ...copied.notices, ...ofItem.notices],
  };
}

/** The rows of the item, if the file has copied columns, a teacher or labels of further events. */
async function rowsOfItem(
  plan: PairRequest['plan'],
  item: number,
  rows: Rows,
  made: LoadedBlock,
  { columns }: ShownColumns,
  sampling: Sampling,
  work: Work,
): Promise<{ readonly values: Pick<PairExplanation, 'rows' | 'passed'>; readonly notices: readonly Message[] }> {
  if (columns.length === 0 && made.teacher === null && made.outcomes === null) return { values: {}, notices: [] };
  const shown = Array.from({ length: rows.count }, (_, row) => row).filter((row) => rows.item[row] === item);
  const passed = columns.length === 0 ? null : await passedCells(columns, { rows, shown }, made, sampling, work);
  const values = rowValues({ rows, shown }, made, passed);
  const { groups } = made.block;
  const taught = made.teacher?.rows(rows, groups, made.origins).values;
  const itemRows = shown.map((row, k): PairRow => {
    const group = u32At(rows.group, row);
    const teacher = taught ? f64At(taught, row) : NaN;
    return {
      key: groups.keys[group] ?? '',
      time: isoTime(f64At(groups.time, group)),
      label: rows.label[row] === 1 ? 1 : 0,
      entry:
        plan.entries[i16At(rows.entry, row)]?.name ?? (rows.label[row] === 1 ? null : (plan.exposures?.entry ?? null)),
      draw: i16At(rows.entry, row) < 0 ? null : (rows.draw[row] ?? null),
      ...values(k, !taught || !Number.isNaN(teacher)),
      ...(taught ? { teacher: Number.isNaN(teacher) ? null : teacher } : {}),
    };
  });
  return {
    values: { rows: itemRows, ...(passed === null ? {} : { passed: passed.values }) },
    notices: passed?.notices ?? [],
  };
}

/** The entries, with what they count of the item: if it is nothing, and by table if counts move with the day. */
async function withCounts(
  entries: readonly PairEntry[],
  place: number,
  plan: PairRequest['plan'],
  { world, block }: { readonly world: LoadedWorld; readonly block: LoadedBlock['block'] },
  { data, sampled }: Sampling,
  work: Work,
): Promise<PairEntry[]> {
  const explained: PairEntry[] = [];
  for (const [k, entry] of entries.entries()) {
    const planned = plan.entries[k];
    const noneOf = place < 0 || !planned ? null : await data.worlds.noneOf(sampled, planned, place, world.train, work);
    const [tables, poolOf] = [world.dayTables[k], block.poolOfGroup?.[k]];
    const dayCounts =
      place < 0 || !tables || !poolOf ? [] : await dayCountsOfItem(tables, block.groups, poolOf, place, work);
    explained.push({
      ...entry,
      ...(noneOf === null ? {} : { noneOf }),
      ...(dayCounts.length === 0 ? {} : { dayCounts }),
    });
  }
  return explained;
}

async function itemOf(
  place: number,
  world: LoadedWorld,
  { data, sampled }: Sampling,
  plan: PairRequest['plan'],
  work: Work,
): Promise<PairExplanation['item']> {
  if (place < 0) return null;
  const created = f64At(world.items.created, place);
  const removed = f64At(world.items.removed, place);
  if (created === Infinity) return null;
  const facts = (
    await data.facts.texts.facts(sampled, [place], await data.facts.popularity(sampled, plan, world, work), work)
  ).get(place);
  const time = (at: number): string | null => (Number.isFinite(at) ? isoTime(at) : null);
  return {
    created: time(created),
    removed: time(removed),
    ...(facts ?? { title: null, attributes: {}, percentile: null }),
  };
}

/** The user's impressions of the item and its events, from the whole log. */
function historyOf({ log, unmatched }: UserRows, item: number, events: readonly string[]): PairExplanation['history'] {
  return ['impressions', ...events].flatMap((event) => {
    const holds = (row: number): boolean => event === 'impressions' || log.events[event]?.[row] === 1;
    const shown = [...log.time].filter((_, row) => log.item[row] === item && holds(row));
    const alone = [...unmatched.time].filter(
      (time, row) => unmatched.item[row] === item && unmatched.events[event]?.[row] === 1 && !Number.isNaN(time),
    );
    const times = [...shown, ...alone].sort((a, b) => a - b);
    const [first, last] = [times[0], times.at(-1)];
    return first === undefined || last === undefined
      ? []
      : [{ event, times: times.length, first: isoTime(first), last: isoTime(last) }];
  });
}

/**
 * Counts of an item in the tables of an entry that the groups of a block use, one for each period and table. For a
 * group without a table, the count is over all users; it has no table because no item of its pool has events.
 * @param poolOf for each group: index of its table; -1 if it has none
 */
async function dayCountsOfItem(
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
    const entry = groups.get(key);
    if (entry) entry.groups++;
    else groups.set(key, { period, pool, groups: 1 });
  }
  const counted: PairDayCount[] = [];
  for (const { period, pool, groups: used } of [...groups.values()].sort(
    (a, b) => a.period - b.period || a.pool - b.pool,
  )) {
    const value = pool < 0 ? -1 : valueAt(keys, pool).value;
    const byValue = value < 0 ? null : counts.byValue;
    const bounds = valueAt(counts.periods, period);
    counted.push({
      before: beforeText(bounds),
      pool: pool < 0 ? null : valueAt(pools, pool).name,
      count: byValue ? sumOf(byValue, value, bounds, item) : sumOf(await counts.whole(work), 0, bounds, item),
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
