import { durationText } from '../../schema/durationText.ts';
import type { PlanEntry, StagePlan } from './stagePlan.ts';

/** A value that differs between plans `a` and `b`, in config syntax; null if the plan has no such value. */
export interface PlanChange {
  /** Config path, such as `seed`, `per_group` or `popularity.exponent`. */
  readonly path: string;
  readonly a: string | null;
  readonly b: string | null;
}

/**
 * Config names by plan path. Paths start at the plan, or at an entry of it. The config name of a path that is missing
 * here is its last key in snake case.
 */
const configNames: Readonly<Record<string, string>> = {
  'amounts.perGroup': 'per_group',
  'draws.weight.count.of': 'counted',
  'draws.weight.count': 'weight',
  'draws.weight': 'weight',
  'draws.partition.attribute': 'group_by',
  'draws.partition.groupBy': 'group_by',
  'draws.partition.attributes': 'match',
  'draws.partition': 'partition',
  'exposures.entry': 'entry',
  'exclude.events': 'exclude.events',
  'exclude.within': 'exclude.within',
  'exclude.lookback': 'exclude.lookback',
  'exclude.history.column': 'exclude.history.column',
  'exclude.history.separator': 'exclude.history.separator',
  'positives.events': 'positives.events',
  'positives.unknown': 'positives.unknown',
  'positives.hotThreshold': 'downsample_hot.threshold',
  'trainPositives.hotThreshold': 'train.downsample_hot.threshold',
  'trainPositives.maxPerUserPerDay': 'train.max_per_user_per_day',
  'window.train.from': 'window.train.from',
  'window.train.to': 'window.train.to',
  'window.eval.from': 'window.eval.from',
  'window.eval.to': 'window.eval.to',
  'window.eval.resample': 'window.eval.resample',
  'window.knownUntil': 'window.known_until',
  'draws.rows.keep.by': 'by',
  'draws.byChannel': 'by_channel',
  'draws.items': 'items',
  'draws.where': 'where',
  'outcomes.events': 'output.events',
  'outcomes.graded': 'output.graded',
  'teacher.from': 'teacher.from',
  'teacher.column': 'teacher.column',
  'teacher.on': 'teacher.on',
};
/** Values in microseconds that a config writes as durations. */
const durationKeys = new Set(['window', 'lookback', 'matureAfter']);
/** Values that follow from other values of the plan. */
const derivedKeys = new Set(['kind', 'of', 'hasKeepProbability']);
/**
 * Differences of two plans: values of the stage first, then by entry in name order. An entry that only one side has is
 * represented by its amount.
 */
export function planChanges(a: StagePlan, b: StagePlan): PlanChange[] {
  const shared = new Set(
    a.entries.map(({ name }) => name).filter((name) => b.entries.some((entry) => entry.name === name)),
  );
  return changesBetween(valuesOf(a, shared), valuesOf(b, shared));
}

/** Differences of values by path. */
export function changesBetween(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): PlanChange[] {
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path) => {
    const [a, b] = [left.get(path) ?? null, right.get(path) ?? null];
    return a === b ? [] : [{ path, a, b }];
  });
}

/** All values of a plan by config path, in config syntax. */
export function planValues(plan: StagePlan): ReadonlyMap<string, string> {
  return valuesOf(plan, new Set(plan.entries.map(({ name }) => name)));
}

/** `shared`: names of the entries whose values are included. Of other entries, only the amount is. */
function valuesOf({ entries, refillFrom, ...plan }: StagePlan, shared: ReadonlySet<string>): Map<string, string> {
  const values = new Map<string, string>();
  const { minSteps, ...positives } = plan.positives;
  const stage = { ...plan, positives };
  collect(stage, [], '', values);
  if (minSteps) values.set('positives.min_steps', minStepsText(minSteps));
  const filling = refillFrom === null ? undefined : entries[refillFrom];
  if (filling) values.set('refill_from', filling.name);
  for (const { name, amount, ...entry } of entries) {
    values.set(`${name}.${stage.amounts.kind === 'counts' ? 'count' : 'share'}`, String(amount));
    if (shared.has(name)) collect(entry satisfies Omit<PlanEntry, 'name' | 'amount'>, [], `${name}.`, values);
  }
  return values;
}

/** As in the config: the steps by sequence. */
function minStepsText(minSteps: NonNullable<StagePlan['positives']['minSteps']>): string {
  return JSON.stringify(Object.fromEntries(minSteps.map(({ name, length }) => [name, length])));
}

function collect(value: unknown, path: readonly string[], prefix: string, values: Map<string, string>): void {
  const last = path.at(-1) ?? '';
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && last !== 'where') {
    for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key], prefix, values);
    return;
  }
  const fullPath = path.join('.');
  if (value === null || (derivedKeys.has(last) && configNames[fullPath] === undefined)) return;
  values.set(prefix + (configNames[fullPath] ?? snake(last)), textOf(value, last));
}

function textOf(value: unknown, key: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && durationKeys.has(key)) return durationText(value);
  return JSON.stringify(value);
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
