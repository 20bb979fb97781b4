import * as v from 'valibot';
import { count, list, object, text } from './shapes.ts';

const position = object({ line: count, character: count });

/** Arguments of commands that the server offers. */
export const commandArguments = {
  chooseFiles: v.strictTuple([text, object({ start: position, end: position })]),
} as const;

/** `threads`: 0 means as many as the machine has. */
const settingEntries = { memoryLimit: text, threads: count } as const;

/** Notifications and the envelope of engine requests, client → server. */
export const serverParams = {
  call: object({ method: text, params: v.unknown(), token: text }),
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
