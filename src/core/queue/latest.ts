/** One task. It must end when its signal is aborted, and must catch its own errors. */
type Task = (signal: AbortSignal) => Promise<void>;

/**
 * Runs one task at a time. Of the tasks requested meanwhile only the newest runs next, so that answers keep up with a
 * dragged slider.
 */
export class Latest {
  private running: AbortController | null = null;
  private waiting: Task | null = null;

  /** `idle` is called when no task is left. */
  constructor(private readonly idle: () => void) {}

  get busy(): boolean {
    return this.running !== null;
  }
  /** True if a newer task waits for the running one. */
  get behind(): boolean {
    return this.waiting !== null;
  }

  /** `supersede`: the running task is no longer useful and is aborted at once. */
  ask(task: Task, supersede: boolean): void {
    this.waiting = task;
    if (this.running === null) void this.run();
    else if (supersede) this.running.abort();
  }

  /** Drops all requested tasks. */
  end(): void {
    this.waiting = null;
    this.running?.abort();
  }

  private async run(): Promise<void> {
    while (this.waiting) {
      const task = this.waiting;
      this.waiting = null;
      this.running = new AbortController();
      await task(this.running.signal);
    }
    this.running = null;
    this.idle();
  }
}
