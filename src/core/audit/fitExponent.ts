import { f64At, u32At } from '../valueAt.ts';
import type { Interval } from './wilsonInterval.ts';
import { Z95 } from './normalQuantile.ts';

/** Draws of items with the weight count^exponent, by user. All values are natural logarithms of counts above 0. */
export interface ExponentCounts {
  /** Of every item that can be drawn. */
  readonly items: Float64Array;
  /** By user: drawn rows, and the sum of their logarithms. */
  readonly rows: Float64Array;
  readonly sums: Float64Array;
  /** Of the items that user k cannot draw: from `starts[k]` to `starts[k + 1]`, exclusive. No drawn row is one of them. */
  readonly excluded: Float64Array;
  readonly starts: Uint32Array;
}

export interface FittedExponent extends Interval {
  readonly value: number;
}

/** Beyond, every draw is the most popular or the least popular item, and no exponent can be told from a larger one. */
const LARGEST = 8;
const STEPS = 50;

/**
 * The exponent a of draws with P(item i | user u) = c_i^a / Σ c_j^a, where j passes over the items that u can draw, by
 * maximum likelihood. The 95 % interval is cluster-robust by user: Var(a) = Σ_u g_u² / (Σ_u I_u)², with the score g_u and
 * the information I_u of a user; never less than 1 / Σ_u I_u. Null without rows, if all counts are equal, or if the
 * likelihood has no maximum.
 */
export function fitExponent(counts: ExponentCounts): FittedExponent | null {
  const levels = levelsOf(counts.items);
  let a = 0;
  for (let step = 0; step < STEPS; step++) {
    const { score, information } = derivatives(counts, levels, a);
    if (!(information > 0)) return null;
    const next = Math.max(-LARGEST, Math.min(LARGEST, a + Math.max(-1, Math.min(1, score / information))));
    const isDone = Math.abs(next - a) < 1e-10;
    a = next;
    if (isDone) break;
  }
  if (Math.abs(a) === LARGEST) return null;
  const { information, squares } = derivatives(counts, levels, a);
  const half = Z95 * Math.sqrt(Math.max(squares / (information * information), 1 / information));
  return { value: a, low: a - half, high: a + half };
}

/** Different logarithms with their number of items. */
interface Levels {
  readonly logs: Float64Array;
  readonly sizes: Float64Array;
  readonly largest: number;
}

function levelsOf(items: Float64Array): Levels {
  const sizes = new Map<number, number>();
  for (const log of items) sizes.set(log, (sizes.get(log) ?? 0) + 1);
  const logs = Float64Array.from(sizes.keys());
  return { logs, sizes: Float64Array.from(sizes.values()), largest: logs.reduce((a, b) => Math.max(a, b), -Infinity) };
}

/** First and second derivative of the log-likelihood, and the sum of the squared scores of the users. */
function derivatives(
  { rows, sums, excluded, starts }: ExponentCounts,
  { logs, sizes, largest }: Levels,
  a: number,
): { readonly score: number; readonly information: number; readonly squares: number } {
  // Moments of the weights, relative to the largest weight for a ≥ 0.
  let [all, first, second] = [0, 0, 0];
  for (let k = 0; k < logs.length; k++) {
    const x = f64At(logs, k) - largest;
    const weight = f64At(sizes, k) * Math.exp(a * x);
    all += weight;
    first += weight * x;
    second += weight * x * x;
  }
  let [score, information, squares] = [0, 0, 0];
  for (let user = 0; user < rows.length; user++) {
    const n = f64At(rows, user);
    if (n === 0) continue;
    let [w, w1, w2] = [all, first, second];
    for (let k = u32At(starts, user); k < u32At(starts, user + 1); k++) {
      const x = f64At(excluded, k) - largest;
      const weight = Math.exp(a * x);
      w -= weight;
      w1 -= weight * x;
      w2 -= weight * x * x;
    }
    if (!(w > all * 1e-12)) continue;
    const mean = w1 / w;
    const own = f64At(sums, user) - n * largest - n * mean;
    score += own;
    squares += own * own;
    information += n * Math.max(0, w2 / w - mean * mean);
  }
  return { score, information, squares };
}
