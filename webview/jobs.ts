import type { Message } from '../src/core/message/message.ts';
import type { Progress } from '../src/protocol/engine.ts';
import { Observable } from './observable.ts';

/** Milliseconds after which a job is shown, with its progress and a cancel button. */
const patience = 1000;

export interface Job {
  readonly fraction: number | null;
  readonly message: Message | null;
}

interface Running {
  progress: Progress | null;
  slow: boolean;
  readonly abort: AbortController;
}

export interface JobContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** The running requests. Long work is shown as one job: the one that started first. */
export class Jobs extends Observable {
  private readonly running = new Set<Running>();

  /** The job to show; null if nothing takes long. */
  get shown(): Job | null {
    for (const { slow, progress } of this.running) {
      if (slow) return { fraction: progress?.fraction ?? null, message: progress?.message ?? null };
    }
    return null;
  }

  /** Runs `action`, which must end when `cancel` or `signal` aborts it. */
  async run<T>(action: (context: JobContext) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const job: Running = { progress: null, slow: false, abort: new AbortController() };
    const timer = setTimeout(() => {
      job.slow = true;
      this.changed();
    }, patience);
    const end = (): void => job.abort.abort();
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted === true) end();
    this.running.add(job);
    try {
      return await action({
        signal: job.abort.signal,
        progress: (progress) => {
          job.progress = progress;
          if (job.slow) this.changed();
        },
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      this.running.delete(job);
      if (job.slow) this.changed();
    }
  }

  /** Cancels everything that runs. */
  cancel(): void {
    for (const { abort } of [...this.running]) abort.abort();
  }
}
