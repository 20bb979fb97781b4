/** One piece of work; it must end when its signal is aborted, and catch its own errors. */
type Work = (signal: AbortSignal) => Promise<void>;

/** Does one piece of work at a time. Of what is asked for meanwhile only the newest follows: answers keep pace with a slider that is dragged. */
export class Latest {
  private running: AbortController | null = null;
  private waiting: Work | null = null;

  /** `idle` is called when nothing is left to do. */
  constructor(private readonly idle: () => void) {}

  get busy(): boolean {
    return this.running !== null;
  }
  /** True where newer work follows what runs now. */
  get behind(): boolean {
    return this.waiting !== null;
  }

  /** `supersede`: what runs now is of no use any more, and ends at once. */
  ask(work: Work, supersede: boolean): void {
    this.waiting = work;
    if (this.running === null) void this.run();
    else if (supersede) this.running.abort();
  }

  /** Nothing of what was asked for is of use any more. */
  end(): void {
    this.waiting = null;
    this.running?.abort();
  }

  private async run(): Promise<void> {
    while (this.waiting) {
      const work = this.waiting;
      this.waiting = null;
      this.running = new AbortController();
      await work(this.running.signal);
    }
    this.running = null;
    this.idle();
  }
}
