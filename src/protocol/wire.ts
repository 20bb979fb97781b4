import type { EngineMethod, Progress } from './engine.ts';
import { failureOf, FailureError, type Failure } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';

/**
 * Names on the JSON-RPC connections host ⇄ server and server ⇄ engine. One request carries every engine method, so that
 * the server can pass it on without knowing it. Failures are in the `data` of the response error.
 */
export const wire = {
  call: 'recsample/call',
  progress: 'recsample/progress',
  /** Engine → server and server → host: the running calls, for the status item. */
  status: 'recsample/status',
  /** Host → server: cancel a running call by its token (Cancel in the status item). */
  cancel: 'recsample/cancel',
  /** Host → server: the engine's process id, or null if no engine runs (tests and "Show Log"). */
  enginePid: 'recsample/enginePid',
  /**
   * Host → server (notification): changed `EngineSettings`; the first settings are in `initializationOptions`. Server →
   * engine (notification): the same, once, before the first call.
   */
  configure: 'recsample/configure',
  /** Server → engine (notification): remove the temporary files and end. */
  end: 'recsample/end',
  /** Host → server (request): forget earlier deaths and end the engine. The next call starts a new one. */
  restartEngine: 'recsample/restartEngine',
} as const;

/** User settings of the engine. Fixed for the life of an engine process, because DuckDB is locked after it opens. */
export interface EngineSettings {
  /** In DuckDB's notation, for example `4GB`; empty for the engine's default. */
  readonly memoryLimit: string;
  /** Number of threads; 0 for as many as the machine has. */
  readonly threads: number;
}
export const defaultEngineSettings: EngineSettings = { memoryLimit: '', threads: 0 };

export interface CallParams {
  readonly method: EngineMethod;
  readonly params: unknown;
  /** Unique within the connection; links progress and cancellation to the call. */
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
  /** Why the last engine died; set until the engine is restarted by the user. */
  readonly failure: Failure | null;
}

/** JSON-RPC's code for a cancelled request. */
const REQUEST_CANCELLED = -32800;

/** JSON-RPC's codes for a request whose connection closed before the answer, or was not open. */
const CONNECTION_CLOSED: ReadonlySet<number> = new Set([-32097, -32096]);

/** True if a request was rejected because the other process is gone, not because it answered with an error. */
export function isPeerGone(error: unknown): boolean {
  if (error instanceof FailureError) return false;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  // Answers have codes from -32000 down. A broken channel throws errors of Node or of the connection.
  return typeof code !== 'number' || CONNECTION_CLOSED.has(code) || code > -32000;
}

/**
 * The failure inside the error of a rejected JSON-RPC request. It reads error codes, not classes: class names change in
 * minification, and two copies of a library have different classes.
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
