import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { joinKey } from '../../core/sampling/key.ts';
import { keyedDraw } from '../../core/sampling/keyedDraw.ts';
import { salts } from '../../core/sampling/salts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At, u8At } from '../../core/valueAt.ts';
import { requestKey } from '../inputs/users/userRows.ts';
import type { LabelledLog } from './labelledLog.ts';
import { dropsShort } from './shortHistories.ts';
import { group, type Group, type Grouping, type MakeGroups } from './group.ts';

/**
 * One group for each impression with an event in the split. Equal keys are merged, hot items are downsampled, then the
 * cap per day applies.
 */
export const positiveGroups: MakeGroups = (log, user, grouping) => {
  const { plan, world, requests, tally } = grouping;
  const days = new Map<string, number>();
  const distinct = new Map<string, Group>();
  for (let row = 0; row < log.rows; row++) {
    const index = u8At(log.event, row);
    const event = plan.positives.events[index];
    if (!event || !log.inSplit(row)) continue;
    const [item, time, request] = [log.item(row), log.time(row), log.log.request[row] ?? null];
    const key = joinKey([log.rowsOfUser.user, world.items.texts.textOf(item), String(time), request, event.name]);
    if (distinct.has(key)) {
      tally.collapsed++;
      continue;
    }
    days.set(key, f64At(log.log.day, row));
    distinct.set(
      key,
      group(time, key, {
        readTime: log.readTimes.of(request, time),
        request: requests.number(user, log.requestKey(row)),
        requestText: request,
        positives: [{ item, weight: event.weight, event: index, keep: keepOf(item, grouping), row: log.row(row) }],
        context: log.row(row),
      }),
    );
  }
  for (const [one, day] of unexposedGroups(log, user, grouping)) {
    distinct.set(one.key, one);
    days.set(one.key, day);
  }
  const { user: id } = log.rowsOfUser;
  return withoutShort(capped(thinned([...distinct.values()], grouping), days, grouping), id, grouping);
};

/** `min_steps`. */
function withoutShort(groups: Group[], user: string, { plan, short, tally, dropped }: Grouping): Group[] {
  if (plan.positives.minSteps === undefined) return groups;
  const shortHistories = short(user);
  const full = groups.filter(({ time, readTime, positives: [positive] }) => {
    const history = shortHistories.get(readTime);
    if (history && positive && dropsShort(plan)) dropped.push({ ...history, user, item: positive.item, time });
    return history === undefined;
  });
  tally.short += groups.length - full.length;
  return dropsShort(plan) ? full : groups;
}

/** The positives without an impression: a group for each at its own time, and its day. */
function* unexposedGroups(
  { rowsOfUser, unmatched, readTimes }: LabelledLog,
  user: number,
  grouping: Grouping,
): Iterable<readonly [Group, number]> {
  const { plan, world, requests } = grouping;
  for (let row = 0; row < unmatched.rows; row++) {
    const index = u8At(unmatched.event, row);
    const event = plan.positives.events[index];
    if (!event || !unmatched.isPositive(row)) continue;
    const [item, time, request] = [unmatched.item(row), unmatched.time(row), unmatched.events.request[row] ?? null];
    const key = joinKey([rowsOfUser.user, world.items.texts.textOf(item), String(time), request, event.name]);
    // An event without a request is not assigned to exposures at the same time.
    const number = requests.number(user, request === null ? `~${key}` : requestKey(request, time));
    const positive = {
      item,
      weight: event.weight,
      event: index,
      keep: keepOf(item, grouping),
      row: -1,
      isUnexposed: true,
    };
    const own = group(time, key, {
      readTime: readTimes.of(request, time),
      request: number,
      requestText: request,
      positives: [positive],
      context: -1,
    });
    yield [own, f64At(unmatched.events.day, row)];
  }
}

/**
 * Keep probability min(1, (sqrt(f/t) + 1)·t/f), with the item's share f of the positives and the threshold t (the
 * subsampling in word2vec's code). 1 where every positive is kept although the rows have the probability. NaN if they
 * have none.
 */
export function keepOf(item: number, { plan, hot }: Pick<Grouping, 'plan' | 'hot'>): number {
  const { hotThreshold: threshold, hasKeepProbability } = plan.positives;
  if (threshold === null || hot === null) return hasKeepProbability ? 1 : NaN;
  // Evaluation data may have items without a positive in the training data.
  if (f64At(hot.counts, item) === 0) return 1;
  const share = f64At(hot.counts, item) / hot.total;
  return Math.min(1, ((Math.sqrt(share / threshold) + 1) * threshold) / share);
}

function thinned(groups: readonly Group[], { plan, tally }: Grouping): readonly Group[] {
  if (plan.positives.hotThreshold === null) return groups;
  const u = drawOf(plan, '@keep');
  const kept = groups.filter((one) => u(one) < (one.positives[0]?.keep ?? 1));
  tally.thinned += groups.length - kept.length;
  return kept;
}

/** For each day, keeps the groups with the smallest random numbers; ties are broken by key. */
function capped(groups: readonly Group[], days: ReadonlyMap<string, number>, { plan, tally }: Grouping): Group[] {
  const most = plan.positives.maxPerUserPerDay;
  if (most === null) return [...groups];
  const u = drawOf(plan, '@cap');
  const byDay = new Map<number, { readonly u: number; readonly group: Group }[]>();
  for (const one of groups) {
    const day = days.get(one.key) ?? 0;
    const own = byDay.get(day) ?? [];
    own.push({ u: u(one), group: one });
    byDay.set(day, own);
  }
  const kept = [...byDay.values()].flatMap((own) =>
    own.sort((a, b) => a.u - b.u || compareTexts(a.group.key, b.group.key)).slice(0, most),
  );
  tally.capped += groups.length - kept.length;
  return kept.map((one) => one.group);
}

function drawOf(plan: StagePlan, use: '@keep' | '@cap'): (one: Group) => number {
  const salted = salts(plan, use);
  return ({ words: [k0, k1] }) => keyedDraw(k0, k1, salted, 0).u;
}
