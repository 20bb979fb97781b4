import { f64At, u32At, valueAt } from '../valueAt.ts';
import type { Interval } from './wilsonInterval.ts';
import { Z95 } from './normalQuantile.ts';

/**
 * Draws by group from one pool, whose items have the weight count^exponent. Items are given by the natural logarithm of
 * their count, which is above 0.
 */
export interface ExponentCounts {
  /** The logarithm of every item of the pool. */
  readonly items: Float64Array;
  /** By group: number of drawn rows, sum of their logarithms, and number of the user. */
  readonly rows: Float64Array;
  readonly sums: Float64Array;
  readonly users: Uint32Array;
  /** Logarithms of the items that group k cannot draw: from `starts[k]` to `starts[k + 1]`, exclusive. */
  readonly excluded: Float64Array;
  readonly starts: Uint32Array;
}

export interface FittedExponent extends Interval {
  readonly value: number;
  /** Standard error. */
  readonly error: number;
  /** Log-likelihood of the draws. */
  readonly likelihood: number;
}

/** Largest exponent. Beyond it, every draw is the most or the least popular item, so exponents cannot be told apart. */
const LARGEST = 8;
const STEPS = 50;

/**
 * The maximum likelihood exponent a over all pools, where P(item i
 * group g) = c_i^a / Σ c_j^a and j passes over the items that g can draw. The error and the 95 % interval are
 * cluster-robust by user: Var(a) = Σ_u g_u² / (Σ_u I_u)², with the score g_u and the information I_u of a user; at
 * least 1 / Σ_u I_u. Null without rows, if all counts are equal, or if the likelihood has no maximum.
 */
export function fitExponent(pools: readonly ExponentCounts[]): FittedExponent | null {
  const levels = pools.map(levelsOf);
  const scores = new Float64Array(
    1 + pools.reduce((max, { users }) => users.reduce((a, b) => Math.max(a, b), max), -1),
  );
  let a = 0;
  for (let step = 0; step < STEPS; step++) {
    const { score, information } = derivatives(pools, levels, a, scores);
    if (!(information > 0)) return null;
    const next = Math.max(-LARGEST, Math.min(LARGEST, a + Math.max(-1, Math.min(1, score / information))));
    const isDone = Math.abs(next - a) < 1e-10;
    a = next;
    if (isDone) break;
  }
  if (Math.abs(a) === LARGEST) return null;
  const { information, squares, likelihood } = derivatives(pools, levels, a, scores);
  const error = Math.sqrt(Math.max(squares / (information * information), 1 / information));
  return { value: a, error, low: a - Z95 * error, high: a + Z95 * error, likelihood };
}

/** The different logarithms and their numbers of items. There are few of them, so weights are computed by level. */
interface Levels {
  readonly logs: Float64Array;
  readonly sizes: Float64Array;
  readonly largest: number;
  /** The level of each excluded item. */
  readonly excluded: Uint32Array;
}

function levelsOf({ items, excluded }: ExponentCounts): Levels {
  const levels = new Map<number, number>();
  const levelsOfLogs = (logs: Float64Array): Uint32Array => {
    const numbers = new Uint32Array(logs.length);
    for (let k = 0; k < logs.length; k++) {
      const log = f64At(logs, k);
      let level = levels.get(log);
      if (level === undefined) levels.set(log, (level = levels.size));
      numbers[k] = level;
    }
    return numbers;
  };
  const itemLevels = levelsOfLogs(items);
  const largest = items.reduce((a, b) => Math.max(a, b), -Infinity);
  const excludedLevels = levelsOfLogs(excluded);
  const sizes = new Float64Array(levels.size);
  for (const level of itemLevels) sizes[level] = f64At(sizes, level) + 1;
  return { logs: Float64Array.from(levels.keys()), sizes, largest, excluded: excludedLevels };
}

interface Derivatives {
  readonly likelihood: number;
  readonly score: number;
  readonly information: number;
  /** Sum of the squared scores of the users. */
  readonly squares: number;
}

/** The log-likelihood, and its first and second derivative by a. `scores`: buffer with a score for each user. */
function derivatives(
  pools: readonly ExponentCounts[],
  levels: readonly Levels[],
  a: number,
  scores: Float64Array,
): Derivatives {
  scores.fill(0);
  let [information, likelihood] = [0, 0];
  for (const [k, pool] of pools.entries()) {
    const poolTerms = addPool(pool, valueAt(levels, k), a, scores);
    information += poolTerms.information;
    likelihood += poolTerms.likelihood;
  }
  let [score, squares] = [0, 0];
  for (const userScore of scores) {
    score += userScore;
    squares += userScore * userScore;
  }
  return { likelihood, score, information, squares };
}

/** Adds the scores of the groups of a pool to the scores of their users. */
function addPool(
  { rows, sums, users, starts }: ExponentCounts,
  { logs, sizes, largest, excluded }: Levels,
  a: number,
  scores: Float64Array,
): Pick<Derivatives, 'information' | 'likelihood'> {
  // Moments of the weights, relative to the largest weight for a ≥ 0.
  let [total, first, second] = [0, 0, 0];
  const weights = new Float64Array(logs.length);
  for (let k = 0; k < logs.length; k++) {
    const x = f64At(logs, k) - largest;
    const itemWeight = Math.exp(a * x);
    weights[k] = itemWeight;
    const weight = f64At(sizes, k) * itemWeight;
    total += weight;
    first += weight * x;
    second += weight * x * x;
  }
  let [information, likelihood] = [0, 0];
  for (let group = 0; group < rows.length; group++) {
    const n = f64At(rows, group);
    if (n === 0) continue;
    let [w, w1, w2] = [total, first, second];
    for (let k = u32At(starts, group); k < u32At(starts, group + 1); k++) {
      const level = u32At(excluded, k);
      const x = f64At(logs, level) - largest;
      const weight = f64At(weights, level);
      w -= weight;
      w1 -= weight * x;
      w2 -= weight * x * x;
    }
    if (!(w > total * 1e-12)) continue;
    const mean = w1 / w;
    const user = u32At(users, group);
    scores[user] = f64At(scores, user) + f64At(sums, group) - n * largest - n * mean;
    information += n * Math.max(0, w2 / w - mean * mean);
    likelihood += a * (f64At(sums, group) - n * largest) - n * Math.log(w);
  }
  return { information, likelihood };
}
