import type { Failure } from '../core/message/failure.ts';
import type { Progress } from './engine.ts';

/** Envelope of every message between a webview and the extension host. Binary values must own their buffer. */
export type ToHost =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'notify'; readonly event: string; readonly data: unknown };

export type ToWebview =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'notify'; readonly event: string; readonly data: unknown };
