import * as v from 'valibot';
import { count, duration, finite, list, longText, object, stage, text } from './shapes.ts';

/** The text of a config: from the editor if it is open there, else from disk. */
export const configText = object({
  uri: text,
  /** The text on disk, even if an editor has another one. */
  saved: v.exactOptional(v.boolean()),
  /** An earlier text that the host knows: from when the editor or preview opened it, or from the last commit. */
  at: v.exactOptional(v.picklist(['opened', 'head'])),
  /** The text itself, for the server. */
  text: v.exactOptional(longText),
});

export const split = v.picklist(['train', 'eval']);

/** A stage of a config, with the preview's temporary overrides. */
export const samplerEntries = {
  config: configText,
  stage,
  /** Overrides the config's seed. */
  seed: v.exactOptional(text),
  epoch: v.exactOptional(count),
  /** The window of the groups; default: `train`. */
  split: v.exactOptional(split),
} as const;
export const samplerParams = object(samplerEntries);

/** What is asked about a stage, by the preview of the host, and by the host of the server. */
const users = list(text);
export const previewEntries = { ...samplerEntries, users, groupLimit: v.nullable(count) } as const;
const choice = v.union([
  /** Ids that begin with the text, and titles that contain it; an exact match comes first. */
  object({ kind: v.literal('search'), text }),
  /**
   * The user with this id in the log or in the table of users; without one, those of the log with this name, in any
   * case. Empty without names. Nothing is counted: `shown` and `chosen` are 0.
   */
  object({ kind: v.literal('named'), text }),
  /** A different `salt` gives different users. */
  object({ kind: v.literal('random'), salt: finite }),
  /** By impressions in the window. `coldest` users have at least one positive, if any user has one. */
  object({ kind: v.picklist(['heaviest', 'coldest']) }),
]);
/** Except for a search, users with groups come first; other users have nothing to preview. */
export type UserChoice = v.InferOutput<typeof choice>;
export const usersEntries = { ...samplerEntries, choice, limit: count, without: users } as const;
export const itemsEntries = { ...samplerEntries, text, limit: count, named: v.exactOptional(v.boolean()) } as const;
export const storyEntries = { ...samplerEntries, user: text, limit: count } as const;
export const pairEntries = { ...samplerEntries, user: text, item: text } as const;
export const knobEntries = { config: configText, stage, values: list(object({ id: text, value: finite })) } as const;

/** One side of a comparison. */
export const previewSide = object({ config: configText, seed: v.nullable(text) });

/** State that survives a window reload. Unknown versions are dropped. */
export const previewState = object({
  version: v.literal(1),
  config: configText,
  stage,
  /** Overrides the config's seed; null: use the config's. */
  seed: v.nullable(text),
  /** Overrides the config's epoch; null: use the config's. */
  epoch: v.nullable(count),
  split,
  /** The folder of the extract that is shown; null or missing: the files of the config. */
  extract: v.exactOptional(v.nullable(text)),
  users,
  user: v.nullable(text),
  mode: v.picklist(['preview', 'compare', 'explain', 'story']),
  /** The other side of a comparison. `seed`: its own seed; null: the seed of this side. */
  other: v.nullable(previewSide),
  /** Ids of the columns that the draws show; null or missing: as many as fit. */
  columns: v.exactOptional(v.nullable(list(text))),
  /** True if this side is A. If false, the other side is A and this side is B. */
  swapped: v.boolean(),
});

/** Preview → host. */
export const previewNotifications = {
  /** Users to remember. */
  users: object({ config: configText, users }),
  /** The explanation of a row was opened. */
  explained: v.null(),
  /** An answer is painted; tests and the log wait for this. */
  painted: object({ stage, users: count, negatives: count, milliseconds: duration }),
} as const;
