import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { Work } from '../database/connections.ts';
import { shared, sharedly } from '../draw/threads/shared.ts';
import { probeRun, type ProbeJob, type ProbeResult } from './probeRun.ts';
import type { ProbeAnswer, ProbeStart } from './probeWorker.ts';

/** Trains one run at a time. */
export interface ProbeRunner {
  /** @param part gets the part that is done, from 0 to 1 */
  run(job: ProbeJob, part: (done: number) => void): Promise<ProbeResult>;
  close(): Promise<void>;
}

/** Milliseconds after which other tasks may run. */
const MILLISECONDS = 15;

/** Trains in the calling thread. */
export class LocalProbeRunner implements ProbeRunner {
  constructor(private readonly signal: Work['signal']) {}

  async run(job: ProbeJob, part: (done: number) => void): Promise<ProbeResult> {
    const steps = probeRun(job);
    let since = performance.now();
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (performance.now() - since < MILLISECONDS) continue;
      part(step.value);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      if (this.signal?.aborted) throw cancelled();
      since = performance.now();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Trains in a thread of its own. */
export class ThreadProbeRunner implements ProbeRunner {
  readonly #cancel = new Int32Array(sharedly(4));
  readonly #worker: Worker;
  /** Why the thread ended; null while it lives. */
  #ended: Error | null = null;
  #fail: ((reason: Error) => void) | null = null;

  /** @param module the module `worker.ts` */
  constructor(
    module: string,
    private readonly signal: Work['signal'],
  ) {
    const workerData: ProbeStart = { probeCancel: this.#cancel };
    this.#worker = new Worker(module, { workerData });
    const end = (reason: unknown): void => {
      this.#ended ??=
        reason instanceof Error ? reason : new Error(`a training thread ended with code ${String(reason)}`);
      this.#fail?.(this.#ended);
    };
    this.#worker.on('error', end);
    this.#worker.on('exit', end);
  }

  async run(job: ProbeJob, part: (done: number) => void): Promise<ProbeResult> {
    const stop = (): void => {
      Atomics.store(this.#cancel, 0, 1);
    };
    if (this.signal?.aborted) throw cancelled();
    // It would never answer.
    if (this.#ended) throw this.#ended;
    this.signal?.addEventListener('abort', stop, { once: true });
    const worker = this.#worker;
    let leave = (): void => undefined;
    try {
      return await new Promise((resolve, reject) => {
        const hear = (answer: ProbeAnswer): void => {
          if ('part' in answer) part(answer.part);
          else if (answer.result) resolve(answer.result);
          else reject(cancelled());
        };
        this.#fail = reject;
        worker.on('message', hear);
        leave = () => {
          this.#fail = null;
          worker.off('message', hear);
        };
        worker.postMessage(shared(job));
      });
    } finally {
      leave();
      this.signal?.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    Atomics.store(this.#cancel, 0, 1);
    await this.#worker.terminate();
  }
}
