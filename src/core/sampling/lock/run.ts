import { count, list, record, text as textCodec, type Codec } from '../../json/codec.ts';
import { JsonValue } from '../../json/jsonValue.ts';
import { compareTexts } from '../compareTexts.ts';
import type { ShortfallCause } from '../drawn.ts';
import {
  inLockOrder,
  shortfalls,
  type LockedData,
  type LockedDataset,
  type LockedFile,
  type QFigures,
  type SampleLock,
} from './sampleLock.ts';

/**
 * Known facts about how a sample file was made, from its lock file or from the metadata of a Parquet file. Null means
 * unknown.
 */
export interface Run {
  /** True if the facts are from a lock file. */
  readonly locked: boolean;
  /** Values by name. `digest` is that of the rows. */
  readonly facts: Readonly<Record<RunFact, string | null>>;
  readonly config: string | null;
  readonly plan: string | null;
  readonly settings: Readonly<Record<string, string>> | null;
  readonly data: ReadonlyMap<LockedDataset, RunData>;
  readonly counts: Readonly<Record<RunCount, number | null>>;
  /** Further counts of a lock file by name, such as `clicks.matched` of a table of events. */
  readonly namedCounts: Readonly<Record<string, number>>;
  readonly entries: readonly RunEntry[] | null;
  readonly logQMix: SampleLock['logQMix'] | null;
}

export const runFacts = [
  'stage',
  'unit',
  'split',
  'seed',
  'epoch',
  'users',
  'known_until',
  'layout',
  'columns',
  'partition',
  'digest',
  'order',
  'shards',
  'format',
] as const;
export type RunFact = (typeof runFacts)[number];
const unknownFacts = Object.fromEntries(runFacts.map((name) => [name, null])) as Record<RunFact, null>;
export const runCounts = ['rows', 'users', 'groups', 'positives', 'negatives', 'unreached', 'shortHistories'] as const;
export type RunCount = (typeof runCounts)[number];

/** A data set. Null means unknown; only lock files have `path` and `files`. */
export interface RunData {
  readonly sha256: string | null;
  readonly path: string | null;
  readonly files: readonly LockedFile[] | null;
}

export interface RunEntry {
  readonly name: string;
  readonly source: string;
  readonly asked: number;
  readonly drawn: number;
  readonly shortfalls: Readonly<Record<ShortfallCause, number>>;
  readonly logQ: QFigures | null;
}

export function runOfLock(lock: SampleLock): Run {
  const { stage, unit, seed, epoch, split, users, knownUntil, data, output, digest, counts } = lock;
  return {
    locked: true,
    facts: {
      stage,
      unit,
      split,
      seed,
      epoch: String(epoch),
      users: typeof users === 'string' ? users : JSON.stringify(users),
      known_until: knownUntil ?? null,
      layout: output.layout,
      columns: output.columns.join(', '),
      partition: output.partition ? `${output.partition.column}=${output.partition.value}` : null,
      digest: digest?.value ?? null,
      order: output.order ?? 'user',
      shards: String(output.shards ?? 'none'),
      format: output.format,
    },
    config: lock.config.sha256,
    plan: lock.plan.sha256,
    settings: lock.plan.settings,
    data: dataMap(Object.keys(data), (name) => data[name]),
    counts: { ...counts, rows: output.rows, shortHistories: counts.shortHistories ?? null },
    namedCounts: { ...lock.eventCounts, ...lock.historyCounts, ...lock.sequenceCounts, ...lock.unknownCounts },
    entries: lock.entries,
    logQMix: lock.logQMix,
  };
}

/**
 * The facts in the metadata of a Parquet file. `values`: metadata by name without the prefix `recsample.`. Null if it
 * does not describe a run. A value that RecSample would not write is treated as unknown.
 */
export function runOfKeyValues(values: ReadonlyMap<string, string>): Run | null {
  const text = (name: string): string | null => values.get(name) ?? null;
  const count = (name: string): number | null =>
    /^\d{1,15}$/.test(values.get(name) ?? '') ? Number(values.get(name)) : null;
  if (text('stage') === null || text('plan_sha256') === null) return null;
  return {
    locked: false,
    facts: {
      ...unknownFacts,
      stage: text('stage'),
      split: text('split'),
      seed: text('seed'),
      epoch: text('epoch'),
      users: usersOf(text('users')),
    },
    config: text('config_sha256'),
    plan: text('plan_sha256'),
    settings: null,
    data: dataMap(digestedDatasets(values), (name) => {
      const sha256 = text(`data.${name}_sha256`);
      return sha256 === null ? undefined : { sha256, path: null, files: null };
    }),
    counts: {
      rows: null,
      users: null,
      groups: count('groups'),
      positives: count('positives'),
      negatives: count('negatives'),
      unreached: null,
      shortHistories: null,
    },
    namedCounts: {},
    entries: entriesOf(values.get('entries') ?? ''),
    logQMix: null,
  };
}

/** Names of the data sets whose digest the metadata contains. */
function digestedDatasets(values: ReadonlyMap<string, string>): string[] {
  return [...values.keys()].flatMap((name) => /^data\.(.+)_sha256$/.exec(name)?.[1] ?? []);
}

function dataMap(
  names: Iterable<string>,
  dataOf: (name: LockedDataset) => LockedData | RunData | undefined,
): ReadonlyMap<LockedDataset, RunData> {
  return new Map(
    inLockOrder(names).flatMap((name) => {
      const data = dataOf(name);
      return data ? [[name, { sha256: data.sha256 ?? null, path: data.path, files: data.files ?? null }]] : [];
    }),
  );
}

/** `users` as a lock file has them: `all`, or a sorted list of unique ids. Null if unknown. */
function usersOf(text: string | null): string | null {
  if (text === null || text === 'all') return text;
  const users = valueIn(text, list(textCodec));
  return users && JSON.stringify([...new Set(users)].sort(compareTexts));
}

const entriesCodec = list(record({ name: textCodec, source: textCodec, asked: count, drawn: count, shortfalls }));

function entriesOf(text: string): RunEntry[] | null {
  return valueIn(text, entriesCodec)?.map((entry) => ({ ...entry, logQ: null })) ?? null;
}

/** Reads a JSON text; null if it is not JSON or does not fit the codec. */
function valueIn<T>(text: string, codec: Codec<T>): T | null {
  try {
    return codec.read(new JsonValue(JSON.parse(text), [], () => new TypeError()));
  } catch {
    return null;
  }
}
