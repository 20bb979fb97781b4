import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { printableId } from '../../core/message/printable.ts';
import { BackgroundTask } from '../../core/queue/backgroundTask.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import { fitCells } from '../../core/report/cells.ts';
import { isoTime } from '../../core/sampling/isoTime.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { rankedAlike } from '../../core/trial/evaluation.ts';
import { earlierConfigs, earlierTrial } from '../../core/trial/earlierTrials.ts';
import { finishTrial } from '../../core/trial/finishTrial.ts';
import { gateLimits } from '../../core/trial/gates.ts';
import { keyedWord, trialSalts } from '../../core/trial/keyedProbe.ts';
import { probe, trialEpochs, trialLimits } from '../../core/trial/probe.ts';
import type { TrialFacts, TrialReport } from '../../core/trial/report.ts';
import { resamples } from '../../core/trial/resampling.ts';
import { u32At, valueAt } from '../../core/valueAt.ts';
import type { TrialRequest } from '../../protocol/trialRequest.ts';
import { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import { refsOf, SampledTables } from '../inputs/sampledTables.ts';
import { Worlds } from '../inputs/world/loadedWorld.ts';
import type { Windows } from '../inputs/world/windows.ts';
import type { Bounds } from '../inputs/world/within.ts';
import { digestData } from '../write/lock.ts';
import { chooseUsers } from './chosenUsers.ts';
import { byPopularity, evaluationOf, type Evaluation, type EvaluationInput } from './evaluationOf.ts';
import { readExposures, sliceValues, type Exposures } from './exposures.ts';
import { memoryFailure } from './memoryFailure.ts';
import { armMeasurement, armOf, ndcgBy } from './measured.ts';
import { mergedData } from './mergedData.ts';
import { Runs, type Run } from './runs.ts';
import { TrialData } from './trialData.ts';
import { lateCounts, tunedPlan, tuneEvaluation, tuneWindow } from './tuneWindow.ts';

/** The epochs of a config if the tune window has no users to choose them with. */
const EPOCHS_WITHOUT_USERS = 7;

/**
 * Trains the probe on the sample of each config, and compares them. Equal requests on equal data give equal reports,
 * with any number of threads.
 * @throws FailureError if the data cannot be read or do not allow a trial, or after a cancellation
 */
export async function runTrial(request: TrialRequest, options: DatasetOptions, work: Work): Promise<TrialReport> {
  const data = mergedData([...request.arms.map((arm) => arm.data), request.evaluated]);
  const directory = join(options.temporaryDirectory, randomUUID());
  const tables = await Tables.open(refsOf(data), directory, options, work);
  const digesting = new BackgroundTask(work, async (own: Work) => await digestData(tables, data, own));
  try {
    const sampled = await SampledTables.open(tables, data, firstPlan(request).timezone, work);
    const report = await new Trial(request, options, sampled, work).run(async () =>
      Object.fromEntries([...(await digesting.result(work))].map(([name, { sha256 }]) => [name, sha256])),
    );
    await tables.checkCurrent();
    return report;
  } catch (error) {
    throw work.signal?.aborted ? cancelled() : (memoryFailure(error) ?? error);
  } finally {
    await digesting.stop();
    await tables.close();
  }
}

/** Terminal cells of a value that an error names. */
const NAMED_CELLS = 40;

function firstPlan({ arms }: TrialRequest): StagePlan {
  return valueAt(arms, 0).plan;
}

/** Data that all runs of a trial share. */
interface TrialInput {
  readonly train: StagePlan;
  readonly tune: Parameters<typeof tunedPlan>[1];
  readonly chosen: Awaited<ReturnType<typeof chooseUsers>>;
  readonly population: Evaluation;
}

class Trial {
  readonly #worlds: Worlds;
  readonly #notes: Message[] = [];

  constructor(
    private readonly request: TrialRequest,
    private readonly options: DatasetOptions,
    private readonly sampled: SampledTables,
    private readonly work: Work,
  ) {
    const { capacity } = options;
    this.#worlds = new Worlds(capacity && (() => capacity.memory()));
  }

  async run(digests: () => Promise<Readonly<Record<string, string>>>): Promise<TrialReport> {
    const { request, sampled, work } = this;
    const worlds = this.#worlds;
    const items = await worlds.items(sampled, work);
    const train = firstPlan(request);
    const evaluated: StagePlan = { ...train, split: 'eval' };
    const windows = await this.#windows(train, evaluated);
    await this.#refuseLateCounts(windows.train.train.to);
    const chosen = await chooseUsers(
      sampled,
      { train: { plan: train, windows: windows.train }, evaluated: { plan: evaluated, windows: windows.evaluated } },
      { seed: request.seed, most: request.all ? null : trialLimits.positives },
      work,
    );
    const carried = request.slice ? [request.slice.column] : [];
    const data = await TrialData.load(sampled, worlds, chosen.users, carried, work);
    const exposures = await readExposures(
      data.stored,
      { train: windows.train.split, evaluated: windows.evaluated.split },
      request.slice,
      work,
    );
    await this.#refuseEmptySlice(exposures, data, windows.evaluated.split);
    const population = evaluationOf({
      ...this.#input(data),
      items,
      start: windows.evaluated.split.from,
      train: await data.positives(train, work),
      evaluated: await data.positives(evaluated, work),
      exposures,
    });
    const threads = request.threads ?? this.options.threads;
    const runs = new Runs(data, items.hashWords, request.loss, this.options, threads, work);
    try {
      const tune = await tuneWindow(data.stored, train, windows.train.split, work);
      const tuned = await this.#tune(runs, data, tune);
      const results = await runs.all(
        request.arms.flatMap(({ plan }, arm) =>
          this.#seeds(request.seeds).map((seed) => ({
            arm,
            plan: { ...plan, seed },
            epochs: [valueAt(tuned, arm).epochs],
          })),
        ),
        population.data,
        { phase: 'training', arms: request.arms.length },
      );
      work.progress?.({
        fraction: null,
        message: message('Comparing the configs'),
        trial: { phase: 'comparing', done: request.arms.map(() => request.seeds), runs: request.seeds },
      });
      const ofArm = request.arms.map((_, arm) => results.slice(arm * request.seeds, (arm + 1) * request.seeds));
      this.#noteSettings();
      const facts = this.#facts(await digests(), { train, tune, chosen, population });
      return finishTrial(
        {
          ...facts,
          arms: request.arms.map((arm, k) =>
            armOf(arm, request.loss, valueAt(tuned, k), valueAt(ofArm, k), this.#seeds(request.seeds)),
          ),
          notes: [...items.notices, ...this.#notes],
        },
        {
          arms: ofArm.map((runsOfArm) =>
            armMeasurement(
              runsOfArm.map(({ metrics }) => valueAt(metrics, 0)),
              request.slice !== null,
            ),
          ),
          popularity: armMeasurement([popularityMetrics(population)], request.slice !== null),
          weights: { gauc: population.exposedPositives },
        },
      );
    } finally {
      await runs.close();
    }
  }

  /** Facts about the trial that need no run. */
  #facts(
    data: Readonly<Record<string, string>>,
    { train, tune, chosen, population }: TrialInput,
  ): Omit<TrialFacts, 'arms' | 'notes'> {
    const { request } = this;
    const { train: ofTrain, eval: ofEval } = train.window;
    const windows: TrialReport['windows'] = {
      train: { from: ofTrain?.from ?? null, to: ofTrain?.to ?? null },
      tune: { from: tune.from, to: ofTrain?.to ?? null },
      eval: { from: ofEval?.from ?? null, to: ofEval?.to ?? null },
    };
    return {
      version: request.version,
      stage: 'recall',
      loss: request.loss,
      data,
      seed: request.seed,
      hide: request.hide,
      windows,
      constants: constants(),
      population: {
        trainPositives: chosen.trainPositives,
        usedPositives: chosen.usedPositives,
        trainUsers: chosen.trainUsers,
        usedUsers: chosen.usedUsers,
        cap: request.all ? null : trialLimits.positives,
        ...population.counts,
        passedColumns: request.passedColumns,
      },
      slice: request.slice ? { ...request.slice, ...population.slice, k: population.data.slice?.length ?? 0 } : null,
      earlierConfigs: earlierConfigs(request.earlier, earlierTrial({ data, windows, arms: request.arms })),
    };
  }

  async #windows(train: StagePlan, evaluated: StagePlan): Promise<Readonly<Record<'train' | 'evaluated', Windows>>> {
    const windows = {
      train: await this.#worlds.windows(this.sampled, train, this.work),
      evaluated: await this.#worlds.windows(this.sampled, evaluated, this.work),
    };
    const { to } = windows.train.train;
    if (to >= windows.evaluated.split.from)
      throw fail('bad-request', message('window.train ends at {0}, after window.eval begins', isoTime(to)), {
        advice: message('A trial needs an eval window after the training window.'),
      });
    return windows;
  }

  /** @throws FailureError if a count includes events after the training cut */
  async #refuseLateCounts(cut: number): Promise<void> {
    for (const { name, plan } of this.request.arms)
      for (const asOf of await lateCounts(this.#worlds, this.sampled, plan, cut, this.work))
        throw fail('bad-request', message('{0} counts as of {1}, after the end of window.train', name, asOf), {
          advice: message('Counts after the training cut leak the eval window. Remove as_of, or set an earlier day.'),
        });
  }

  /**
   * @throws FailureError if no row of the evaluation window is in the slice: a typing error, or a value of another type
   */
  async #refuseEmptySlice({ inSlice }: Exposures, { stored }: TrialData, evaluated: Bounds): Promise<void> {
    const { slice } = this.request;
    if (!slice || inSlice.includes(1)) return;
    const values = await sliceValues(stored, evaluated, slice.column, this.work);
    throw fail(
      'bad-request',
      message('No impression of window.eval has {0} = {1}, so there is no random slice', slice.column, slice.value),
      {
        advice:
          values.length === 0
            ? message('The column is empty there. Choose another one.')
            : message(
                'Values are compared as text, times and numbers too. The column has these there, and perhaps more: {0}',
                values.map((value) => printableId(fitCells(value, NAMED_CELLS))).join(', '),
              ),
      },
    );
  }

  #input(data: TrialData): Pick<EvaluationInput, 'users' | 'hide' | 'isSliced'> {
    return { users: data.users.length / 2, hide: this.request.hide, isSliced: this.request.slice !== null };
  }

  #seeds(count: number): string[] {
    return Array.from({ length: count }, (_, k) => `${this.request.seed}/trial/${k}`);
  }

  /** The epochs of each arm: those with the best NDCG on the last days of the train window. */
  async #tune(
    runs: Runs,
    data: TrialData,
    tune: Parameters<typeof tunedPlan>[1],
  ): Promise<{ readonly epochs: number; readonly tuned: readonly { epochs: number; ndcg: number }[] }[]> {
    const { request, sampled, work } = this;
    const seeds = this.#seeds(Math.min(request.seeds, trialLimits.tuneSeeds));
    const all: Run[] = [];
    for (const [arm, { plan }] of request.arms.entries()) {
      const end = (await this.#worlds.bounds(sampled, { to: tune.trainTo }, work)).to;
      const late = await lateCounts(this.#worlds, sampled, plan, end, work);
      const own = tunedPlan(plan, tune, (asOf) => late.has(asOf));
      for (const seed of seeds) all.push({ arm, plan: { ...own, seed }, epochs: trialEpochs });
    }
    const evaluation = await this.#tuneEvaluation(data, tune);
    if (evaluation.counts.warmUsers === 0) {
      this.#notes.push(
        message(
          'No user has clicks in the last days of window.train and before: every config trains for {0} epochs',
          EPOCHS_WITHOUT_USERS,
        ),
      );
      return request.arms.map(() => ({ epochs: EPOCHS_WITHOUT_USERS, tuned: [] }));
    }
    const results = await runs.all(all, evaluation.data, { phase: 'tuning', arms: request.arms.length });
    return request.arms.map((_, arm) => {
      const tuned = ndcgBy(results.slice(arm * seeds.length, (arm + 1) * seeds.length));
      const best = tuned.reduce((first, one) => (one.ndcg > first.ndcg ? one : first));
      return { epochs: best.epochs, tuned };
    });
  }

  async #tuneEvaluation(data: TrialData, tune: Parameters<typeof tunedPlan>[1]): Promise<Evaluation> {
    const { request, work } = this;
    const plan = tuneEvaluation(firstPlan(request), tune);
    const evaluated = await data.positives(plan, work);
    const { split, train } = evaluated.world;
    const salts = trialSalts(request.seed, 'tune');
    const input = {
      ...this.#input(data),
      isSliced: false,
      items: evaluated.world.items,
      start: split.from,
      train: await data.positives({ ...plan, split: 'train' }, work),
      evaluated,
      exposures:
        request.hide === 'exposed' ? await readExposures(data.stored, { train, evaluated: split }, null, work) : null,
    };
    const all = evaluationOf(input);
    if (all.data.users.length <= trialLimits.tuneUsers) return all;
    const wordOf = (user: number): number =>
      keyedWord(u32At(data.users, 2 * user), u32At(data.users, 2 * user + 1), salts);
    const kept = new Set(
      [...all.data.users].sort((a, b) => wordOf(a) - wordOf(b) || a - b).slice(0, trialLimits.tuneUsers),
    );
    return evaluationOf({ ...input, chosen: (user) => kept.has(user) });
  }

  #noteSettings(): void {
    if (!this.request.isLossSet)
      this.#notes.push(message('training.loss is not set: the probe trains with {0}', this.request.loss));
    if (this.request.arms.some(({ plan }) => plan.seed !== this.request.seed))
      this.#notes.push(message('The seeds of the configs differ: all are drawn and trained with that of the first'));
    for (const { name, plan } of this.request.arms)
      if (plan.inBatch !== null && plan.inBatch.batchSize > probe.mostInBatch)
        this.#notes.push(
          plan.inBatch.weight === undefined && plan.entries.length > 0
            ? message(
                '{0}: batches of {1} are trained as batches of {2}, so in-batch negatives have a smaller part of the loss',
                name,
                plan.inBatch.batchSize,
                probe.mostInBatch,
              )
            : message(
                '{0}: batches of {1} are trained as batches of {2}',
                name,
                plan.inBatch.batchSize,
                probe.mostInBatch,
              ),
        );
  }
}

function popularityMetrics({ data, popularity, clicks }: Evaluation): ReturnType<typeof rankedAlike> {
  return rankedAlike(data, byPopularity(popularity), clicks);
}

/** Everything that the figures depend on besides the data and the configs. */
function constants(): TrialReport['constants'] {
  return { ...probe, epochs: trialEpochs, ...trialLimits, resamples, ...gateLimits };
}
