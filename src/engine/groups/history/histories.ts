import type { HistoryCounts } from '../../../core/sampling/historyCounts.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { LoadedWorld } from '../../inputs/world/loadedWorld.ts';
import { distinctExcludes } from '../distinctExcludes.ts';
import type { History } from './historySql.ts';

/** The distinct histories of a plan. */
export interface Histories {
  readonly all: readonly (History & Pick<HistoryCounts, 'within'>)[];
  /** For each distinct `exclude`: the index of its history in `all`; -1 if it has none. */
  readonly of: readonly number[];
}

/**
 * The ids of a history have no times. So all impressions from the start of the training window until outcomes are known
 * count, whatever the lookback; with `within: all`, those of the whole log.
 */
export function historiesOf(
  plan: StagePlan,
  { start, knownUntil, items }: Pick<LoadedWorld, 'start' | 'knownUntil' | 'items'>,
): Histories {
  const { distinct } = distinctExcludes(plan);
  const keys = distinct.map(({ history, within }) => history && JSON.stringify([history, within]));
  const asked = [...new Set(keys)].filter((key) => key !== undefined);
  const all = asked.flatMap((key) => {
    const { history, within = 'train' } = distinct[keys.indexOf(key)] ?? {};
    const bounds = within === 'all' ? { from: -Infinity, to: Infinity } : { from: start, to: knownUntil };
    return history ? [{ plan: history, bounds, within, itemType: items.sqlType }] : [];
  });
  return { all, of: keys.map((key) => (key === undefined ? -1 : asked.indexOf(key))) };
}

/** The counts of histories, one for each. */
export function countsOf(
  { all }: Histories,
  found: readonly { readonly items: number; readonly unknown: number }[],
): HistoryCounts[] {
  return all.map(({ plan: { column }, within }, k) => ({
    column,
    within,
    items: found[k]?.items ?? 0,
    unknown: found[k]?.unknown ?? 0,
  }));
}
