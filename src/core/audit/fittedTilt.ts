import { f64At } from '../valueAt.ts';

/** Draws from one table of weights. */
export interface TiltedDraws {
  /** Expected draws by item. */
  readonly expected: Float64Array;
  /** Log of the count by item. */
  readonly logs: Float64Array;
  readonly draws: number;
  /** Sum of the logs of the drawn items. */
  readonly observed: number;
}

export interface FittedTilt {
  /** To be added to the exponent of the weights. */
  readonly tilt: number;
  /** Standard error. */
  readonly error: number;
}

const MOST = 4;
const STEPS = 60;

/**
 * The most likely δ if items are drawn with chances proportional to expected · count^δ (an exponential family, so the
 * likelihood has one maximum: where the mean log of the counts is the observed one). Null if the counts do not differ, or
 * if δ would be beyond ±4.
 */
export function fittedTilt(tables: readonly TiltedDraws[]): FittedTilt | null {
  const observed = tables.reduce((sum, table) => sum + table.observed, 0);
  let [low, high] = [-MOST, MOST];
  if (momentsOf(tables, low).mean > observed || momentsOf(tables, high).mean < observed) return null;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (momentsOf(tables, middle).mean < observed) low = middle;
    else high = middle;
  }
  const tilt = (low + high) / 2;
  const { variance } = momentsOf(tables, tilt);
  return variance > 0 ? { tilt, error: 1 / Math.sqrt(variance) } : null;
}

/** Mean and variance of the sum of the logs of all draws. */
function momentsOf(tables: readonly TiltedDraws[], tilt: number): { readonly mean: number; readonly variance: number } {
  let [mean, variance] = [0, 0];
  for (const { expected, logs, draws } of tables) {
    let [mass, first, second] = [0, 0, 0];
    for (let k = 0; k < expected.length; k++) {
      const log = f64At(logs, k);
      const weight = f64At(expected, k) * Math.exp(tilt * log);
      mass += weight;
      first += weight * log;
      second += weight * log * log;
    }
    if (mass <= 0) continue;
    mean += (draws * first) / mass;
    variance += draws * Math.max(0, second / mass - (first / mass) ** 2);
  }
  return { mean, variance };
}
