import * as v from 'valibot';
import { object, text } from './shapes.ts';

/** The envelope of a webview message. The schemas of that webview check its method or event and its contents. */
export const toHost = v.union([
  object({ kind: v.literal('request'), id: text, method: text, params: v.unknown() }),
  object({ kind: v.literal('cancel'), id: text }),
  object({ kind: v.literal('notify'), event: text, data: v.unknown() }),
]);
