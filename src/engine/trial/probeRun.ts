import {
  longestList,
  MetricCollector,
  ndcgOf,
  sliceOf,
  type EvaluationData,
  type RunMetrics,
} from '../../core/trial/evaluation.ts';
import { probe, trialLimits, type ProbeSettings, type TrialGroups } from '../../core/trial/probe.ts';
import { f32At, u32At, u8At, valueAt } from '../../core/valueAt.ts';
import { ProbeModel } from './probeModel.ts';
import { rankedTogether, type ProbeRanking, type RankedUser } from './probeRanking.ts';

/** One run: a config with one seed. Plain values, so that a thread can get it. */
export interface ProbeJob {
  readonly groups: TrialGroups;
  readonly settings: ProbeSettings;
  /** Two words for each user and each item. */
  readonly users: Uint32Array;
  readonly items: Uint32Array;
  /** After how many epochs the model is evaluated, ascending. Training ends with the last. */
  readonly epochs: readonly number[];
  readonly evaluation: EvaluationData;
  /** NDCG alone takes a fraction of the time of all metrics. */
  readonly measures: 'ndcg' | 'all';
}

export interface ProbeResult {
  /** Mean loss of a group, by epoch from 1. */
  readonly loss: readonly number[];
  /** By element of `epochs`; empty if NDCG alone is measured. */
  readonly metrics: readonly RunMetrics[];
  /** By element of `epochs`, then by evaluated user; empty if all metrics are measured. */
  readonly ndcg: readonly Float64Array[];
}

/** Groups that are trained on before other tasks may run. */
const MAX_GROUPS = 20_000;

/** Trains and evaluates a run step by step. Yields the part that is done, from 0 to 1. */
export function* probeRun(job: ProbeJob): Generator<number, ProbeResult, void> {
  const { groups, settings, epochs, evaluation, measures } = job;
  const model = new ProbeModel(groups, settings, job.users, job.items);
  const ranking = model.ranking(evaluation.ranked, longestList(evaluation));
  const trained = trainedPlaces(groups, job.items.length / 2, evaluation);
  const last = Math.max(...epochs);
  const batch = settings.inBatch?.size ?? 1;
  const step = Math.max(batch, MAX_GROUPS - (MAX_GROUPS % batch));
  const loss: number[] = [];
  const metrics: RunMetrics[] = [];
  const ndcg: Float64Array[] = [];
  for (let epoch = 1; epoch <= last; epoch++) {
    model.startEpoch(epoch);
    let sum = 0;
    for (let from = 0; from < groups.count; from += step) {
      sum += model.train(from, Math.min(groups.count, from + step));
      yield (epoch - 1) / last;
    }
    // Scores that are not numbers would be ranked first.
    if (!Number.isFinite(sum)) throw new Error(`Epoch ${epoch} of ${settings.seed}: the loss is not a number`);
    loss.push(groups.count === 0 ? 0 : sum / groups.count);
    if (!epochs.includes(epoch)) continue;
    if (measures === 'all') {
      const measured = evaluated(model, ranking, evaluation, trained);
      for (const done of measured) {
        if (done) metrics.push(done);
        yield epoch / last;
      }
    } else {
      const own = new Float64Array(evaluation.users.length);
      for (let first = 0; first < own.length; first += rankedTogether) {
        writeNdcg(ranking, evaluation, first, own);
        yield epoch / last;
      }
      ndcg.push(own);
    }
  }
  return { loss, metrics, ndcg };
}

/** The users from `first` on that are ranked together. */
function usersFrom(first: number, data: EvaluationData): RankedUser[] {
  const { users, hidden, positives: wanted } = data;
  return Array.from({ length: Math.min(rankedTogether, users.length - first) }, (_, k) => {
    const user = first + k;
    return { user: u32At(users, user), hidden: of(hidden, user), wanted: of(wanted, user), each: sliceOf(data, user) };
  });
}

/** NDCG of the users from `first` on that are ranked together. */
function writeNdcg(ranking: ProbeRanking, data: EvaluationData, first: number, out: Float64Array): void {
  const together = usersFrom(first, data);
  ranking.ranksBelow(together, trialLimits.list).forEach((ranks, k) => {
    out[first + k] = ndcgOf(ranks, valueAt(together, k).wanted.length);
  });
}

/** Ranks the items for all users, a few at a time. Yields null, and the metrics at the end. */
function* evaluated(
  model: ProbeModel,
  ranking: ProbeRanking,
  data: EvaluationData,
  trained: Uint8Array,
): Generator<RunMetrics | null, void, void> {
  const collector = new MetricCollector(data, trained);
  const { users, exposures } = data;
  for (let first = 0; first < users.length; first += rankedTogether) {
    const together = usersFrom(first, data);
    ranking.rank(together).forEach(({ places, rank, ranks }, k) => {
      collector.add(first + k, places, rank, ranks);
    });
    if (exposures)
      together.forEach(({ user }, k) => {
        const vector = model.vector('users', user);
        const shown = of(exposures, first + k);
        collector.addExposures(
          first + k,
          Float64Array.from(shown, (item) => product(vector, model.vector('items', item))),
        );
      });
    yield null;
  }
  yield collector.metrics();
}

/** For each item index: 1 if the item is in a row of the run. */
function trainedPlaces({ candidates }: TrialGroups, items: number, { ranked }: EvaluationData): Uint8Array {
  const isTrained = new Uint8Array(items);
  for (const item of candidates) isTrained[item] = 1;
  return Uint8Array.from(ranked, (item) => u8At(isTrained, item));
}

function of({ offsets, numbers }: EvaluationData['hidden'], user: number): Uint32Array {
  return numbers.subarray(u32At(offsets, user), u32At(offsets, user + 1));
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < probe.dimensions; k++) sum += f32At(a, k) * f32At(b, k);
  return sum;
}
