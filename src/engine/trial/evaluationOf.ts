import type { ByUser, EvaluationData } from '../../core/trial/evaluation.ts';
import { trialLimits } from '../../core/trial/probe.ts';
import type { TrialHide, TrialPopulation } from '../../core/trial/report.ts';
import { f64At, i32At, u32At, u8At } from '../../core/valueAt.ts';
import type { LoadedItems } from '../inputs/world/items.ts';
import type { Exposures } from './exposures.ts';
import type { UserPairs } from './trialData.ts';

/** Inputs of an evaluation. */
export interface EvaluationInput {
  readonly users: number;
  readonly items: LoadedItems;
  /** Start of the evaluated window, in microseconds: items that exist then are ranked. */
  readonly start: number;
  readonly train: UserPairs;
  readonly evaluated: UserPairs;
  /** Null if neither hiding nor GAUC needs them. */
  readonly exposures: Exposures | null;
  readonly hide: TrialHide;
  readonly isSliced: boolean;
  /** Returns true for the numbers of users that are evaluated. */
  readonly chosen?: (user: number) => boolean;
}

export interface Evaluation {
  readonly data: EvaluationData;
  /** Train positives by place in `ranked`, and by number of the item. */
  readonly popularity: Float64Array;
  readonly clicks: Float64Array;
  readonly counts: Pick<TrialPopulation, 'warmUsers' | 'corpus' | 'evalPositives' | 'invisible'>;
  /** Positives and users of the slice. */
  readonly slice: { readonly positives: number; readonly users: number };
  /** Positives of the users among their unseen exposures. */
  readonly exposedPositives: Float64Array;
}

/** Pairs of some users, user by user. */
function rangesOf({ users }: UserPairs, count: number): Uint32Array {
  const offsets = new Uint32Array(count + 1);
  for (const user of users) offsets[user + 1] = u32At(offsets, user + 1) + 1;
  for (let user = 0; user < count; user++) offsets[user + 1] = u32At(offsets, user + 1) + u32At(offsets, user);
  return offsets;
}

/** Evaluation data of all runs: users with positives in train and in eval, and the corpus at the start of eval. */
export function evaluationOf(input: EvaluationInput): Evaluation {
  const { items, start, train, evaluated, exposures, hide, chosen = () => true } = input;
  const ranked = Uint32Array.from({ length: items.count }, (_, item) => item).filter(
    (item) =>
      u8At(items.listed, item) === 1 && f64At(items.created, item) <= start && f64At(items.removed, item) > start,
  );
  const placeOf = new Int32Array(items.count).fill(-1);
  ranked.forEach((item, place) => {
    placeOf[item] = place;
  });
  const clicks = new Float64Array(items.count);
  for (const item of train.items) clicks[item] = f64At(clicks, item) + 1;
  const popularity = Float64Array.from(ranked, (item) => f64At(clicks, item));
  const ofTrain = rangesOf(train, input.users);
  const ofEval = rangesOf(evaluated, input.users);
  const ofShown = exposures ? rangesOf(exposures, input.users) : null;

  const users: number[] = [];
  const [hidden, wanted, shown, sliced] = [new Lists(), new Lists(), new Lists(), new Lists()];
  const positive: number[] = [];
  const exposedPositives: number[] = [];
  const invisible = { newUser: 0, newItem: 0, notInCorpus: 0 };
  let [evalPositives, slicePositives, sliceUsers] = [0, 0, 0];
  for (let user = 0; user < input.users; user++) {
    const own = evaluated.items.subarray(u32At(ofEval, user), u32At(ofEval, user + 1));
    if (own.length === 0) continue;
    evalPositives += own.length;
    const known = train.items.subarray(u32At(ofTrain, user), u32At(ofTrain, user + 1));
    if (known.length === 0) {
      invisible.newUser += own.length;
      continue;
    }
    const impressions = exposures && ofShown ? impressionsOf(exposures, ofShown, user) : noImpressions;
    const gone = new Set<number>(hide === 'exposed' ? [...known, ...impressions.inTrain] : known);
    const visible: number[] = [];
    for (const item of own) {
      const place = i32At(placeOf, item);
      if (f64At(clicks, item) === 0) invisible.newItem++;
      else if (place < 0 || gone.has(item)) invisible.notInCorpus++;
      else visible.push(place);
    }
    if (visible.length === 0 || !chosen(user)) continue;
    users.push(user);
    wanted.add(visible);
    hidden.add(
      [...gone]
        .map((item) => i32At(placeOf, item))
        .filter((place) => place >= 0)
        .sort((a, b) => a - b),
    );
    const random = visible.filter((place) => impressions.inSlice.has(u32At(ranked, place)));
    sliced.add(random);
    slicePositives += random.length;
    if (random.length > 0) sliceUsers++;
    const positives = new Set(own);
    const isPositive = impressions.unseen.map((item) => (positives.has(item) ? 1 : 0));
    for (const flag of isPositive) positive.push(flag);
    shown.add(impressions.unseen);
    exposedPositives.push(isPositive.filter((flag) => flag === 1).length);
  }
  return {
    data: {
      users: Uint32Array.from(users),
      ranked,
      hidden: hidden.byUser(),
      positives: wanted.byUser(),
      third: thirdsOf(popularity, wanted.byUser().numbers),
      clicked: Uint8Array.from(popularity, (count) => (count > 0 ? 1 : 0)),
      exposures: exposures ? { ...shown.byUser(), positive: Uint8Array.from(positive) } : null,
      slice: input.isSliced
        ? { positives: sliced.byUser(), length: Math.max(1, Math.round(ranked.length / trialLimits.slicePart)) }
        : null,
    },
    popularity,
    clicks,
    counts: { warmUsers: users.length, corpus: ranked.length, evalPositives, invisible },
    slice: { positives: slicePositives, users: sliceUsers },
    exposedPositives: Float64Array.from(exposedPositives),
  };
}

/** Items of the impressions of a user. */
interface UserImpressions {
  readonly inTrain: ReadonlySet<number>;
  readonly inSlice: ReadonlySet<number>;
  /** Of the evaluation window, without items of the train window; an item has an element for each impression. */
  readonly unseen: readonly number[];
}

const noImpressions: UserImpressions = { inTrain: new Set(), inSlice: new Set(), unseen: [] };

/** @param ranges offsets of the impressions of each user */
function impressionsOf({ items, ...flags }: Exposures, ranges: Uint32Array, user: number): UserImpressions {
  const [from, to] = [u32At(ranges, user), u32At(ranges, user + 1)];
  const flagged = (column: Uint8Array): number[] =>
    [...items.subarray(from, to)].filter((_, k) => column[from + k] === 1);
  const inTrain = new Set(flagged(flags.inTrain));
  return {
    inTrain,
    inSlice: new Set(flagged(flags.inSlice)),
    unseen: flagged(flags.inEval).filter((item) => !inTrain.has(item)),
  };
}

/** Places by their train positives, highest first; of equal ones the smaller first. */
export function byPopularity(popularity: Float64Array): Uint32Array {
  return Uint32Array.from(popularity, (_, place) => place).sort(
    (a, b) => f64At(popularity, b) - f64At(popularity, a) || a - b,
  );
}

/** Head, middle and tail hold a third of the evaluated positives each. */
function thirdsOf(popularity: Float64Array, wanted: Uint32Array): Uint8Array {
  const counts = new Float64Array(popularity.length);
  for (const place of wanted) counts[place] = f64At(counts, place) + 1;
  const thirds = new Uint8Array(popularity.length);
  let before = 0;
  for (const place of byPopularity(popularity)) {
    thirds[place] = Math.min(2, Math.floor((3 * before) / Math.max(1, wanted.length)));
    before += f64At(counts, place);
  }
  return thirds;
}

/** Lists of numbers, one after the other. */
class Lists {
  readonly #offsets = [0];
  readonly #numbers: number[] = [];

  add(numbers: readonly number[]): void {
    for (const number of numbers) this.#numbers.push(number);
    this.#offsets.push(this.#numbers.length);
  }

  byUser(): ByUser {
    return { offsets: Uint32Array.from(this.#offsets), numbers: Uint32Array.from(this.#numbers) };
  }
}
