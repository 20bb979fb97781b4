import { message, type Message } from '../message/message.ts';

interface Mark {
  /** Milliseconds of a monotonic clock. */
  readonly milliseconds: number;
  readonly fraction: number;
}

/** No estimate before a job has run this long and progressed this far, because the first steps say little. */
const SHORTEST = 2_000;
const MIN_FRACTION = 0.02;
/** The pace is measured over the later part of the job, so that a slow start does not count forever. */
const RECENT = 0.5;
/** Approximate maximum of marks in that part, because there may be thousands of steps per second. */
const MARKS = 100;

/** Estimates the remaining time of a job from its progress over time. The caller supplies the clock. */
export class TimeLeft {
  #marks: Mark[] = [];

  /**
   * @param fraction completed part of the job, from 0 to 1; null if unknown. The estimate starts with the first known
   *   one
   * @param now milliseconds of a monotonic clock
   * @returns milliseconds; null if there is no estimate, or not yet
   */
  estimate(fraction: number | null, now: number): number | null {
    if (fraction === null) return null;
    const last = this.#marks.at(-1);
    // Another job began, or a step of this one restarted its count.
    if (last === undefined || fraction < last.fraction) this.#marks = [{ milliseconds: now, fraction }];
    const [first] = this.#marks;
    if (first === undefined || now - first.milliseconds < SHORTEST || fraction - first.fraction < MIN_FRACTION)
      return null;
    const recentDuration = (now - first.milliseconds) * RECENT;
    const since = this.#marks.findLast(({ milliseconds }) => now - milliseconds >= recentDuration) ?? first;
    // The first mark is kept: it gives the start of the job.
    this.#marks = [first, ...this.#marks.filter((mark) => mark !== first && mark.milliseconds >= since.milliseconds)];
    if (last !== undefined && now - last.milliseconds >= recentDuration / MARKS)
      this.#marks.push({ milliseconds: now, fraction });
    const [gone, done] = [now - since.milliseconds, fraction - since.fraction];
    return done <= 0 ? null : (gone * (1 - fraction)) / done;
  }
}

/** `12 s left`, rounded so that it does not change with every step. */
export function timeLeftText(milliseconds: number): Message {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds <= 10) return message('{0} s left', seconds);
  if (seconds <= 60) return message('{0} s left', Math.ceil(seconds / 5) * 5);
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90
    ? message('{0} min left', minutes)
    : message('{0} h {1} min left', Math.floor(minutes / 60), minutes % 60);
}

/** `Drawing, 43 %, 12 s left`: the activity, the progress and the remaining time, if known. */
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
