import * as v from 'valibot';
import { factLevels } from '../../core/data/facts.ts';
import type { EngineMethod } from '../engine.ts';
import { count, list, object, text } from './shapes.ts';

/** Request token made by the client, for progress. */
const token = v.exactOptional(text);
const level = v.picklist(factLevels);
const named = <const E extends v.ObjectEntries>(more: E) =>
  v.union([object({ uri: text, ...more }), object({ path: text, ...more })]);

/**
 * Parameters of the requests about ratio configs. A config is named by the `uri` of its document or by its absolute
 * `path`.
 */
export const languageParams = {
  configSummary: named({ token }),
  /** `level`: how much of the data to read; less if the workspace is not trusted or the file system is virtual. */
  validate: named({ level, token }),
  validateAll: object({ configs: list(named({})), level, token }),
} as const;

const position = object({ line: count, character: count });

/** Arguments of commands that the server offers. */
export const commandArguments = {
  chooseFiles: v.strictTuple([text, object({ start: position, end: position })]),
} as const;

/** `threads`: 0 means as many as the machine has. */
const settingEntries = { memoryLimit: text, threads: count } as const;

/** Notifications and the envelope of engine requests, client → server. */
export const serverParams = {
  call: object({ method: text as v.GenericSchema<unknown, EngineMethod>, params: v.unknown(), token: text }),
  cancel: object({ token: text }),
  configure: object(settingEntries),
  trust: object({ trusted: v.boolean() }),
} as const;

/** Keys of `initializationOptions`. */
export const initializationKeys = {
  ...settingEntries,
  locale: text,
  trusted: v.boolean(),
  rulePage: text,
  commands: list(text),
} as const;
