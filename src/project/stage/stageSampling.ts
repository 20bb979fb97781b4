import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { datasetsOf } from '../../core/data/dataColumns.ts';
import type { Facts } from '../../core/data/facts.ts';
import type { PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import { gatherFacts, type FactsOptions } from '../facts/gatherFacts.ts';
import { resolveStage, type ResolvedStage } from './resolveStage.ts';

export interface SamplingGathering extends Omit<FactsOptions, 'level'> {
  /** True: probe files even if facts about them are cached. If false, a slider does not wait for the disk. */
  readonly fresh: boolean;
}

/** Prepares a stage of a config for sampling; probes its files if needed. @throws FailureError only `cancelled` */
export async function stageSampling(
  { config }: Pick<ReadConfig, 'config'>,
  stage: Stage,
  overrides: PlanOverrides,
  { fresh, ...gathering }: SamplingGathering,
): Promise<ResolvedStage> {
  const drawnFrom = withoutSamples(config);
  const gather = (engine: FactsOptions['engine']): Promise<Facts> =>
    gatherFacts(drawnFrom, { ...gathering, level: 'schema', engine });
  const known = fresh ? null : await gather(null);
  const facts = known && isSettled(drawnFrom, known) ? known : await gather(gathering.engine);
  return resolveStage({ config }, stage, overrides, facts, gathering.place);
}

/** Sample files are outputs, not inputs. */
function withoutSamples({ data, ...config }: ConfigDraft): ConfigDraft {
  if (!data) return config;
  const { samples: _finished, ...inputs } = data;
  return { ...config, data: inputs };
}

/** False if a new probe may find more: files that were not probed yet, were missing, or could not be read. */
function isSettled(config: ConfigDraft, facts: Facts): boolean {
  return datasetsOf(config).every((name) => ['known', 'closed', 'refused'].includes(facts.dataset(name)?.state ?? ''));
}
