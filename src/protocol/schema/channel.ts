import * as v from 'valibot';
import type { ToHost } from '../channel.ts';
import { count, object, text } from './shapes.ts';

/** The envelope of a webview message. The schemas of that webview check its method or event and its contents. */
export const toHost = v.union([
  object({ kind: v.literal('request'), id: count, method: text, params: v.unknown() }),
  object({ kind: v.literal('cancel'), id: count }),
  object({ kind: v.literal('notify'), event: text, data: v.unknown() }),
]) satisfies v.GenericSchema<unknown, ToHost>;
