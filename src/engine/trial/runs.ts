import { message } from '../../core/message/message.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import { Pool } from '../../core/queue/pool.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { EvaluationData } from '../../core/trial/evaluation.ts';
import { probe, type TrialLoss } from '../../core/trial/probe.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { TrialProgress } from '../../protocol/trial.ts';
import type { Work } from '../database/connections.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import { shared } from '../draw/threads/shared.ts';
import { drawGroups, type DrawnGroups } from './drawGroups.ts';
import type { ProbeJob, ProbeResult } from './probeRun.ts';
import { LocalProbeRunner, ThreadProbeRunner, type ProbeRunner } from './probeRunner.ts';
import type { TrialData } from './trialData.ts';

/** One run: a config with one seed. */
export interface Run {
  /** Index of the arm. */
  readonly arm: number;
  readonly plan: StagePlan;
  readonly epochs: readonly number[];
}

export interface RunResult extends ProbeResult {
  readonly drawn: Omit<DrawnGroups, 'groups'> & { readonly groups: number };
}

/** The plan with batches as large as they are trained, so that the corrections of its rows are those of such batches. */
function withTrainedBatch(plan: StagePlan): StagePlan {
  const { inBatch } = plan;
  if (inBatch === null || inBatch.batchSize <= probe.mostInBatch) return plan;
  return { ...plan, inBatch: { ...inBatch, batchSize: probe.mostInBatch } };
}

/** Draws and trains runs: rows are drawn one run after the other, while others train. */
export class Runs {
  readonly #runners: readonly ProbeRunner[];
  readonly #pool: Pool<ProbeRunner>;
  readonly #users: Uint32Array;
  readonly #items: Uint32Array;

  constructor(
    private readonly data: TrialData,
    items: Uint32Array,
    private readonly loss: TrialLoss,
    private readonly options: DatasetOptions,
    threads: number,
    private readonly work: Work,
  ) {
    const { drawWorker } = options;
    this.#runners =
      drawWorker === undefined
        ? [new LocalProbeRunner(work.signal)]
        : Array.from({ length: threads }, () => new ThreadProbeRunner(drawWorker, work.signal));
    this.#pool = new Pool(this.#runners);
    this.#users = shared(data.users);
    this.#items = shared(items);
  }

  /**
   * Runs all, and returns their results in order.
   * @param arms number of arms, for the progress
   * @throws FailureError like draws, and after a cancellation
   */
  async all(
    runs: readonly Run[],
    evaluation: EvaluationData,
    { phase, arms }: Pick<TrialProgress, 'phase'> & { readonly arms: number },
  ): Promise<RunResult[]> {
    const evaluated = shared(evaluation);
    // The number of epochs is chosen by NDCG alone.
    const measures = phase === 'tuning' ? 'ndcg' : 'all';
    const results: RunResult[] = [];
    const parts = runs.map(() => 0);
    const done = Array.from({ length: arms }, () => 0);
    const report = (): void => {
      const finished = done.reduce((sum, one) => sum + one, 0);
      this.work.progress?.({
        fraction: parts.reduce((sum, part) => sum + part, 0) / Math.max(1, runs.length),
        message:
          phase === 'tuning'
            ? message('Choosing the epochs: {0} of {1} runs', finished, runs.length)
            : message('Training: {0} of {1} runs', finished, runs.length),
        trial: { phase, done: [...done], runs: Math.round(runs.length / Math.max(1, arms)) },
      });
    };
    report();
    const running: Promise<void>[] = [];
    // Without this, a run that fails while rows are drawn would be an unhandled rejection.
    const failures: unknown[] = [];
    const start = (run: Promise<void>): void => {
      run.catch((failure: unknown) => {
        failures.push(failure);
      });
      running.push(run);
    };
    for (const [k, asked] of runs.entries()) {
      const run = { ...asked, plan: withTrainedBatch(asked.plan) };
      const source = await this.data.source(run.plan, this.work);
      const drawn = await drawGroups(source, this.loss, this.options, { signal: this.work.signal });
      const runner = await this.#pool.take(this.work);
      if (failures.length > 0) break;
      start(
        this.#train(runner, run, drawn, { evaluation: evaluated, measures }, (part) => {
          parts[k] = part;
          report();
        }).then((result) => {
          results[k] = result;
          parts[k] = 1;
          done[run.arm] = valueAt(done, run.arm) + 1;
          report();
        }),
      );
    }
    await Promise.all(running);
    if (this.work.signal?.aborted) throw cancelled();
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.close()));
  }

  async #train(
    runner: ProbeRunner,
    { plan, epochs }: Run,
    { groups, ...drawn }: DrawnGroups,
    asked: Pick<ProbeJob, 'evaluation' | 'measures'>,
    part: (done: number) => void,
  ): Promise<RunResult> {
    try {
      const result = await runner.run(
        {
          groups,
          settings: {
            seed: plan.seed,
            loss: this.loss,
            inBatch:
              plan.inBatch === null
                ? null
                : {
                    size: plan.inBatch.batchSize,
                    maskSameItem: plan.inBatch.maskSameItem,
                  },
          },
          users: this.#users,
          items: this.#items,
          epochs,
          ...asked,
        },
        part,
      );
      return { ...result, drawn: { ...drawn, groups: groups.count } };
    } finally {
      this.#pool.giveBack(runner);
    }
  }
}
