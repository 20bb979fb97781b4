import * as v from 'valibot';
import type { UserChoice } from '../sampling.ts';
import { count, duration, finite, list, longText, object, range, stage, text } from './shapes.ts';

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

const split = v.picklist(['train', 'eval']);

const samplerEntries = {
  config: configText,
  stage,
  /** Overrides the config's seed. */
  seed: v.exactOptional(text),
  epoch: v.exactOptional(count),
  /** The window of the groups; default: `train`. */
  split: v.exactOptional(split),
} as const;
const users = list(text);
const without = list(text);

/** A stage of a config, with the preview's temporary overrides. */
export const samplerParams = object(samplerEntries);

const previewEntries = { ...samplerEntries, users, groupLimit: v.nullable(count) } as const;
export const previewParams = object(previewEntries);

const choice = v.union([
  object({ kind: v.picklist(['search', 'named']), text }),
  object({ kind: v.literal('random'), salt: finite }),
  object({ kind: v.picklist(['heaviest', 'coldest']) }),
]) satisfies v.GenericSchema<unknown, UserChoice>;
const usersEntries = { ...samplerEntries, choice, limit: count, without } as const;
export const usersParams = object(usersEntries);

const itemsEntries = { ...samplerEntries, text, limit: count, named: v.exactOptional(v.boolean()) } as const;
export const itemsParams = object(itemsEntries);

const storyEntries = { ...samplerEntries, user: text, limit: count } as const;
export const storyParams = object(storyEntries);

const pairEntries = { ...samplerEntries, user: text, item: text } as const;
export const pairParams = object(pairEntries);

const compareEntries = { a: samplerParams, b: samplerParams, users } as const;
export const compareParams = object(compareEntries);

const setKnobsEntries = { config: configText, stage, values: list(object({ id: text, value: finite })) } as const;
export const setKnobsParams = object(setKnobsEntries);

const generateEntries = {
  ...samplerEntries,
  split,
  /** Absolute path; null for the file that the config names. */
  file: v.nullable(text),
} as const;
export const generateParams = object(generateEntries);

const sparkJobEntries = { ...samplerEntries, ending: v.picklist(['.sql', '.py']) } as const;
export const sparkJobParams = object(sparkJobEntries);

/** Request token made by the client, for progress. */
const token = v.exactOptional(text);

/** The folder of an extract of a Spark job. Its files are read in place of those of the config. */
const source = { extract: v.exactOptional(text) } as const;
const drawnSide = object({ ...samplerEntries, ...source });

/** Parameters of the sampling requests that a client of the server makes. */
export const samplingParams = {
  sampler: object({ ...samplerEntries, token }),
  extract: object({ config: configText, folder: text, token }),
  preview: object({ ...previewEntries, ...source, token }),
  users: object({ ...usersEntries, ...source, token }),
  items: object({ ...itemsEntries, ...source, token }),
  story: object({ ...storyEntries, ...source, token }),
  explain: object({ ...pairEntries, ...source, token }),
  compare: object({ a: drawnSide, b: drawnSide, users, token }),
  setKnobs: object({ ...setKnobsEntries, token }),
  offer: object({ ...samplerEntries, token }),
  generate: object({ ...generateEntries, token }),
  sparkJobOffer: object({ ...samplerEntries, token }),
  sparkJob: object({ ...sparkJobEntries, token }),
} as const;

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

/** Parameters of the requests of the preview webview. */
export const previewRequestParams = {
  start: v.null(),
  sampler: samplerParams,
  preview: previewParams,
  users: usersParams,
  items: itemsParams,
  story: storyParams,
  explain: pairParams,
  compare: object({ ...compareEntries, own: v.picklist(['a', 'b']) }),
  setKnobs: object({ ...setKnobsEntries, settle: v.boolean() }),
  undo: object({ config: configText }),
  generate: samplerParams,
  pickUsers: object({ ...samplerEntries, without }),
  pickUser: samplerParams,
  /** `config`: the text that the side shows now. */
  pickConfig: object({ config: configText, side: v.picklist(['a', 'b']) }),
  reveal: object({ config: configText, range }),
  /** Opens a trial of the recall stages of these configs. */
  trial: object({ configs: list(configText) }),
  showDiff: object({ a: configText, b: configText }),
  copyText: object({ text: longText }),
  saveText: object({ name: text, text: longText }),
  showRule: object({ rule: text }),
  showLog: v.null(),
  restartServer: v.null(),
} as const;

/** Preview → host. */
export const previewNotifications = {
  /** Users to remember. */
  users: object({ config: configText, users }),
  /** The explanation of a row was opened. */
  explained: v.null(),
  /** An answer is painted; tests and the log wait for this. */
  painted: object({ stage, users: count, negatives: count, milliseconds: duration }),
} as const;
