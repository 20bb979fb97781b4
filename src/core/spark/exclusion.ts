import type { PlanEntry, StagePlan } from '../sampling/plan/stagePlan.ts';
import { always } from './corpus.ts';
import { and, col, fn, int, or, sql } from './sql/expression.ts';
import { join, select, unionAll } from './sql/relation.ts';
import { groupKey } from './groups.ts';
import type { Log } from './log.ts';
import type { Script } from './script.ts';
import type { Expression, Join, Relation } from './sql/tree.ts';

/** What an entry never draws for a user, besides the positives of the group. */
export interface Exclusion {
  /** Step with `user`, `item` and `last`, the last time of an excluding event. Null: nothing. */
  readonly step: string | null;
  /** Microseconds; null: without limit. */
  readonly lookback: number | null;
}

/** The exclusions of the entries, one step for each distinct one. */
export function addExclusions(script: Script, plan: StagePlan, log: Log): readonly Exclusion[] {
  const known = new Map<string, Exclusion>();
  script.section('Exclusion');
  return plan.entries.map((entry) => {
    const key = JSON.stringify([entry.exclude, isChosenExcluded(entry)]);
    const found = known.get(key) ?? addExclusion(script, entry, log, known.size);
    known.set(key, found);
    return found;
  });
}

/** `exposed_unclicked` never draws what the user chose. */
function isChosenExcluded({ source }: PlanEntry): boolean {
  return source === 'exposed_unclicked';
}

function addExclusion(script: Script, entry: PlanEntry, { event, ends }: Log, number: number): Exclusion {
  const { exclude } = entry;
  const parts: Relation[] = [];
  if (exclude) {
    const { within, lookback } = exclude;
    const t = col('t');
    parts.push(
      select(['user', 'item', ['last', t]], 'log', {
        where: [
          or(...exclude.events.map((name) => event(name))),
          ...(within === 'all' || lookback !== null || ends.start === null ? [] : [sql`${t} >= ${int(ends.start)}`]),
          ...(within === 'all' ? [] : [sql`${t} <= ${ends.knownUntil}`]),
        ],
      }),
    );
  }
  if (isChosenExcluded(entry))
    parts.push(
      select(['user', 'item', ['last', int(always.last)]], 'log', {
        where: [sql`${col('positive')} IS NOT NULL`, ...ends.inHistory(col('t'))],
      }),
    );
  if (parts.length === 0) return { step: null, lookback: null };
  const step = script.table(
    `excluded_${number}`,
    select(['user', 'item', ['last', fn('max', col('last'))]], unionAll(...parts), {
      groupBy: [col('user'), col('item')],
    }),
    'Items that a user has an excluding event on, with the last time of one.',
    'docs/sampling.md: Exclusion and eligibility.',
  );
  return { step, lookback: exclude?.lookback ?? null };
}

/** Whether a row of an exclusion `x` excludes the item of a row with `user`, `item` and `t`. */
export function excludes({ lookback }: Exclusion, row: string): Expression {
  return and(
    sql`${col('user', 'x')} = ${col('user', row)}`,
    sql`${col('item', 'x')} = ${col('item', row)}`,
    ...(lookback === null ? [] : [sql`${col('last', 'x')} >= ${sql`${col('t', row)} - ${int(lookback)}`}`]),
  );
}

/** Joins that keep the rows whose item is not excluded, and no positive of the group. */
export function acceptableJoins(exclusion: Exclusion, row: string): Join[] {
  const own = and(...[...groupKey, 'item'].map((name) => sql`${col(name, 'o')} = ${col(name, row)}`));
  return [
    ...(exclusion.step === null ? [] : [join('anti', exclusion.step, 'x', excludes(exclusion, row))]),
    join('anti', 'group_positives', 'o', own),
  ];
}
