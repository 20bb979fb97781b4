import { compareTexts } from '../compareTexts.ts';
import { dataValues, type ReadData } from '../plan/dataChanges.ts';
import { planValues } from '../plan/planChanges.ts';
import type { StagePlan } from '../plan/stagePlan.ts';

/** Settings that a lock file stores in separate keys. */
const apart = new Set(['stage', 'unit', 'seed', 'epoch', 'split']);

/** The settings of a plan and of how its data are read: values by path, ordered by path. */
export function settingsOf(plan: StagePlan, data: ReadData): Readonly<Record<string, string>> {
  const values = [...planValues(plan)].filter(([path]) => !apart.has(path));
  return sortedRecord([...values, ...dataValues(data)]);
}

/** A record whose keys are ordered by their bytes. */
export function sortedRecord(entries: Iterable<readonly [string, string]>): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareTexts(a, b)));
}
