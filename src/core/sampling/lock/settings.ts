import { compareTexts } from '../compareTexts.ts';
import { dataValues, type ReadData } from '../plan/dataChanges.ts';
import { planValues } from '../plan/planChanges.ts';
import type { StagePlan } from '../plan/stagePlan.ts';

/** Settings that a lock file has in keys outside `settings`. */
const separateSettings = new Set(['stage', 'unit', 'seed', 'epoch', 'split']);

/** Config values of a plan and of its data, by config path, ordered by path. */
export function settingsOf(plan: StagePlan, data: ReadData): Readonly<Record<string, string>> {
  const values = [...planValues(plan)].filter(([path]) => !separateSettings.has(path));
  return sortedRecord([...values, ...dataValues(data)]);
}

/** A record with its keys in the order of their UTF-8 bytes. */
export function sortedRecord(entries: Iterable<readonly [string, string]>): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareTexts(a, b)));
}
