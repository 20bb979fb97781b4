import type { InferOutput } from 'valibot';
import type { Failure } from '../core/message/failure.ts';
import type { Progress } from './engine.ts';
import type { toHost } from './schema/channel.ts';

/**
 * Envelope of every message between a webview and the extension host. Binary values must own their buffer.
 *
 * VS Code replaces the page of a webview that was hidden, and an answer to the old page can still come. So the `id` of a
 * request is unique among all pages of its webview.
 */
export type ToHost = InferOutput<typeof toHost>;

export type ToWebview =
  | { readonly kind: 'result'; readonly id: string; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: string; readonly failure: Failure }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress }
  | { readonly kind: 'notify'; readonly event: string; readonly data: unknown };
