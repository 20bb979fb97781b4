import type { DatasetName } from '../../core/config/definition/data.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { Stage } from '../../core/schema/stage.ts';
import type { Facts } from '../../core/data/facts.ts';
import type { PathPlace } from '../../core/data/refusedPath.ts';
import { FailureError, type Failure, type FailureCode } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { planStage, type PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import type { PlanProblem, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { SamplingData, SamplingRequest } from '../../protocol/sampling.ts';
import { PlanData } from './planData.ts';

/** A stage of a config as it can be sampled. */
export interface StageSampling {
  /** Null where too little of the stage is sound, or its data are not to be had. */
  readonly request: SamplingRequest | null;
  /** That of the request; without one what the config alone plans, if anything. */
  readonly plan: StagePlan | null;
  /** What was left out and why, or why nothing can be drawn. */
  readonly problems: readonly PlanProblem[];
  /** The same without the data set that turned out damaged; null where it is none of these, or nothing can be drawn without it. */
  readonly without: (damage: Failure) => StageSampling | null;
}

/**
 * A stage of a config and what is known of its files, as the engine samples it. Entries that lack what they draw from are left out and
 * said; where the log is not to be had, or what decides about every row, nothing is drawn at all.
 */
export function samplingRequest(
  { config }: Pick<ReadConfig, 'config'>,
  stage: Stage,
  overrides: PlanOverrides,
  facts: Facts,
  place: PathPlace,
): StageSampling {
  const { plan: whole, problems } = planStage(config, stage, overrides);
  const nothing = { request: null, without: () => null };
  if (!whole) return { ...nothing, plan: null, problems };
  const found = new PlanData(config, facts, place);
  try {
    const { plan, data } = found.of(whole);
    const without = (damage: Failure): StageSampling | null => {
      const name = damagedSet(data, damage);
      if (name === null) return null;
      const less = samplingRequest(
        { config },
        stage,
        overrides,
        {
          level: facts.level,
          answer: (question) => facts.answer(question),
          dataset: (one) => (one === name ? { state: 'unreadable', failure: damage } : facts.dataset(one)),
        },
        place,
      );
      return less.request ? less : null;
    };
    return { request: { plan, data }, plan, problems: [...problems, ...found.problems], without };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const { message: reason, advice } = error.failure;
    return {
      ...nothing,
      plan: whole,
      problems: [
        ...problems,
        ...found.problems,
        { message: message('Nothing can be drawn: {0}', reason), path: found.at, ...(advice ? { advice } : {}) },
      ],
    };
  }
}

const damages: readonly FailureCode[] = ['corrupt', 'truncated', 'encrypted', 'wrong-format'];

/** Which of the data sets besides the log a failure is about; null where it is about none of them. */
function damagedSet(
  { log: { clicks }, items, users, candidates, rejections }: SamplingData,
  { code, place }: Failure,
): DatasetName | null {
  if (!damages.includes(code)) return null;
  const path = place?.dataset ?? place?.path;
  const named = Object.entries({ clicks, items, users, candidates, rejections }) as [
    DatasetName,
    { readonly ref: { readonly path: string } } | undefined,
  ][];
  return named.find(([, table]) => table !== undefined && table.ref.path === path)?.[0] ?? null;
}
