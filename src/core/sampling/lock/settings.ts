import { compareTexts } from '../compareTexts.ts';
import { dataValues, type ReadData } from '../plan/dataChanges.ts';
import { planValues } from '../plan/planChanges.ts';
import type { StagePlan } from '../plan/stagePlan.ts';

/** What a lock file tells in places of their own. */
const apart = new Set(['stage', 'unit', 'seed', 'epoch', 'split']);

/** What a plan asks for and how its data are read: values by their paths, ordered by them. */
export function settingsOf(plan: StagePlan, data: ReadData): Readonly<Record<string, string>> {
  const values = [...planValues(plan)].filter(([path]) => !apart.has(path));
  return sortedRecord([...values, ...dataValues(data)]);
}

/** A record whose keys are ordered by their bytes. */
export function sortedRecord(entries: Iterable<readonly [string, string]>): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareTexts(a, b)));
}
