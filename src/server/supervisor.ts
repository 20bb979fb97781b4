import { cancelled } from '../core/queue/cancelled.ts';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { fail, FailureError, type Failure } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import type { CallContext, EngineClient, EngineMethod, Params, Result } from '../protocol/engine.ts';
import {
  defaultEngineSettings,
  failureOfResponse,
  isPeerGone,
  type EngineSettings,
  type EngineState,
} from '../protocol/wire.ts';
import { startEngine, type EngineLaunch, type EngineProcess } from './engineProcess.ts';

export interface SupervisorOptions {
  readonly launch: EngineLaunch;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Called when `state` or `failure` changes. */
  readonly changed: () => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** Deaths within `WINDOW` milliseconds after which the engine is not restarted automatically. */
const MAX_DEATHS = 5;
const WINDOW = 60_000;

/**
 * Runs the engine in its own process, started by the first call. If the engine dies, each read is repeated once in a
 * new engine; requests hold the complete reference, so this is possible. Repeats run one after another, so a request
 * that kills the engine twice does not take another repeat with it.
 */
export class EngineSupervisor implements EngineClient {
  #engine: EngineProcess | null = null;
  #settings = defaultEngineSettings;
  #state: EngineState = 'idle';
  #failure: Failure | null = null;
  #deaths: number[] = [];
  #repeats: Promise<unknown> = Promise.resolve();
  #tokens = 0;
  readonly #progress = new Map<string, CallContext['progress']>();
  readonly #options: SupervisorOptions;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Why the last engine died; null after the user requested a restart. */
  get failure(): Failure | null {
    return this.#failure;
  }

  get pid(): number | null {
    return this.#engine?.pid ?? null;
  }

  async call<M extends EngineMethod>(
    method: M,
    params: Params<M>,
    context: Partial<CallContext> = {},
  ): Promise<Result<M>> {
    if (method === 'close' && !this.#engine) return null;
    const token = String(++this.#tokens);
    if (context.progress) this.#progress.set(token, context.progress);
    const ask = (): Promise<unknown> => this.#ask({ method, params, token }, context.signal);
    try {
      try {
        return (await ask()) as Result<M>;
      } catch (error) {
        if (!isPeerGone(error)) throw error;
        if (!isRepeatable(method)) throw engineStopped();
      }
      const repeat = this.#repeats.then(ask);
      this.#repeats = repeat.catch(() => undefined);
      return (await repeat) as Result<M>;
    } catch (error) {
      if (error instanceof FailureError) throw error;
      throw isPeerGone(error) ? engineStopped() : new FailureError(failureOfResponse(error));
    } finally {
      this.#progress.delete(token);
    }
  }

  /**
   * Settings of the next engine. A running engine cannot change them (DuckDB is locked), so it is replaced, and reads
   * are repeated.
   */
  configure(settings: EngineSettings): void {
    const same = settings.memoryLimit === this.#settings.memoryLimit && settings.threads === this.#settings.threads;
    this.#settings = settings;
    if (!same) this.#replace();
  }

  /**
   * The user's way out of every state: ends the engine and forgets earlier deaths. The next call starts a new engine.
   */
  restart(): void {
    this.#deaths = [];
    this.#failure = null;
    this.#replace();
    this.#enter('idle');
  }

  dispose(): void {
    this.#replace();
    this.#enter('stopped');
  }

  async #ask(
    request: { method: EngineMethod; params: unknown; token: string },
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    if (signal?.aborted) throw cancelled();
    const engine = this.#ensure();
    const cancellation = new CancellationTokenSource();
    let abort = (): void => undefined;
    // Rejects without waiting for the engine: a busy native call must not delay a cancel.
    const aborted = new Promise<never>((_, reject) => {
      abort = () => {
        cancellation.cancel();
        reject(cancelled());
      };
    });
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([engine.request(request, cancellation.token), aborted]);
    } finally {
      signal?.removeEventListener('abort', abort);
      cancellation.dispose();
    }
  }

  #ensure(): EngineProcess {
    if (this.#state === 'failed' && this.#failure) throw new FailureError(this.#failure);
    if (this.#state === 'stopped') throw engineStopped();
    if (this.#engine) return this.#engine;
    const engine = startEngine(this.#options.launch, this.#settings, {
      progress: ({ token, progress }) => this.#progress.get(token)?.(progress),
      line: (text) => {
        this.#options.log('info', `engine: ${text}`);
      },
      exit: (reason) => {
        if (this.#engine === engine) this.#died(reason);
      },
    });
    this.#engine = engine;
    this.#options.log('info', `engine started, process ${String(engine.pid)}`);
    this.#enter('ready');
    return engine;
  }

  #died(reason: string): void {
    this.#engine = null;
    const now = this.#options.now();
    this.#deaths = [...this.#deaths.filter((then) => now - then < WINDOW), now];
    this.#options.log('error', `engine stopped unexpectedly: ${reason}`);
    if (this.#deaths.length >= MAX_DEATHS) {
      this.#failure = {
        code: 'engine-stopped',
        message: message('The engine stopped {0} times within a minute and is not started again', this.#deaths.length),
        advice: message('Run “RecSample: Restart Server” to try again. The log says why it stopped.'),
        cause: reason,
      };
      this.#enter('failed');
      return;
    }
    this.#failure = { ...engineStopped().failure, cause: reason };
    this.#enter('idle');
  }

  /** Ends the running engine without counting a death. Ends only the process that it started itself. */
  #replace(): void {
    const engine = this.#engine;
    this.#engine = null;
    engine?.kill();
  }

  #enter(state: EngineState): void {
    this.#state = state;
    this.#options.changed();
  }
}

/** True for every method that does not write: a repeated `demo` would find its own half-written files. */
function isRepeatable(method: EngineMethod): boolean {
  return method !== 'demo';
}

function engineStopped(): FailureError {
  return fail('engine-stopped', message('The engine stopped while answering a request'), {
    advice: message('It restarts with the next request. The log says why it stopped.'),
  });
}
