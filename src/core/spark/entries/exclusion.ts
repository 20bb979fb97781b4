import { unknownIn } from '../../sampling/plan/unknownIn.ts';
import type { PlanEntry, StagePlan } from '../../sampling/plan/stagePlan.ts';
import { always } from '../always.ts';
import { and, col, fn, int, or, sql } from '../../relation/expression.ts';
import { equal, join, select, unionAll } from '../../relation/relation.ts';
import { unmatchedWithin } from '../inputs/eventColumns.ts';
import { groupKey } from '../groups/groups.ts';
import { maybePositive, type Log } from '../inputs/log.ts';
import { inEachPart, userPart } from '../groups/splitUsers.ts';
import { addPastItems, pastExclusions, type PastItems } from '../inputs/history.ts';
import type { Script } from '../script.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/** Items that an entry never draws for a user, in addition to the positives of the group. */
export interface Exclusion {
  /** Step with `user`, `part`, `item` and `last`, the last time of an excluding event. Null: nothing is excluded. */
  readonly step: string | null;
  /** How long an event excludes its item, in microseconds; null: forever. */
  readonly lookback: number | null;
  /** Past items that are part of the step; null without `exclude.history`. */
  readonly past: PastItems | null;
  /** True if the step has the item of every positive, so that a group need not compare items with its own positive. */
  readonly hasPositives: boolean;
}

/** The exclusions of the entries, one step for each distinct one. */
export function addExclusions(script: Script, sources: Sources, plan: StagePlan, log: Log): readonly Exclusion[] {
  const impressions = sources.required('impressions');
  const known = new Map<string, Exclusion>();
  const histories = new Map<string, PastItems>();
  script.section('Exclusion');
  const pastOf = ({ exclude }: PlanEntry): PastItems | null => {
    if (!exclude?.history) return null;
    const { history, within } = exclude;
    const key = JSON.stringify([history, within]);
    const step = `past_items_${histories.size}`;
    const times = within === 'all' ? () => [] : log.ends.inHistory;
    const past = histories.get(key) ?? addPastItems(script, step, impressions, { history, within }, times);
    histories.set(key, past);
    return past;
  };
  return plan.entries.map((entry) => {
    const key = JSON.stringify([entry.exclude, isChosenExcluded(entry)]);
    const found = known.get(key) ?? addExclusion(script, entry, plan, log, known.size, pastOf(entry));
    known.set(key, found);
    return found;
  });
}

/** `exposed_unclicked` never draws items with a positive event of the user. */
function isChosenExcluded({ source }: PlanEntry): boolean {
  return source === 'exposed_unclicked';
}

function addExclusion(
  script: Script,
  entry: PlanEntry,
  plan: StagePlan,
  log: Log,
  number: number,
  past: PastItems | null,
): Exclusion {
  const { event, ends, unmatchedEvents } = log;
  const { exclude } = entry;
  const parts: Relation[] = [];
  if (exclude) {
    const { within, lookback } = exclude;
    const t = col('t');
    const first = within === 'all' || lookback !== null || ends.start === null ? null : int(ends.start);
    const last = within === 'all' ? null : ends.knownUntil;
    parts.push(
      select(['user', 'item', ['last', t]], 'log', {
        where: [
          or(...exclude.events.map((name) => event(name, last))),
          ...(first === null ? [] : [sql`${t} >= ${first}`]),
          ...(last === null ? [] : [sql`${t} <= ${last}`]),
        ],
      }),
      ...unmatchedItems(unmatchedEvents, exclude.events, first, last, fn('coalesce', t, int(always.last))),
      ...(past === null ? [] : [pastExclusions(past)]),
    );
  }
  if (isChosenExcluded(entry))
    parts.push(
      select(['user', 'item', ['last', int(always.last)]], 'log', {
        where: [maybePositive(plan), ...ends.inHistory(col('t'))],
      }),
      ...unmatchedItems(
        unmatchedEvents,
        [...plan.positives.events.map(({ name }) => name), ...unknownIn(plan)],
        ends.start === null ? null : int(ends.start),
        ends.knownUntil,
        int(always.last),
      ),
    );
  if (parts.length === 0) return { step: null, lookback: null, past, hasPositives: false };
  const step = script.table(
    `excluded_${number}`,
    inEachPart(
      ['user', 'item', 'last'],
      select(['user', 'item', ['last', fn('max', col('last'))]], unionAll(...parts), {
        groupBy: [col('user'), col('item')],
      }),
    ),
    'Items that a user has an excluding event on, with the last time of one.',
    'docs/sampling.md: Exclusion and eligibility.',
  );
  return { step, lookback: exclude?.lookback ?? null, past, hasPositives: hasPositives(exclude, plan, log) };
}

/** True if the excluded impressions contain every positive of the groups that have one. */
function hasPositives(exclude: PlanEntry['exclude'], { unit }: StagePlan, { ends, unmatchedEvents }: Log): boolean {
  if (unit !== 'positive' || !exclude?.events.includes('impressions')) return false;
  // Some positives have no impression.
  if (unmatchedEvents?.hasPositives === true) return false;
  if (exclude.within === 'all' || exclude.lookback !== null || ends.start === null) return true;
  return ends.splitStart !== null && ends.splitStart >= ends.start;
}

/** Items of events without an impression within the bounds; null: unbounded. */
function unmatchedItems(
  matched: Log['unmatchedEvents'],
  events: readonly string[],
  first: Expression | null,
  last: Expression | null,
  at: Expression,
): Relation[] {
  if (matched === null || matched.unmatched === null) return [];
  return [
    select(['user', 'item', ['last', at]], matched.unmatched, {
      where: [matched.holdsAny(events), ...unmatchedWithin(first, last)],
    }),
  ];
}

/** True if a row of an exclusion, `x` by default, excludes the item of a row with `user`, `part`, `item` and `t`. */
export function excludes({ lookback }: Exclusion, row: string, as = 'x'): Expression {
  return and(
    equal(as, row, [...userPart, 'item']),
    ...(lookback === null ? [] : [sql`${col('last', as)} >= ${sql`${col('t', row)} - ${int(lookback)}`}`]),
  );
}

/** Joins that keep the rows whose item is not excluded. */
export function unexcludedJoins(exclusion: Exclusion, row: string): Join[] {
  return exclusion.step === null ? [] : [join('anti', exclusion.step, 'x', excludes(exclusion, row))];
}

/** Joins that keep the rows whose item is neither excluded nor a positive of the group. */
export function acceptableJoins(exclusion: Exclusion, row: string): Join[] {
  return [
    ...unexcludedJoins(exclusion, row),
    join('anti', 'group_positives', 'o', equal('o', row, [...groupKey, 'item'])),
  ];
}
