import type { PoolPlan } from '../../source/drawPlan.ts';
import { dailyCount } from '../../source/options.ts';
import type { Corpus } from '../inputs/corpus.ts';
import type { Exclusion } from './exclusion.ts';
import { col, sql } from '../../relation/expression.ts';
import type { Expression } from '../../relation/tree.ts';

/** A pool entry of a script. */
export interface PoolEntry {
  /** Begins the names of its steps. */
  readonly name: string;
  readonly index: number;
  readonly label: string;
  readonly plan: PoolPlan;
  readonly exclusion: Exclusion;
  readonly corpus: Corpus | null;
  /** Number of its condition in the corpus; null without one. */
  readonly condition: number | null;
  /** View of the groups `g` that the entry draws for. */
  readonly groups: string;
  /** True if each group has one positive, whose item is the column `own` of the groups of the entry. */
  readonly hasOwn: boolean;
  /** True if ids of items are integers. */
  readonly hasIntegerItems: boolean;
  /** Set if the value of a table is its user. */
  readonly isByUser?: true;
}

/** The columns that separate the tables of an entry. */
export function partitionOf({ plan }: Pick<PoolEntry, 'plan'>): readonly string[] {
  return plan.partition === null && dailyCount({ draws: plan }) === null ? [] : ['value'];
}

/** True if an item with `created` and `removed` is eligible at the time `t` of a row. */
export function eligible(corpus: Corpus | null, item: string, row: string): Expression[] {
  if (corpus === null || !corpus.hasLives) return [];
  return [sql`${col('created', item)} <= ${col('t', row)}`, sql`${col('t', row)} < ${col('removed', item)}`];
}
