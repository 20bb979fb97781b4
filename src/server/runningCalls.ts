import type { EngineMethod, Progress } from '../protocol/engine.ts';
import type { StatusParams } from '../protocol/wire.ts';

type Running = StatusParams['running'][number];
interface Entry {
  readonly call: Omit<Running, 'progress'>;
  readonly controller: AbortController;
  progress: Progress | null;
  /** True once it lasted long enough to be told about. */
  shown: boolean;
}

/** Starts `run` after a delay; the answer takes it back. Tests pass their own. */
export type Schedule = (run: () => void, milliseconds: number) => () => void;

/** A page takes a few milliseconds: only calls that last longer are shown, or the status item would flicker. */
const SHOW_AFTER = 400;
/** Progress is told at most this often. */
const TELL_EVERY = 100;

/** The calls that run now: cancelled by token, and told to the status item once they last. */
export class RunningCalls {
  readonly #entries = new Map<string, Entry>();
  #telling = false;
  readonly #changed: () => void;
  readonly #schedule: Schedule;

  constructor(changed: () => void, schedule: Schedule) {
    this.#changed = changed;
    this.#schedule = schedule;
  }

  /** What the status item shows, oldest first. */
  list(): readonly Running[] {
    return [...this.#entries.values()].filter((e) => e.shown).map((e) => ({ ...e.call, progress: e.progress }));
  }

  cancel(token: string): void {
    this.#entries.get(token)?.controller.abort();
  }

  /** Runs `work` as a call that is listed and can be cancelled. */
  async run<T>(
    token: string,
    method: EngineMethod,
    path: string | null,
    work: (signal: AbortSignal, progress: (p: Progress) => void) => Promise<T>,
  ): Promise<T> {
    const entry: Entry = {
      call: { token, method, path },
      controller: new AbortController(),
      progress: null,
      shown: false,
    };
    this.#entries.set(token, entry);
    const unshow = this.#schedule(() => {
      entry.shown = true;
      this.#tell();
    }, SHOW_AFTER);
    try {
      return await work(entry.controller.signal, (progress) => {
        entry.progress = progress;
        if (entry.shown) this.#tell();
      });
    } finally {
      unshow();
      this.#entries.delete(token);
      if (entry.shown) this.#tell();
    }
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    this.#schedule(() => {
      this.#telling = false;
      this.#changed();
    }, TELL_EVERY);
  }
}
