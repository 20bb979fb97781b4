// The jobs of a test run share one pool, so that no processor idles at the end of a phase.
import { setImmediate } from 'node:timers';

/**
 * Runs at most `slots` jobs at a time. While jobs in a browser are waiting, `inBrowser` slots are theirs: they often wait
 * for pages to be drawn, and the other jobs use the processors meanwhile. More of them run at a time only if no other
 * job is left. Of equal jobs, the one that takes the most seconds starts first.
 */
export class TestPool {
  #free;
  #freeForBrowser;
  #waiting = [];
  #isChoosing = false;

  constructor({ slots, inBrowser }) {
    this.#free = slots;
    this.#freeForBrowser = inBrowser;
  }

  /**
   * @param {{seconds: number, inBrowser?: boolean}} size the seconds that the job probably takes
   * @param {() => Promise<T>} job
   * @returns {Promise<{result: T, seconds: number}>} with the seconds that it took
   */
  run({ seconds, inBrowser = false }, job) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ seconds, inBrowser, job, resolve, reject });
      this.#chooseSoon();
    });
  }

  /** Waits until all jobs of a phase are known: the first one is not always the longest one. */
  #chooseSoon() {
    if (this.#isChoosing) return;
    this.#isChoosing = true;
    setImmediate(() => {
      this.#isChoosing = false;
      while (this.#free > 0 && this.#waiting.length > 0) void this.#start(this.#takeNext());
    });
  }

  #takeNext() {
    const rank = ({ inBrowser, seconds }) => [
      inBrowser && this.#freeForBrowser > 0 ? 1 : 0,
      inBrowser ? 0 : 1,
      seconds,
    ];
    const isBefore = (a, b) => {
      const [x, y] = [rank(a), rank(b)];
      const first = x.findIndex((value, k) => value !== y[k]);
      return first >= 0 && x[first] > y[first];
    };
    const next = this.#waiting.reduce((best, one) => (isBefore(one, best) ? one : best));
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    return next;
  }

  async #start({ inBrowser, job, resolve, reject }) {
    this.#free--;
    if (inBrowser) this.#freeForBrowser--;
    const started = Date.now();
    try {
      const result = await job();
      resolve({ result, seconds: (Date.now() - started) / 1000 });
    } catch (error) {
      reject(error);
    } finally {
      this.#free++;
      if (inBrowser) this.#freeForBrowser++;
      this.#chooseSoon();
    }
  }
}
