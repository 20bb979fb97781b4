import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { Facts } from '../../core/data/facts.ts';
import type { PathRules } from '../../core/data/refusedPath.ts';
import { failureOf } from '../../core/message/failure.ts';
import type { PlannedProblems } from '../../core/policy/rule.ts';
import { resolveStage } from '../plan/resolveStage.ts';
import { defaultOutput } from '../plan/sampleOutput.ts';

/** The problems of stages as `sample` meets them, before it reads rows: of the plan, the files and the output. */
export function plannedProblems(config: ConfigDraft, facts: Facts, place: PathRules): PlannedProblems {
  return (stage, split) => {
    const { plan, problems } = resolveStage({ config }, stage, { split }, facts, place);
    if (!plan) return problems;
    try {
      defaultOutput(config, plan, place);
      return problems;
    } catch (error) {
      const { message, advice, refusal = 'caller', setting = null } = failureOf(error);
      return [...problems, { message, path: setting, refusal, ...(advice ? { advice } : {}) }];
    }
  };
}
