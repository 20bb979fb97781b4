import type { Groups } from '../../core/sampling/world/world.ts';
import { hashWords } from '../../core/sampling/words.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { u32At } from '../../core/valueAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { LabelledLog } from './labelledLog.ts';
import type { NegativeExposures } from './negativeExposures.ts';
import type { Requests } from './requests.ts';
import type { ShortHistories, ShortHistory } from './shortHistories.ts';

/** A group of one user. */
export interface Group {
  readonly time: number;
  /** See `Groups.readTime`. */
  readonly readTime: number;
  readonly key: string;
  /** Result of `words(key)`. */
  readonly words: readonly [number, number];
  readonly request: number;
  readonly requestText: string | null;
  readonly positives: readonly Positive[];
  /** Row of the log that the group comes from; for a request, its earliest impression. -1 without one. */
  readonly context: number;
}
export interface Positive {
  readonly item: number;
  readonly weight: number;
  readonly event: number;
  readonly keep: number;
  /** Row of the log; -1 without one. */
  readonly row: number;
  /** True for an event without an impression. */
  readonly isUnexposed?: boolean;
}

/** The row of the stored log in which each row of a sample was exposed. */
export interface Origins {
  /** By positive of `Groups`. */
  readonly positives: Int32Array;
  /** By group; -1 without one. */
  readonly contexts: Int32Array;
  /** By entry: the exposures of drawn items. Null if the entry has none, or if they are not needed. */
  readonly drawn: readonly (NegativeExposures | null)[];
}

/** The input for building groups. */
export interface Grouping {
  readonly plan: StagePlan;
  readonly world: LoadedWorld;
  readonly requests: Requests;
  /** Number of positives of all users by item; only with `downsample_hot`. */
  readonly hot: { readonly counts: Float64Array; readonly total: number } | null;
  /** True if the config has candidates. Their requests are then the groups of the unit request. */
  readonly candidates: boolean;
  readonly short: ShortHistories;
  readonly tally: Tally;
  /** Receives the positives that `min_steps` leaves out. */
  readonly dropped: DroppedPositive[];
}

/** A positive that `min_steps` leaves out. */
export interface DroppedPositive extends ShortHistory {
  readonly user: string;
  readonly item: number;
  readonly time: number;
}

/** Numbers of rows that were dropped or merged. */
export interface Tally {
  collapsed: number;
  thinned: number;
  capped: number;
  /** Positives with a shorter history than `min_steps`. Evaluation data keeps them. */
  short: number;
  unseen: number;
  immature: number;
  timeless: number;
  /** Positives whose request is missing from the candidates. */
  unretrieved: number;
  repeated: number;
  /** Repeated exposures, one with and one without a positive event. */
  contradictory: number;
}

export function emptyTally(): Tally {
  return {
    collapsed: 0,
    thinned: 0,
    capped: 0,
    short: 0,
    unseen: 0,
    immature: 0,
    timeless: 0,
    unretrieved: 0,
    repeated: 0,
    contradictory: 0,
  };
}

/** Builds the groups of one user, in any order. `user`: its index within the block. */
export type MakeGroups = (log: LabelledLog, user: number, grouping: Grouping) => Group[];

export function group(time: number, key: string, rest: Omit<Group, 'time' | 'key' | 'words'>): Group {
  return { time, key, words: hashWords(key), ...rest };
}

/**
 * The groups of users as columns, and the log rows of their positives. The groups of each user are ordered by time,
 * then by key. Exposures with equal keys are ordered by event.
 */
export function groupsOf(users: readonly (readonly Group[])[]): {
  readonly groups: Groups;
  readonly origins: Pick<Origins, 'positives' | 'contexts'>;
} {
  const sorted = users.map((own) =>
    [...own].sort((a, b) => a.time - b.time || compareTexts(a.key, b.key) || eventOf(a) - eventOf(b)),
  );
  const all = sorted.flat();
  const positives = all.flatMap((one) => one.positives);
  const key = new Uint32Array(2 * all.length);
  all.forEach(({ words: pair }, k) => {
    key.set(pair, 2 * k);
  });
  const groups: Groups = {
    count: all.length,
    offsets: offsetsOf(sorted),
    time: Float64Array.from(all, ({ time }) => time),
    readTime: Float64Array.from(all, ({ readTime }) => readTime),
    keyWords: key,
    keys: all.map((one) => one.key),
    request: Int32Array.from(all, ({ request }) => request),
    requestText: all.map(({ requestText }) => requestText),
    positives: {
      offsets: offsetsOf(all.map((one) => one.positives)),
      items: Uint32Array.from(positives, ({ item }) => item),
      weights: Float64Array.from(positives, ({ weight }) => weight),
      events: Uint8Array.from(positives, ({ event }) => event),
      keep: Float64Array.from(positives, ({ keep }) => keep),
      ...(positives.some(({ isUnexposed }) => isUnexposed)
        ? { unexposed: Uint8Array.from(positives, ({ isUnexposed }) => Number(isUnexposed ?? false)) }
        : {}),
    },
  };
  return {
    groups,
    origins: {
      positives: Int32Array.from(positives, ({ row }) => row),
      contexts: Int32Array.from(all, ({ context }) => context),
    },
  };
}

/** Index of the first event. A group without one comes last. */
function eventOf({ positives }: Group): number {
  return positives[0]?.event ?? 0;
}

function offsetsOf(lists: readonly (readonly unknown[])[]): Uint32Array {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach(({ length }, k) => {
    offsets[k + 1] = u32At(offsets, k) + length;
  });
  return offsets;
}
