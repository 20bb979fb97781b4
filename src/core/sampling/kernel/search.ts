import { f64At, u32At } from '../../valueAt.ts';

/** Index of a value in ascending values[from … to); -1 if it is not there. */
export function indexIn(values: Uint32Array, from: number, to: number, value: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (u32At(values, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low < to && values[low] === value ? low : -1;
}

/** Number of ascending times that are at or before `time`. */
export function countUpTo(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (f64At(times, middle) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The user that a group belongs to, from the offsets of the users' groups. */
export function userOf(offsets: Uint32Array, group: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (u32At(offsets, middle) <= group) low = middle;
    else high = middle;
  }
  return low;
}
