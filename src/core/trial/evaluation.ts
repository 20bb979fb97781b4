import { f64At, u32At, u8At, valueAt } from '../valueAt.ts';
import { trialLimits } from './probe.ts';

/** A list of numbers for each evaluated user. The list of user k: numbers[offsets[k]] … numbers[offsets[k + 1] − 1]. */
export interface ByUser {
  readonly offsets: Uint32Array;
  readonly numbers: Uint32Array;
}

/** The numbers of one user. */
const numbersOf = ({ offsets, numbers }: ByUser, user: number): Uint32Array =>
  numbers.subarray(u32At(offsets, user), u32At(offsets, user + 1));

/** The data that every run of a trial is evaluated on. A place is an index in `ranked`. */
export interface EvaluationData {
  /** Numbers of the evaluated users, ascending. */
  readonly users: Uint32Array;
  /** Numbers of the items that can be recommended, ascending. */
  readonly ranked: Uint32Array;
  /** Places that are removed from the ranking of a user, ascending. */
  readonly hidden: ByUser;
  /** Places of the positives of a user, distinct and not hidden. At least one for each user. */
  readonly positives: ByUser;
  /** By place: 0 head, 1 middle, 2 tail. */
  readonly third: Uint8Array;
  /** By place: 1 if the item has a positive in train. */
  readonly clicked: Uint8Array;
  /** Exposed items of a user that were not exposed in train, and 1 for positives; null: GAUC is not measured. */
  readonly exposures: (ByUser & { readonly positive: Uint8Array }) | null;
  /** Positives of the slice of `--eval-where`, as places, and the length of its lists; null without `--eval-where`. */
  readonly slice: { readonly positives: ByUser; readonly length: number } | null;
}

export const userMetrics = [
  'ndcg',
  'recall_20',
  'recall_100',
  'recall_head',
  'recall_middle',
  'recall_tail',
  'mrr',
  'head_share',
  'never_clicked',
  'never_trained',
  'gauc',
  'slice_recall',
] as const;
export type UserMetric = (typeof userMetrics)[number];

/** The values of one run. NaN: the metric is not defined for the user. */
export interface RunMetrics {
  readonly byUser: Readonly<Record<UserMetric, Float64Array>>;
  readonly coverage: number;
  readonly gini: number;
}

/** Length of the longest list that the metrics need. */
export function longestList({ ranked }: EvaluationData): number {
  return Math.max(1, Math.min(ranked.length, trialLimits.longList));
}

/** Collects the metrics of a run, user by user. Recall@K: hits ÷ the smaller of K and the number of positives. */
export class MetricCollector {
  readonly #byUser: Record<UserMetric, Float64Array>;
  /** Number of lists that contain an item, by place. */
  readonly #listCounts: Float64Array;
  readonly #positivesByThird = new Float64Array(3);
  readonly #hitsByThird = new Float64Array(3);

  /** @param trained by place: 1 if a training row has the item; null: nothing was trained */
  constructor(
    private readonly data: EvaluationData,
    private readonly trained: Uint8Array | null,
  ) {
    const empty = (): Float64Array => new Float64Array(data.users.length).fill(NaN);
    this.#byUser = Object.fromEntries(userMetrics.map((name) => [name, empty()])) as Record<UserMetric, Float64Array>;
    this.#listCounts = new Float64Array(data.ranked.length);
  }

  /**
   * Adds the ranking of a user.
   * @param places highest score first; `longestList` of them, or fewer if the user has fewer visible items
   * @param rank rank of the best positive, from 0
   * @param sliceRanks ranks of the positives of the slice, from 0
   */
  add(user: number, places: Uint32Array, rank: number, sliceRanks: readonly number[]): void {
    const { positives: positivesByUser, third, clicked, slice } = this.data;
    const { list, longList } = trialLimits;
    const positives = numbersOf(positivesByUser, user);
    const positiveSet = new Set(positives);
    let gain = 0;
    let [hits, longHits, head, unclicked, untrained] = [0, 0, 0, 0, 0];
    this.#hitsByThird.fill(0);
    this.#positivesByThird.fill(0);
    for (const place of positives) this.#addToThird(this.#positivesByThird, place);
    for (let k = 0; k < Math.min(places.length, longList); k++) {
      const place = u32At(places, k);
      const isHit = positiveSet.has(place);
      if (isHit) {
        longHits++;
        this.#addToThird(this.#hitsByThird, place);
      }
      if (k >= list) continue;
      if (isHit) {
        hits++;
        gain += gainAt(k);
      }
      if (third[place] === 0) head++;
      if (clicked[place] === 0) unclicked++;
      if (this.trained?.[place] === 0) untrained++;
      this.#listCounts[place] = f64At(this.#listCounts, place) + 1;
    }
    const listLength = Math.max(1, Math.min(places.length, list));
    const setMetric = (name: UserMetric, value: number): void => {
      this.#byUser[name][user] = value;
    };
    setMetric('ndcg', gain / bestGain(Math.min(positives.length, list)));
    setMetric('recall_20', hits / Math.min(positives.length, list));
    setMetric('recall_100', longHits / Math.min(positives.length, longList));
    (['recall_head', 'recall_middle', 'recall_tail'] as const).forEach((name, k) => {
      const positivesInThird = f64At(this.#positivesByThird, k);
      if (positivesInThird > 0) setMetric(name, f64At(this.#hitsByThird, k) / Math.min(positivesInThird, longList));
    });
    setMetric('mrr', 1 / (rank + 1));
    setMetric('head_share', head / listLength);
    setMetric('never_clicked', unclicked / listLength);
    if (this.trained) setMetric('never_trained', untrained / listLength);
    if (slice) setMetric('slice_recall', sliceRecall(slice, sliceRanks));
  }

  /** Adds the scores of the exposures of a user, in the order of `exposures`. */
  addExposures(user: number, scores: Float64Array): void {
    const { exposures } = this.data;
    if (!exposures) return;
    const from = u32At(exposures.offsets, user);
    this.#byUser.gauc[user] = auc(scores, exposures.positive.subarray(from, u32At(exposures.offsets, user + 1)));
  }

  metrics(): RunMetrics {
    return { byUser: this.#byUser, ...listShape(this.#listCounts) };
  }

  #addToThird(counts: Float64Array, place: number): void {
    const third = u8At(this.data.third, place);
    counts[third] = f64At(counts, third) + 1;
  }
}

/** Uses ranks, not lists, because a list of a slice can have thousands of items. */
function sliceRecall({ length }: NonNullable<EvaluationData['slice']>, ranks: readonly number[]): number {
  if (ranks.length === 0) return NaN;
  return ranks.filter((rank) => rank < length).length / Math.min(ranks.length, length);
}

/** Places of the positives of a user in the slice; empty without a slice. */
export function sliceOf({ slice }: EvaluationData, user: number): Uint32Array {
  return slice ? numbersOf(slice.positives, user) : new Uint32Array(0);
}

/**
 * 1/log2(k + 2) for the rank k. Constants, because a computed logarithm may differ between machines in its last bit.
 */
const gains: readonly number[] = [
  1, 0.6309297535714575, 0.5, 0.43067655807339306, 0.38685280723454163, 0.3562071871080222, 0.3333333333333333,
  0.31546487678572877, 0.3010299956639812, 0.2890648263178879, 0.27894294565112987, 0.27023815442731974,
  0.26264953503719357, 0.2559580248098155, 0.25, 0.24465054211822604, 0.23981246656813146, 0.23540891336663824,
  0.23137821315975915, 0.227670248696953,
];

function gainAt(rank: number): number {
  return valueAt(gains, rank);
}

/**
 * NDCG of a list.
 * @param ranks of the positives in it, from 0, ascending
 * @param positives number of all positives of the user
 */
export function ndcgOf(ranks: readonly number[], positives: number): number {
  return ranks.reduce((sum, rank) => sum + gainAt(rank), 0) / bestGain(Math.min(positives, trialLimits.list));
}

/** The DCG of a list that begins with all positives. */
function bestGain(positives: number): number {
  let sum = 0;
  for (let k = 0; k < positives; k++) sum += gainAt(k);
  return sum;
}

/**
 * Probability that a positive has a higher score than a negative; equal scores count half. NaN if there is no positive
 * or no negative, or if a score is NaN.
 */
export function auc(scores: Float64Array, positive: Uint8Array): number {
  if (scores.some((score) => Number.isNaN(score))) return NaN;
  const order = Uint32Array.from({ length: scores.length }, (_, k) => k);
  order.sort((a, b) => f64At(scores, a) - f64At(scores, b) || a - b);
  let [negatives, positives, sum] = [0, 0, 0];
  for (let from = 0, to = 0; from < order.length; from = to) {
    let [equalPositives, equalNegatives] = [0, 0];
    const score = f64At(scores, u32At(order, from));
    for (; to < order.length && f64At(scores, u32At(order, to)) === score; to++) {
      if (positive[u32At(order, to)] === 1) equalPositives++;
      else equalNegatives++;
    }
    sum += equalPositives * (negatives + equalNegatives / 2);
    positives += equalPositives;
    negatives += equalNegatives;
  }
  return positives === 0 || negatives === 0 ? NaN : sum / (positives * negatives);
}

/** Coverage and Gini coefficient of the lists. Gini: 0 if all items are listed equally often, near 1 if few are. */
function listShape(listCounts: Float64Array): Pick<RunMetrics, 'coverage' | 'gini'> {
  const sorted = listCounts.slice().sort();
  let [total, weighted, covered] = [0, 0, 0];
  sorted.forEach((count, k) => {
    total += count;
    weighted += (2 * (k + 1) - sorted.length - 1) * count;
    if (count > 0) covered++;
  });
  return {
    coverage: sorted.length === 0 ? 0 : covered / sorted.length,
    gini: total === 0 ? 0 : weighted / (sorted.length * total),
  };
}

/** The metrics if every user gets the same order of places, highest first: the popularity baseline. */
export function rankedAlike(data: EvaluationData, order: Uint32Array, scores: Float64Array): RunMetrics {
  const collector = new MetricCollector(data, null);
  const longest = longestList(data);
  const rankOf = new Uint32Array(order.length);
  order.forEach((place, rank) => {
    rankOf[place] = rank;
  });
  for (let user = 0; user < data.users.length; user++) {
    const hidden = numbersOf(data.hidden, user);
    const hiddenPlaces = new Set(hidden);
    const places: number[] = [];
    for (let k = 0; k < order.length && places.length < longest; k++) {
      const place = u32At(order, k);
      if (!hiddenPlaces.has(place)) places.push(place);
    }
    const bestRank = numbersOf(data.positives, user).reduce(
      (best, place) => Math.min(best, u32At(rankOf, place)),
      Infinity,
    );
    const visibleRank = (rank: number): number =>
      rank - hidden.reduce((sum, place) => sum + (u32At(rankOf, place) < rank ? 1 : 0), 0);
    const sliceRanks = Array.from(sliceOf(data, user), (place) => visibleRank(u32At(rankOf, place)));
    collector.add(user, Uint32Array.from(places), visibleRank(bestRank), sliceRanks);
    const { exposures } = data;
    if (exposures) {
      const itemScores = Float64Array.from(numbersOf(exposures, user), (item) => f64At(scores, item));
      collector.addExposures(user, itemScores);
    }
  }
  return collector.metrics();
}
