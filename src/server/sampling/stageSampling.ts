import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { datasetsOf } from '../../core/data/dataColumns.ts';
import type { Facts } from '../../core/data/facts.ts';
import type { PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import { gatherFacts, type Gathering } from '../lint/gatherFacts.ts';
import { samplingRequest, type StageSampling } from './samplingRequest.ts';

export interface SamplingGathering extends Omit<Gathering, 'level'> {
  /** True: files are looked at also where something is known of them. Without it a slider does not wait for a disk. */
  readonly fresh: boolean;
}

/** A stage of a config as it can be sampled, with a look at its files where that is needed. @throws FailureError `cancelled` alone */
export async function stageSampling(
  { config }: Pick<ReadConfig, 'config'>,
  stage: Stage,
  overrides: PlanOverrides,
  { fresh, ...gathering }: SamplingGathering,
): Promise<StageSampling> {
  const drawnFrom = withoutSamples(config);
  const look = (engine: Gathering['engine']): Promise<Facts> =>
    gatherFacts(drawnFrom, { ...gathering, level: 'schema', engine });
  const known = fresh ? null : await look(null);
  const facts = known && isSettled(drawnFrom, known) ? known : await look(gathering.engine);
  return samplingRequest({ config }, stage, overrides, facts, gathering.place);
}

/** Finished files are no input. */
function withoutSamples({ data, ...config }: ConfigDraft): ConfigDraft {
  if (!data) return config;
  const { samples: _finished, ...inputs } = data;
  return { ...config, data: inputs };
}

/** False where another look may find more: files that nobody looked at, that were missing, or that could not be read. */
function isSettled(config: ConfigDraft, facts: Facts): boolean {
  return datasetsOf(config).every((name) => ['known', 'closed', 'refused'].includes(facts.dataset(name)?.state ?? ''));
}
