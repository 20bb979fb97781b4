import type { DatasetName } from '../../core/config/definition/data.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { Stage } from '../../core/schema/stage.ts';
import type { PassedColumn } from '../../core/data/passThrough.ts';
import type { Facts } from '../../core/data/facts.ts';
import type { PathPlace } from '../../core/data/refusedPath.ts';
import { FailureError, type Failure, type FailureCode } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { resolvedPasses } from '../../core/policy/resolvedPasses.ts';
import { planStage, type PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import type { PlanProblem, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import type { SamplingData, SamplingRequest } from '../../protocol/sampling.ts';
import { DataTables } from '../facts/dataTables.ts';
import { choicesOf } from './choices.ts';
import { PlanData } from './planData.ts';

/** A stage of a config after its data were looked up. */
export interface ResolvedStage {
  /** Null if the stage has too many errors or its data are not available. */
  readonly request: SamplingRequest | null;
  /** The plan of the request; without a request, the plan of the config alone, if there is one. */
  readonly plan: StagePlan | null;
  /** What was left out and why, or why nothing can be drawn. */
  readonly problems: readonly PlanProblem[];
  /** The columns that the sample file copies, as far as their data sets are known. */
  readonly copied: readonly PassedColumn[];
  /**
   * The same stage without the damaged data set. Null if the failure is about another data set, or if nothing can be
   * drawn without it.
   */
  readonly without: (damage: Failure) => DrawableStage | null;
  /** The choices that make a negative false. Missing without a request, or if it is not for an audit. */
  readonly choices?: NonNullable<AuditRequest['choices']>;
}

/** A stage that the engine can draw. */
export interface DrawableStage extends ResolvedStage {
  readonly request: SamplingRequest;
}

export function isDrawable(stage: ResolvedStage): stage is DrawableStage {
  return stage.request !== null;
}

export interface ResolveNeeds {
  /** True: with the candidates of the config, even if nothing is drawn from them, and with `choices`. */
  readonly forAudit?: boolean;
}

/**
 * A stage of a config with the facts about its files, in the form that the engine samples. Entries that lack their data
 * are left out and reported. If the log or a data set that decides about every row is not available, nothing is drawn.
 */
export function resolveStage(
  { config }: Pick<ReadConfig, 'config'>,
  stage: Stage,
  overrides: PlanOverrides,
  facts: Facts,
  place: PathPlace,
  { forAudit = false }: ResolveNeeds = {},
): ResolvedStage {
  const { plan: whole, problems } = planStage(config, stage, overrides);
  const copied = resolvedPasses({ config, facts }).flatMap(({ found }) => ('kind' in found ? [] : [found]));
  const nothing = { request: null, without: () => null, copied };
  if (!whole) return { ...nothing, plan: null, problems };
  const found = new PlanData(config, facts, place);
  try {
    const { plan, data: drawn } = found.of(whole);
    const data = forAudit ? withCandidates(drawn, found) : drawn;
    const without = (damage: Failure): DrawableStage | null => {
      const name = damagedDataset(data, damage);
      if (name === null) return null;
      const less = resolveStage(
        { config },
        stage,
        overrides,
        {
          level: facts.level,
          answer: (question) => facts.answer(question),
          dataset: (one) => (one === name ? { state: 'unreadable', failure: damage } : facts.dataset(one)),
        },
        place,
        { forAudit },
      );
      return isDrawable(less) ? less : null;
    };
    return {
      request: { plan, data },
      plan,
      problems: [...problems, ...found.problems],
      copied,
      without,
      ...(forAudit ? { choices: knownChoices(config, plan, new DataTables(config, facts, place)) } : {}),
    };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const { message: reason, advice, refusal = 'caller' } = error.failure;
    return {
      ...nothing,
      plan: whole,
      problems: [
        ...problems,
        ...found.problems,
        {
          message: message('Nothing can be drawn: {0}', reason),
          path: found.at,
          refusal,
          ...(advice ? { advice } : {}),
        },
      ],
    };
  }
}

/** The choices that make a negative false, or why they are not known. */
function knownChoices(...of: Parameters<typeof choicesOf>): NonNullable<ResolvedStage['choices']> {
  try {
    return choicesOf(...of);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return { because: error.failure.message };
  }
}

/** The candidates of the config, even if nothing is drawn from them. Left out if they cannot be read. */
function withCandidates(data: SamplingData, found: PlanData): SamplingData {
  if (data.candidates || data.passedCandidates) return data;
  try {
    return { ...data, passedCandidates: found.candidateTable() };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return data;
  }
}

const DAMAGE_CODES: readonly FailureCode[] = ['corrupt', 'truncated', 'encrypted', 'wrong-format'];

/** The data set, other than the impressions, that a failure is about; null if there is none. */
function damagedDataset(
  { log: { clicks }, items, users, passedCandidates, candidates = passedCandidates, rejections }: SamplingData,
  { code, place }: Failure,
): DatasetName | null {
  if (!DAMAGE_CODES.includes(code)) return null;
  const path = place?.dataset ?? place?.path;
  const events = Object.fromEntries((clicks ?? []).map((table) => [table.name, table]));
  const named = Object.entries({ ...events, items, users, candidates, rejections }) as [
    DatasetName,
    { readonly ref: { readonly path: string } } | undefined,
  ][];
  return named.find(([, table]) => table !== undefined && table.ref.path === path)?.[0] ?? null;
}
