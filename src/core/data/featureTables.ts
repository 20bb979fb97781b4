import type { ConfigDraft } from '../config/definition/config.ts';
import type { FeatureDraft, FeatureKind } from '../config/definition/features.ts';
import type { PassedSide } from '../config/definition/passThrough.ts';
import { ownValue } from '../ownValue.ts';
import { durationOf } from '../schema/form.ts';
import { featureNames } from './dataColumns.ts';

/** Roles of the key of a table of features. */
export const featureKey = ['user', 'item', 'request'] as const;
export type FeatureKey = (typeof featureKey)[number];

/** When the versions of a key of a table of features can be read. Times are in microseconds. */
export interface FeatureTime {
  readonly kind: FeatureKind;
  /** What is added to an event time: `days` to the start of a local day, `elapsed` to a time. */
  readonly period: { readonly days: number; readonly elapsed: number };
  /** From the known time of a version until it can be read. */
  readonly availableAfter: number;
  /** Maximum age of a value at the read time; null: no limit. */
  readonly maxAge: number | null;
}

const DAY = 86_400_000_000;

/** The keys by which a table says its time; exactly one is allowed. */
export function declaredTimes({ columns, snapshot, static: isStatic }: FeatureDraft): FeatureKind[] {
  return [
    ...(columns?.time === undefined ? [] : (['time'] as const)),
    ...(snapshot === undefined ? [] : (['snapshot'] as const)),
    ...(columns?.valid_from === undefined ? [] : (['interval'] as const)),
    ...(isStatic === true ? (['static'] as const) : []),
  ];
}

/** The time of a table of features. Null while its declaration is not complete. */
export function featureTime(entry: FeatureDraft): FeatureTime | null {
  const [kind, ...others] = declaredTimes(entry);
  if (kind === undefined || others.length > 0) return null;
  const { columns, snapshot, available_after: wait, max_age: age } = entry;
  const source = kind === 'time' ? columns?.time : kind === 'snapshot' ? snapshot : undefined;
  const written = typeof source === 'object' ? source.period : undefined;
  const elapsed = microsecondsOf(written);
  return {
    kind,
    period: { days: written === undefined ? 1 : Math.floor((elapsed ?? 0) / DAY), elapsed: elapsed ?? 0 },
    availableAfter: microsecondsOf(wait) ?? 0,
    maxAge: microsecondsOf(age),
  };
}

/** Microseconds of a duration; null for other texts. */
export function microsecondsOf(text: string | undefined): number | null {
  const milliseconds = text === undefined ? null : durationOf(text);
  return milliseconds === null ? null : milliseconds * 1000;
}

/** A table of `data.features`, as the config writes it. */
export function featureEntry(config: Pick<ConfigDraft, 'data'>, name: string): FeatureDraft | undefined {
  const [, table = ''] = /^features\.(.*)$/s.exec(name) ?? [];
  return ownValue(config.data?.features, table);
}

/** The tables of `data.features` with a complete time. */
export function featureTables(config: Pick<ConfigDraft, 'data'>): {
  readonly name: `features.${string}`;
  readonly time: FeatureTime;
}[] {
  return featureNames(config).flatMap((name) => {
    const entry = featureEntry(config, name);
    const time = entry === undefined ? null : featureTime(entry);
    return time === null ? [] : [{ name, time }];
  });
}

/** Whose value a row of a table with this key is: the item's, else the user's, else that of the group. */
export function sideOfKey(key: readonly string[]): PassedSide {
  return key.includes('item') ? 'item' : key.includes('user') ? 'user' : 'context';
}
