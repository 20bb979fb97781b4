// Counts the rows by log q, and the refused attempts.
import { BINS, TALLY, bins, refusals, tallies } from './poolDrawBatch';

/** Same value as in `qTally.ts`, like `MILLIONTHS` and `BINS`. */
const PER_NAT: f64 = 2;
export const MILLIONTHS: f64 = 1e6;

/** Index of the bin of a log q. */
export function binOf(value: f64): u32 {
  const halves = -value * PER_NAT;
  return halves < <f64>BINS ? (halves > 0 ? <u32>halves : 0) : BINS - 1;
}

/** Counts the mixed log q of a positive. */
export function tallyPositive(value: f64): void {
  const to = tallies + 8 * TALLY;
  store<f64>(to, load<f64>(to) + 1);
  store<f64>(to, load<f64>(to, 8) + Math.floor(value * MILLIONTHS + 0.5), 8);
  store<f64>(to, min(load<f64>(to, 16), value), 16);
  store<f64>(to, max(load<f64>(to, 24), value), 24);
  const bin = bins + ((<usize>(BINS + binOf(value))) << 2);
  store<u32>(bin, load<u32>(bin) + 1);
}

export function refuse(reason: u32): void {
  const counter = refusals + ((<usize>reason) << 3);
  store<f64>(counter, load<f64>(counter) + 1);
}
