import { cancelled } from '../../core/queue/cancelled.ts';
import { untilAborted } from '../../core/queue/untilAborted.ts';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { fail, FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { CallContext, EngineClient, EngineMethod, Params, Result } from '../../protocol/engine.ts';
import { defaultEngineSettings, failureOfResponse, isPeerGone, type EngineSettings } from '../../protocol/wire.ts';
import { startEngine, type EngineLaunch, type EngineProcess } from './engineProcess.ts';

export interface OwnEngineOptions {
  readonly launch: EngineLaunch;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Milliseconds that the engine of a cancelled call has to remove its files. */
  readonly grace?: number;
}

const GRACE = 10_000;

/**
 * Runs every call in a new engine process that ends with the call. Calls that need minutes and much memory do not
 * disturb other reads, and other reads cannot end them. No call is repeated.
 */
export class OwnEngine implements EngineClient {
  readonly #options: OwnEngineOptions;
  readonly #running = new Set<EngineProcess>();
  #settings = defaultEngineSettings;

  constructor(options: OwnEngineOptions) {
    this.#options = options;
  }

  /** Settings of future engines. */
  configure(settings: EngineSettings): void {
    this.#settings = settings;
  }

  async call<M extends EngineMethod>(
    method: M,
    params: Params<M>,
    { signal, progress }: Partial<CallContext> = {},
  ): Promise<Result<M>> {
    if (signal?.aborted) throw cancelled();
    const { launch, log } = this.#options;
    const engine = startEngine(launch, this.#settings, {
      progress: ({ progress: update }) => {
        if (signal?.aborted !== true) progress?.(update);
      },
      line: (text) => {
        log('info', `engine of ${method}: ${text}`);
      },
      exit: (reason) => {
        // The engine ended although no end was requested.
        if (this.#running.delete(engine)) log('error', `the engine of ${method} stopped unexpectedly: ${reason}`);
      },
    });
    this.#running.add(engine);
    log('info', `engine of ${method} started, process ${String(engine.pid)}`);
    const cancellation = new CancellationTokenSource();
    const answer = engine.request({ method, params, token: method }, cancellation.token);
    void answer.then(
      () => {
        this.#end(engine);
      },
      () => {
        this.#end(engine);
      },
    );
    try {
      const result = await untilAborted(answer, signal, () => {
        cancellation.cancel();
        this.#endSoon(engine, answer);
      });
      return result as Result<M>;
    } catch (error) {
      if (error instanceof FailureError) throw error;
      throw isPeerGone(error) ? stopped() : new FailureError(failureOfResponse(error));
    }
  }

  /** Ends all running calls. */
  dispose(): void {
    for (const engine of [...this.#running]) {
      this.#running.delete(engine);
      engine.kill();
    }
  }

  /** Gives the engine of a cancelled call some time to remove its files. */
  #endSoon(engine: EngineProcess, answer: Promise<unknown>): void {
    const late = setTimeout(() => {
      this.#running.delete(engine);
      engine.kill();
    }, this.#options.grace ?? GRACE);
    const answered = (): void => {
      clearTimeout(late);
    };
    answer.then(answered, answered);
  }

  #end(engine: EngineProcess): void {
    if (this.#running.delete(engine)) engine.end();
  }
}

function stopped(): FailureError {
  return fail('engine-stopped', message('The engine stopped before it finished'), {
    advice: message('No output was kept. The log says why the engine stopped.'),
  });
}
