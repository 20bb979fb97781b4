// CPU time of the jobs of a test run, which other programs raise less than the seconds of the clock. Linux only.
import { readdirSync, readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

/** Ticks in a second in /proc, the same on all architectures that Node runs on. */
const ticks = 100;
/** Milliseconds between two looks at the running processes. One takes 3 ms. */
const interval = 1000;

/**
 * Counts user and system time of processes with all that they start, also of processes that outlive their parent. A
 * process that lives shorter than the interval is counted when its parent waits for it.
 */
export class CpuMeter {
  /**
   * Measured processes by id: their `own` seconds, those of `all` children that they waited for,
   * those of children that ended after they were seen, `gone`, and the rest, `waited`.
   */
  #running = new Map();
  /** Seconds of ended processes by job. */
  #ended = new Map();
  #timer = null;

  /** Starts to measure. @returns a function that ends it, with the seconds; undefined if they are not known */
  start(pid) {
    const job = Symbol(String(pid));
    this.#ended.set(job, 0);
    const first = readProcess(pid);
    if (first !== null) this.#running.set(pid, { ...first, job });
    this.#timer ??= setInterval(() => this.#look(), interval).unref();
    return () => {
      this.#look();
      const seconds = this.#secondsOf(job);
      this.#ended.delete(job);
      for (const [id, one] of this.#running) if (one.job === job) this.#running.delete(id);
      if (this.#ended.size === 0) {
        clearInterval(this.#timer);
        this.#timer = null;
      }
      return first === null ? undefined : seconds;
    };
  }

  #secondsOf(job) {
    const running = [...this.#running.values()].filter((one) => one.job === job);
    return running.reduce((sum, { own, waited }) => sum + own + waited, this.#ended.get(job));
  }

  #look() {
    const found = new Map(processes().map((one) => [one.pid, one]));
    const isAlive = ([pid, { began }]) => found.get(pid)?.began === began;
    for (const [, last] of [...this.#running].filter((one) => !isAlive(one))) {
      this.#ended.set(last.job, this.#ended.get(last.job) + last.own + last.waited);
      // Its parents may have ended at the same time. The first one that lives has these seconds too, if all have waited.
      let parent = this.#running.get(last.parent);
      while (parent !== undefined && !isAlive([parent.pid, parent])) parent = this.#running.get(parent.parent);
      if (parent !== undefined) parent.gone += last.own + last.all;
    }
    for (const one of this.#running) if (!isAlive(one)) this.#running.delete(one[0]);
    const jobOf = (one) => one && (this.#running.get(one.pid)?.job ?? jobOf(found.get(one.parent)));
    for (const one of found.values()) {
      const job = jobOf(one);
      if (job === undefined) continue;
      const gone = this.#running.get(one.pid)?.gone ?? 0;
      this.#running.set(one.pid, { ...one, waited: Math.max(0, one.all - gone), gone, job });
    }
  }
}

function processes() {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readProcess(Number(name)))
      .filter((one) => one !== null);
  } catch {
    return [];
  }
}

/** Null: it has ended, or this system has no /proc. */
function readProcess(pid) {
  try {
    // proc(5): after the name in parentheses come the state (field 3), the parent (4), times (14 to 17) and the start (22).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    const field = (number) => Number(fields[number - 3]);
    const own = (field(14) + field(15)) / ticks;
    const all = (field(16) + field(17)) / ticks;
    return { pid, parent: field(4), began: field(22), own, waited: all, all, gone: 0 };
  } catch {
    return null;
  }
}
