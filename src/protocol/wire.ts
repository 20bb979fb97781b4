import type { EngineMethod, Progress } from './engine.ts';
import { failureOf, FailureError, type Failure } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';

/**
 * Names on the JSON-RPC connections host ⇄ server and server ⇄ engine. One request carries every engine method, so that the server
 * can pass it on without knowing it. Failures travel in `data` of the response error.
 */
export const wire = {
  call: 'recsample/call',
  progress: 'recsample/progress',
  /** Engine → server and server → host: what is running, for the status item. */
  status: 'recsample/status',
  /** Host → server: end a running call by its token (the status item's Cancel). */
  cancel: 'recsample/cancel',
  /** Host → server: the engine's process id, or null while none runs (tests and "Show Log"). */
  enginePid: 'recsample/enginePid',
  /**
   * Host → server (notification): changed `EngineSettings`; the first ones are the `initializationOptions`. Server → engine
   * (notification): the same, once, before the first call.
   */
  configure: 'recsample/configure',
  /** Server → engine (notification): remove the temporary files and end. */
  end: 'recsample/end',
  /** Host → server (request): forget earlier deaths, end the engine, start anew with the next call. */
  restartEngine: 'recsample/restartEngine',
} as const;

/** What a person may set about the engine. Fixed for the life of an engine process: DuckDB is locked after it opened. */
export interface EngineSettings {
  /** As DuckDB writes it, for example `4GB`; empty: the engine's default. */
  readonly memoryLimit: string;
  /** Number of threads; 0: as many as the machine has. */
  readonly threads: number;
}
export const defaultEngineSettings: EngineSettings = { memoryLimit: '', threads: 0 };

export interface CallParams {
  readonly method: EngineMethod;
  readonly params: unknown;
  /** Unique within the connection: joins progress and cancellation to the call. */
  readonly token: string;
}
export interface ProgressParams {
  readonly token: string;
  readonly progress: Progress;
}
/** Error code of a response whose `data` is a `Failure`. */
export const FAILURE_CODE = -32050;

export type EngineState = 'idle' | 'ready' | 'stopped' | 'failed';
export interface StatusParams {
  readonly engine: EngineState;
  readonly running: readonly {
    readonly token: string;
    readonly method: EngineMethod;
    readonly path: string | null;
    readonly progress: Progress | null;
  }[];
  /** Set once after the engine died and was started again. */
  readonly failure: Failure | null;
}

/** JSON-RPC's own code for a request that ended because it was cancelled. */
const REQUEST_CANCELLED = -32800;

/** JSON-RPC's own codes for a request whose connection closed before the answer, or was not open. */
const CONNECTION_CLOSED: ReadonlySet<number> = new Set([-32097, -32096]);

/** True where a request was rejected because the other process is gone, not because it answered with an error. */
export function isPeerGone(error: unknown): boolean {
  if (error instanceof FailureError) return false;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  // Answers have codes from -32000 down; a broken channel throws errors of Node or of the connection.
  return typeof code !== 'number' || CONNECTION_CLOSED.has(code) || code > -32000;
}

/**
 * The failure inside the error with which a JSON-RPC request was rejected. Reads codes, not classes: class names do not survive
 * minification, nor instances two copies of a library.
 */
export function failureOfResponse(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'code' in error) {
    if (error.code === FAILURE_CODE && 'data' in error && isFailure(error.data)) return error.data;
    if (error.code === REQUEST_CANCELLED) return { code: 'cancelled', message: message('Cancelled') };
  }
  return failureOf(error);
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'object'
  );
}
