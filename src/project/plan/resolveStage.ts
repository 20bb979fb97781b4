import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { Stage } from '../../core/schema/stage.ts';
import type { PassedColumn } from '../../core/data/passThrough.ts';
import type { Facts } from '../../core/data/facts.ts';
import type { PathRules } from '../../core/data/refusedPath.ts';
import { attempt, FailureError, type Failure, type FailureCode } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { passThroughColumns } from '../../core/policy/resolvedPasses.ts';
import { planStage, type PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import type { PlanProblem, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import type { SamplingData, SamplingRequest } from '../../protocol/sampling.ts';
import type { AskedLog } from '../../protocol/askedTable.ts';
import { askedStepLog } from '../facts/askedStepLog.ts';
import { DataTables } from '../facts/dataTables.ts';
import { choicesOf } from './choices.ts';
import { PlanData } from './planData.ts';

/** A stage of a config, matched against the facts about its data. */
export interface ResolvedStage {
  /** Null if the stage has too many errors or its data are not available. */
  readonly request: SamplingRequest | null;
  /** The plan of the request; without a request, the plan of the config alone, if there is one. */
  readonly plan: StagePlan | null;
  /** What was left out and why, or why nothing can be drawn. */
  readonly problems: readonly PlanProblem[];
  /** The columns that the sample file copies. Columns whose data set is unknown are missing. */
  readonly copied: readonly PassedColumn[];
  /**
   * The same stage without the damaged data set. Null if the failure is about another data set, or if nothing can be
   * drawn without it.
   */
  readonly withoutDamaged: (damage: Failure) => DrawableStage | null;
  /** The events that turn a negative into a false negative. Set only for audits of drawable stages. */
  readonly choices?: NonNullable<AuditRequest['choices']>;
  /** The log that lists of steps are compared with. Set only for audits of drawable stages. */
  readonly stepLog?: AskedLog;
}

/** A stage that the engine can draw. */
export interface DrawableStage extends ResolvedStage {
  readonly request: SamplingRequest;
}

export function isDrawable(stage: ResolvedStage): stage is DrawableStage {
  return stage.request !== null;
}

export interface ResolveNeeds {
  /** Also resolves the candidates, even if no entry draws from them, and `choices`. */
  readonly forAudit?: boolean;
}

/**
 * Resolves a stage for the engine. Entries without data are dropped and reported. Without the log, or without a data
 * set that every row needs, the stage is not drawable.
 */
export function resolveStage(
  { config }: Pick<ReadConfig, 'config'>,
  stage: Stage,
  overrides: PlanOverrides,
  facts: Facts,
  paths: PathRules,
  { forAudit = false }: ResolveNeeds = {},
): ResolvedStage {
  const { plan: configuredPlan, problems } = planStage(config, stage, overrides);
  const copied = passThroughColumns({ config, facts });
  const undrawable = { request: null, withoutDamaged: () => null, copied };
  if (!configuredPlan) return { ...undrawable, plan: null, problems };
  const planData = new PlanData(config, facts, paths);
  const drawable = attempt(() => planData.forPlan(configuredPlan));
  if (drawable instanceof FailureError)
    return {
      ...undrawable,
      plan: configuredPlan,
      problems: [...problems, ...planData.problems, undrawableProblem(drawable.failure, planData.checkedPath)],
    };
  const { plan } = drawable;
  const data = forAudit ? withCandidates(drawable.data, planData) : drawable.data;
  return {
    request: { plan, data },
    plan,
    problems: [...problems, ...planData.problems],
    copied,
    withoutDamaged: (damage) => {
      const dataset = damagedDataset(data, damage);
      if (dataset === null) return null;
      const remaining = factsWithout(facts, dataset, damage);
      const reduced = resolveStage({ config }, stage, overrides, remaining, paths, { forAudit });
      return isDrawable(reduced) ? reduced : null;
    },
    ...(forAudit ? ofAudit(config, plan, new DataTables(config, facts, paths)) : {}),
  };
}

function undrawableProblem(failure: Failure, path: PlanProblem['path']): PlanProblem {
  const { message: reason, advice, refusal = 'caller', setting = path } = failure;
  return {
    message: message('Nothing can be drawn: {0}', reason),
    path: setting,
    refusal,
    ...(advice ? { advice } : {}),
  };
}

function factsWithout(facts: Facts, dataset: DatasetName, damage: Failure): Facts {
  return {
    level: facts.level,
    answer: (question) => facts.answer(question),
    dataset: (name) => (name === dataset ? { state: 'unreadable', failure: damage } : facts.dataset(name)),
  };
}

/** The choices that make a negative false, or the reason why they are unknown. */
function ofAudit(
  config: ConfigDraft,
  plan: StagePlan,
  tables: DataTables,
): Required<Pick<ResolvedStage, 'choices'>> & Pick<ResolvedStage, 'stepLog'> {
  const choices = attempt(() => choicesOf(config, plan, tables));
  const stepLog = attempt(() => askedStepLog(config, tables));
  return {
    choices: choices instanceof FailureError ? { because: choices.failure.message } : choices,
    ...(stepLog instanceof FailureError ? {} : { stepLog }),
  };
}

/** The candidates of the config, even if nothing is drawn from them. Left out if they cannot be read. */
function withCandidates(data: SamplingData, planData: PlanData): SamplingData {
  if (data.candidates || data.passedCandidates) return data;
  const passedCandidates = attempt(() => planData.candidateTable());
  return passedCandidates instanceof FailureError ? data : { ...data, passedCandidates };
}

const DAMAGE_CODES: readonly FailureCode[] = ['corrupt', 'truncated', 'encrypted', 'wrong-format'];

/** The damaged data set. Null for the impressions and for failures of another kind. */
function damagedDataset(
  { log: { clicks }, items, users, passedCandidates, candidates = passedCandidates, rejections }: SamplingData,
  { code, place }: Failure,
): DatasetName | null {
  if (!DAMAGE_CODES.includes(code)) return null;
  const path = place?.dataset ?? place?.path;
  const events = Object.fromEntries((clicks ?? []).map((table) => [table.name, table]));
  const tablesByDataset = Object.entries({ ...events, items, users, candidates, rejections }) as [
    DatasetName,
    { readonly ref: { readonly path: string } } | undefined,
  ][];
  return tablesByDataset.find(([, table]) => table !== undefined && table.ref.path === path)?.[0] ?? null;
}
