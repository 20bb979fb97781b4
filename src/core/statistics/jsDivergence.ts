import { f64At } from '../valueAt.ts';

/** Weights by item, on any scale, because they are divided by their sum. No weight is negative. */
export type Weights = ArrayLike<number>;

/**
 * Jensen–Shannon divergence of two distributions, in bits: ½·KL(P‖M) + ½·KL(Q‖M) with M = (P + Q)/2 and logarithms to
 * base 2 (Lin, IEEE Trans. Inf. Theory 1991).
 * It is 0 if they are equal and 1 if no item has weight in both. Null if one of them has no weight at all.
 * The divergence of a sample of sparse ids is biased upward; the divergence of expected distributions is exact.
 * Terms are added with compensation (Neumaier), so the order of millions of items does not change the digits shown.
 */
export function jsDivergence(p: Weights, q: Weights): number | null {
  if (p.length !== q.length) throw new RangeError(`distributions over ${p.length} and ${q.length} things`);
  // With arrays of one type, the loops need no calls.
  const [ps, qs] = [doubles(p), doubles(q)];
  const [sumP, sumQ] = [total(ps), total(qs)];
  if (!(sumP > 0) || !(sumQ > 0)) return null;
  const sum = new CompensatedSum();
  for (let k = 0; k < ps.length; k++) {
    const x = f64At(ps, k) / sumP;
    const y = f64At(qs, k) / sumQ;
    const middle = (x + y) / 2;
    if (x > 0) sum.add(x * Math.log2(x / middle));
    if (y > 0) sum.add(y * Math.log2(y / middle));
  }
  return Math.min(1, Math.max(0, sum.value / 2));
}

const doubles = (weights: Weights): Float64Array =>
  weights instanceof Float64Array ? weights : Float64Array.from(weights);

function total(weights: Float64Array): number {
  const sum = new CompensatedSum();
  for (let k = 0; k < weights.length; k++) sum.add(f64At(weights, k));
  return sum.value;
}

/** A sum with little rounding error (Neumaier). */
class CompensatedSum {
  #sum = 0;
  #compensation = 0;

  get value(): number {
    return this.#sum + this.#compensation;
  }

  add(x: number): void {
    const next = this.#sum + x;
    this.#compensation += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - next + x : x - next + this.#sum;
    this.#sum = next;
  }
}
