import {
  longestList,
  MetricCollector,
  sliceOf,
  type EvaluationData,
  type RunMetrics,
} from '../../core/trial/evaluation.ts';
import { probe, type ProbeSettings, type TrialGroups } from '../../core/trial/probe.ts';
import { f32At, u32At, u8At } from '../../core/valueAt.ts';
import { ProbeModel } from './probeModel.ts';

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
}

export interface ProbeResult {
  /** Mean loss of a group, by epoch from 1. */
  readonly loss: readonly number[];
  /** By element of `epochs`. */
  readonly metrics: readonly RunMetrics[];
}

/** Groups that are trained on before other tasks may run. */
const MOST_GROUPS = 20_000;
/** Users that are ranked before other tasks may run. */
const MOST_USERS = 200;

/** Trains and evaluates a run step by step. Yields the part that is done, from 0 to 1. */
export function* probeRun(job: ProbeJob): Generator<number, ProbeResult, void> {
  const { groups, settings, epochs, evaluation } = job;
  const model = new ProbeModel(groups, settings, job.users, job.items);
  model.prepareRanking(evaluation.ranked, longestList(evaluation));
  const trained = trainedPlaces(groups, job.items.length / 2, evaluation);
  const last = Math.max(...epochs);
  const batch = settings.inBatch?.size ?? 1;
  const step = Math.max(batch, MOST_GROUPS - (MOST_GROUPS % batch));
  const loss: number[] = [];
  const metrics: RunMetrics[] = [];
  for (let epoch = 1; epoch <= last; epoch++) {
    model.startEpoch(epoch);
    let sum = 0;
    for (let from = 0; from < groups.count; from += step) {
      sum += model.train(from, Math.min(groups.count, from + step));
      yield (epoch - 1) / last;
    }
    loss.push(groups.count === 0 ? 0 : sum / groups.count);
    if (epochs.includes(epoch)) {
      for (const done of evaluated(model, evaluation, trained)) {
        if (done) metrics.push(done);
        yield epoch / last;
      }
    }
  }
  return { loss, metrics };
}

/** Ranks the items for all users, a few at a time. Yields null, and the metrics at the end. */
function* evaluated(
  model: ProbeModel,
  data: EvaluationData,
  trained: Uint8Array,
): Generator<RunMetrics | null, void, void> {
  const collector = new MetricCollector(data, trained);
  const { users, hidden, wanted, exposures } = data;
  for (let first = 0; first < users.length; first += 4) {
    const together = Array.from({ length: Math.min(4, users.length - first) }, (_, k) => first + k);
    const rankings = model.rank(
      together.map((user) => u32At(users, user)),
      together.map((user) => of(hidden, user)),
      together.map((user) => of(wanted, user)),
      together.map((user) => sliceOf(data, user)),
    );
    rankings.forEach(({ places, rank, ranks }, k) => {
      collector.add(first + k, places, rank, ranks);
    });
    if (exposures)
      for (const user of together) {
        const vector = model.vector('users', u32At(users, user));
        collector.addExposures(
          user,
          Float64Array.from(of(exposures, user), (item) => product(vector, model.vector('items', item))),
        );
      }
    if (first % MOST_USERS === 0) yield null;
  }
  yield collector.metrics();
}

/** By place: 1 if the item is in a row of the run. */
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
