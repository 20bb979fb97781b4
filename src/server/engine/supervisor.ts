import { cancelled } from '../../core/queue/cancelled.ts';
import { untilAborted } from '../../core/queue/untilAborted.ts';
import { CancellationTokenSource, type CancellationToken } from 'vscode-jsonrpc';
import { fail, FailureError, type Failure } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { CallContext, EngineClient, EngineMethod, Params, Result } from '../../protocol/engine.ts';
import {
  defaultEngineSettings,
  failureOfResponse,
  isPeerGone,
  type EngineSettings,
  type EngineState,
} from '../../protocol/wire.ts';
import { startEngine, type EngineLaunch, type EngineProcess } from './engineProcess.ts';

export interface SupervisorOptions {
  readonly launch: EngineLaunch;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Called when `state` or `failure` changes. */
  readonly changed: () => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** Deaths without a read within `WINDOW` milliseconds after which the engine is not restarted automatically. */
const MAX_DEATHS = 5;
const WINDOW = 60_000;

/** A call and the data sets that it reads. */
interface Request {
  readonly method: EngineMethod;
  readonly params: unknown;
  readonly token: string;
  /** Paths of the data sets, one per line; empty if it is not a read, or reads no data set. */
  readonly data: string;
}

/**
 * Runs the engine in its own process, started by the first call. If the engine dies, its reads are repeated in a new
 * engine; requests hold the complete reference, so this is possible. Repeats run one after another, and so do new reads
 * of the same data, until one is answered. Data that ends an engine a second time is no longer read, so it cannot take
 * the reads of other data with it.
 */
export class EngineSupervisor implements EngineClient {
  #engine: EngineProcess | null = null;
  #settings = defaultEngineSettings;
  #state: EngineState = 'idle';
  #failure: Failure | null = null;
  #deaths: number[] = [];
  #repeats: Promise<unknown> = Promise.resolve();
  /** Reads in the running engine, by token. */
  readonly #pending = new Map<string, string>();
  /** Data that was read when an engine crashed, and has not been answered since. */
  readonly #suspects = new Set<string>();
  /** Data that ended two engines. */
  readonly #quarantined = new Set<string>();
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
    const request: Request = { method, params, token, data: isRepeatable(method) ? dataOf(params) : '' };
    try {
      if (!this.#suspects.has(request.data)) {
        try {
          return (await this.#ask(request, context.signal)) as Result<M>;
        } catch (error) {
          if (!isPeerGone(error)) throw error;
          if (!isRepeatable(method)) throw engineStopped();
        }
      }
      const repeat = this.#repeats.then(async () => await this.#repeat(request, context.signal));
      this.#repeats = repeat.catch(() => undefined);
      return (await untilAborted(repeat, context.signal)) as Result<M>;
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
    const isUnchanged =
      settings.memoryLimit === this.#settings.memoryLimit && settings.threads === this.#settings.threads;
    this.#settings = settings;
    if (isUnchanged) return;
    this.#trustAll();
    this.#replace();
  }

  /**
   * The user's way out of every state: ends the engine and forgets earlier deaths. The next call starts a new engine.
   */
  restart(): void {
    this.#deaths = [];
    this.#failure = null;
    this.#trustAll();
    this.#replace();
    this.#enter('idle');
  }

  dispose(): void {
    this.#replace();
    this.#enter('stopped');
  }

  /** Repeats a read until it is answered or quarantined. Another one may end the engine in the meantime. */
  async #repeat(request: Request, signal: AbortSignal | undefined): Promise<unknown> {
    for (;;) {
      try {
        const answer = await this.#ask(request, signal);
        this.#suspects.delete(request.data);
        return answer;
      } catch (error) {
        const isKnown = this.#suspects.has(request.data) || this.#quarantined.has(request.data);
        if (!isPeerGone(error) || !isKnown) throw error;
      }
    }
  }

  async #ask({ data, ...request }: Request, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) throw cancelled();
    if (this.#quarantined.has(data)) throw quarantined(data);
    const engine = this.#ensure();
    const cancellation = new CancellationTokenSource();
    try {
      return await untilAborted(this.#answer(engine, request, data, cancellation.token), signal, () => {
        cancellation.cancel();
      });
    } finally {
      cancellation.dispose();
    }
  }

  /** A cancelled read stays pending until the engine has ended it. */
  async #answer(
    engine: EngineProcess,
    request: Omit<Request, 'data'>,
    data: string,
    cancellation: CancellationToken,
  ): Promise<unknown> {
    if (data !== '') this.#pending.set(request.token, data);
    try {
      return await engine.request(request, cancellation);
    } finally {
      if (this.#engine === engine) this.#pending.delete(request.token);
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
      exit: (reason, isCrash) => {
        if (this.#engine === engine) this.#died(reason, isCrash);
      },
    });
    this.#engine = engine;
    this.#options.log('info', `engine started, process ${String(engine.pid)}`);
    this.#enter('ready');
    return engine;
  }

  #died(reason: string, isCrash: boolean): void {
    const data = new Set(this.#pending.values());
    this.#replace();
    if (isCrash && data.size > 0) {
      this.#suspect(data);
      this.#options.log('error', `engine stopped unexpectedly: ${reason}, while it read ${[...data].join(', ')}`);
      this.#failure = { ...engineStopped().failure, cause: reason };
      this.#enter('idle');
      return;
    }
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

  /** Only data that is read alone is known to be the reason. */
  #suspect(data: ReadonlySet<string>): void {
    const [single] = data;
    if (data.size === 1 && single !== undefined && this.#suspects.has(single)) {
      this.#suspects.delete(single);
      this.#quarantined.add(single);
    } else for (const dataset of data) this.#suspects.add(dataset);
  }

  #trustAll(): void {
    this.#suspects.clear();
    this.#quarantined.clear();
  }

  /** Ends the running engine without counting a death. Ends only the process that it started itself. */
  #replace(): void {
    const engine = this.#engine;
    this.#engine = null;
    this.#pending.clear();
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

/** The paths of the data sets in the parameters of a call, one per line. */
function dataOf(params: unknown): string {
  const paths = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    if ('id' in value && 'path' in value && typeof value.path === 'string') paths.add(value.path);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(params);
  return [...paths].sort().join('\n');
}

function quarantined(data: string): FailureError {
  const [path = data] = data.split('\n');
  return fail('engine-stopped', message('The engine stopped twice while reading this, so it is not read again'), {
    place: { path },
    advice: message('Run “RecSample: Restart Server” to try again. The log says why it stopped.'),
  });
}

function engineStopped(): FailureError {
  return fail('engine-stopped', message('The engine stopped while answering a request'), {
    advice: message('It restarts with the next request. The log says why it stopped.'),
  });
}
