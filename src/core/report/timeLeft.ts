import { message, type Message } from './message.ts';

interface Mark {
  /** Milliseconds of a clock that never goes back. */
  readonly at: number;
  readonly fraction: number;
}

/** Nothing is told of the time left before a job has run so long, and come so far: the first steps say little. */
const SHORTEST = 2_000;
const LEAST = 0.02;
/** The pace is that of the later part of the job: what took long at its beginning does not count for ever. */
const RECENT = 0.5;
/** Marks in that part, at most about: steps may be thousands a second. */
const MARKS = 100;

/** How long a job still takes, from how far it was when. The clock is that of the caller. */
export class TimeLeft {
  #marks: Mark[] = [];

  /**
   * @param fraction of the job that is done, from 0 to 1; null where it is not known: the estimate begins with the
   *   first one that is
   * @param now milliseconds of a clock that never goes back
   * @returns milliseconds; null where it cannot be told, or not yet
   */
  told(fraction: number | null, now: number): number | null {
    if (fraction === null) return null;
    const last = this.#marks.at(-1);
    // Another job, or a step of this one that is counted anew.
    if (last === undefined || fraction < last.fraction) this.#marks = [{ at: now, fraction }];
    const [first] = this.#marks;
    if (first === undefined || now - first.at < SHORTEST || fraction - first.fraction < LEAST) return null;
    const part = (now - first.at) * RECENT;
    const since = this.#marks.findLast(({ at }) => now - at >= part) ?? first;
    // The first one stays: it says how long the job runs.
    this.#marks = [first, ...this.#marks.filter((mark) => mark !== first && mark.at >= since.at)];
    if (last !== undefined && now - last.at >= part / MARKS) this.#marks.push({ at: now, fraction });
    const [gone, done] = [now - since.at, fraction - since.fraction];
    return done <= 0 ? null : (gone * (1 - fraction)) / done;
  }
}

/** `12 s left`: rounded so that it does not jump with every step. */
export function timeLeftText(milliseconds: number): Message {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds <= 10) return message('{0} s left', seconds);
  if (seconds <= 60) return message('{0} s left', Math.ceil(seconds / 5) * 5);
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90
    ? message('{0} min left', minutes)
    : message('{0} h {1} min left', Math.floor(minutes / 60), minutes % 60);
}

/** `Drawing, 43 %, 12 s left`: what a job does, how far it is, and how long it still takes, as far as that is known. */
export function progressText(
  { fraction, message: doing }: { readonly fraction: number | null; readonly message: Message },
  left: number | null,
): Message {
  if (fraction === null) return doing;
  const percent = `${Math.floor(fraction * 100)} %`;
  return left === null
    ? message('{0}, {1}', doing, percent)
    : message('{0}, {1}, {2}', doing, percent, timeLeftText(left));
}
