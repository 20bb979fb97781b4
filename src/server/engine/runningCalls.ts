import type { EngineMethod, Progress } from '../../protocol/engine.ts';
import type { StatusParams } from '../../protocol/wire.ts';

type Running = StatusParams['running'][number];
interface Entry {
  readonly call: Omit<Running, 'progress'>;
  readonly controller: AbortController;
  progress: Progress | null;
  /** True once the call has lasted long enough to be shown. */
  isShown: boolean;
}

/** Starts `run` after a delay; calling the returned function cancels it. Tests pass their own. */
export type Schedule = (run: () => void, milliseconds: number) => () => void;

/** A page takes a few milliseconds. Only longer calls are shown, or the status item would flicker. */
const SHOW_AFTER = 400;
/** Minimum milliseconds between two progress updates. */
const TELL_EVERY = 100;

/** The running calls. Each can be cancelled by its token, and the status item shows it once it has lasted a while. */
export class RunningCalls {
  readonly #entries = new Map<string, Entry>();
  #telling = false;
  readonly #changed: () => void;
  readonly #schedule: Schedule;

  constructor(changed: () => void, schedule: Schedule) {
    this.#changed = changed;
    this.#schedule = schedule;
  }

  /** The calls for the status item, oldest first. */
  list(): readonly Running[] {
    return [...this.#entries.values()].filter((e) => e.isShown).map((e) => ({ ...e.call, progress: e.progress }));
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
      isShown: false,
    };
    this.#entries.set(token, entry);
    const unshow = this.#schedule(() => {
      entry.isShown = true;
      this.#tell();
    }, SHOW_AFTER);
    try {
      return await work(entry.controller.signal, ({ audited: _audited, ...progress }) => {
        // Results of an audit are for its caller, not for the status item.
        entry.progress = progress;
        if (entry.isShown) this.#tell();
      });
    } finally {
      unshow();
      this.#entries.delete(token);
      if (entry.isShown) this.#tell();
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
