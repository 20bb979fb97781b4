import { f64At, u32At, u8At, valueAt } from '../valueAt.ts';
import { trialLimits } from './probe.ts';

/** Numbers of each evaluated user: those of user k are offsets[k] … offsets[k + 1] − 1. */
export interface ByUser {
  readonly offsets: Uint32Array;
  readonly numbers: Uint32Array;
}

/** What every run of a trial is evaluated on. A place is the place of an item in `ranked`. */
export interface EvaluationData {
  /** Numbers of the evaluated users, ascending. */
  readonly users: Uint32Array;
  /** Numbers of the items that can be recommended, ascending. */
  readonly ranked: Uint32Array;
  /** Places that are taken out of the ranking of a user, ascending. */
  readonly hidden: ByUser;
  /** Places of the positives of a user, distinct and not hidden. At least one for each user. */
  readonly wanted: ByUser;
  /** By place: 0 head, 1 middle, 2 tail. */
  readonly third: Uint8Array;
  /** By place: 1 if the item has a positive in train. */
  readonly clicked: Uint8Array;
  /** Items of the exposures of a user that were not shown in train, with 1 for positives; null: not measured. */
  readonly exposures: (ByUser & { readonly positive: Uint8Array }) | null;
  /** Places of the positives of the slice of `--eval-where`, and the length of its lists; null without it. */
  readonly slice: { readonly wanted: ByUser; readonly length: number } | null;
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

/** The values of one run. NaN: not defined for the user. */
export interface RunMetrics {
  readonly byUser: Readonly<Record<UserMetric, Float64Array>>;
  readonly coverage: number;
  readonly gini: number;
}

/** The length of the lists that an evaluation needs. */
export function longestList({ ranked }: EvaluationData): number {
  return Math.max(1, Math.min(ranked.length, trialLimits.longList));
}

/** Collects the metrics of a run, user by user. Recall: hits over the smaller of K and the number of positives. */
export class MetricCollector {
  readonly #byUser: Record<UserMetric, Float64Array>;
  /** How often each place is in a list. */
  readonly #listed: Float64Array;
  readonly #ofThird = new Float64Array(3);
  readonly #hits = new Float64Array(3);

  /** @param trained by place: 1 if a row that was trained on has the item; null: nothing was trained */
  constructor(
    private readonly data: EvaluationData,
    private readonly trained: Uint8Array | null,
  ) {
    const empty = (): Float64Array => new Float64Array(data.users.length).fill(NaN);
    this.#byUser = Object.fromEntries(userMetrics.map((name) => [name, empty()])) as Record<UserMetric, Float64Array>;
    this.#listed = new Float64Array(data.ranked.length);
  }

  /**
   * Adds the ranking of a user.
   * @param places highest score first, as long as `longestList`, or shorter if fewer items are left
   * @param rank of the best positive, from 0
   * @param sliceRanks of the positives of the slice
   */
  add(user: number, places: Uint32Array, rank: number, sliceRanks: readonly number[]): void {
    const { wanted, third, clicked, slice } = this.data;
    const { list, longList } = trialLimits;
    const own = wanted.numbers.subarray(u32At(wanted.offsets, user), u32At(wanted.offsets, user + 1));
    const positives = new Set(own);
    let gain = 0;
    let [short, long, head, unclicked, untrained] = [0, 0, 0, 0, 0];
    this.#hits.fill(0);
    this.#ofThird.fill(0);
    for (const place of own) this.#count(this.#ofThird, place);
    for (let k = 0; k < Math.min(places.length, longList); k++) {
      const place = u32At(places, k);
      const isHit = positives.has(place);
      if (isHit) {
        long++;
        this.#count(this.#hits, place);
      }
      if (k >= list) continue;
      if (isHit) {
        short++;
        gain += gainAt(k);
      }
      if (third[place] === 0) head++;
      if (clicked[place] === 0) unclicked++;
      if (this.trained?.[place] === 0) untrained++;
      this.#listed[place] = f64At(this.#listed, place) + 1;
    }
    const shown = Math.max(1, Math.min(places.length, list));
    const set = (name: UserMetric, value: number): void => {
      this.#byUser[name][user] = value;
    };
    set('ndcg', gain / bestGain(Math.min(own.length, list)));
    set('recall_20', short / Math.min(own.length, list));
    set('recall_100', long / Math.min(own.length, longList));
    (['recall_head', 'recall_middle', 'recall_tail'] as const).forEach((name, k) => {
      const positivesOf = f64At(this.#ofThird, k);
      if (positivesOf > 0) set(name, f64At(this.#hits, k) / Math.min(positivesOf, longList));
    });
    set('mrr', 1 / (rank + 1));
    set('head_share', head / shown);
    set('never_clicked', unclicked / shown);
    if (this.trained) set('never_trained', untrained / shown);
    if (slice) set('slice_recall', sliceRecall(slice, sliceRanks));
  }

  /** Adds the scores of the exposures of a user, in the order of `exposures`. */
  addExposures(user: number, scores: Float64Array): void {
    const { exposures } = this.data;
    if (!exposures) return;
    const from = u32At(exposures.offsets, user);
    this.#byUser.gauc[user] = auc(scores, exposures.positive.subarray(from, u32At(exposures.offsets, user + 1)));
  }

  metrics(): RunMetrics {
    return { byUser: this.#byUser, ...listShape(this.#listed) };
  }

  #count(counts: Float64Array, place: number): void {
    const third = u8At(this.data.third, place);
    counts[third] = f64At(counts, third) + 1;
  }
}

/** By ranks, since the lists of a slice can be thousands of items long. */
function sliceRecall({ length }: NonNullable<EvaluationData['slice']>, ranks: readonly number[]): number {
  if (ranks.length === 0) return NaN;
  return ranks.filter((rank) => rank < length).length / Math.min(ranks.length, length);
}

/** Places of the positives of a user in the slice; none without a slice. */
export function sliceOf({ slice }: EvaluationData, user: number): Uint32Array {
  if (!slice) return new Uint32Array(0);
  const { offsets, numbers } = slice.wanted;
  return numbers.subarray(u32At(offsets, user), u32At(offsets, user + 1));
}

/**
 * 1/log2(k + 2) for the first places. As texts of numbers, because a logarithm may differ in its last bit between
 * machines.
 */
const gains: readonly number[] = [
  1, 0.6309297535714575, 0.5, 0.43067655807339306, 0.38685280723454163, 0.3562071871080222, 0.3333333333333333,
  0.31546487678572877, 0.3010299956639812, 0.2890648263178879, 0.27894294565112987, 0.27023815442731974,
  0.26264953503719357, 0.2559580248098155, 0.25, 0.24465054211822604, 0.23981246656813146, 0.23540891336663824,
  0.23137821315975915, 0.227670248696953,
];

function gainAt(place: number): number {
  return valueAt(gains, place);
}

/**
 * NDCG of a list.
 * @param ranks of the positives in it, from 0, ascending
 * @param positives number of all positives of the user
 */
export function ndcgOf(ranks: readonly number[], positives: number): number {
  return ranks.reduce((sum, rank) => sum + gainAt(rank), 0) / bestGain(Math.min(positives, trialLimits.list));
}

/** The gain of a list whose first items are all positives. */
function bestGain(positives: number): number {
  let sum = 0;
  for (let k = 0; k < positives; k++) sum += gainAt(k);
  return sum;
}

/**
 * The chance that a positive has a higher score than a negative; half for equal scores. NaN without one of them, or if a
 * score is not a number.
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

/** Coverage and Gini coefficient of how often each item is listed: 0 if all equally often, near 1 if one alone is. */
function listShape(listed: Float64Array): Pick<RunMetrics, 'coverage' | 'gini'> {
  const sorted = listed.slice().sort();
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

/** The metrics of a ranking of all users by one order of places, highest first: the popularity baseline. */
export function rankedAlike(data: EvaluationData, order: Uint32Array, scores: Float64Array): RunMetrics {
  const collector = new MetricCollector(data, null);
  const longest = longestList(data);
  const rankOf = new Uint32Array(order.length);
  order.forEach((place, rank) => {
    rankOf[place] = rank;
  });
  for (let user = 0; user < data.users.length; user++) {
    const hidden = data.hidden.numbers.subarray(u32At(data.hidden.offsets, user), u32At(data.hidden.offsets, user + 1));
    const gone = new Set(hidden);
    const places: number[] = [];
    for (let k = 0; k < order.length && places.length < longest; k++) {
      const place = u32At(order, k);
      if (!gone.has(place)) places.push(place);
    }
    let best = Infinity;
    for (let k = u32At(data.wanted.offsets, user); k < u32At(data.wanted.offsets, user + 1); k++)
      best = Math.min(best, u32At(rankOf, u32At(data.wanted.numbers, k)));
    const shownRank = (rank: number): number =>
      rank - hidden.reduce((sum, place) => sum + (u32At(rankOf, place) < rank ? 1 : 0), 0);
    const sliceRanks = Array.from(sliceOf(data, user), (place) => shownRank(u32At(rankOf, place)));
    collector.add(user, Uint32Array.from(places), shownRank(best), sliceRanks);
    const { exposures } = data;
    if (exposures) {
      const own = exposures.numbers.subarray(u32At(exposures.offsets, user), u32At(exposures.offsets, user + 1));
      collector.addExposures(
        user,
        Float64Array.from(own, (item) => f64At(scores, item)),
      );
    }
  }
  return collector.metrics();
}
