import type { Stage } from '../../core/schema/stage.ts';
import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import type { PlanProblem } from '../../core/sampling/plan/stagePlan.ts';
import type { EngineClient } from '../../protocol/engine.ts';
import type { ConfigText, Split } from '../../protocol/preview.ts';
import type { FactsCache } from '../../project/facts/factsCache.ts';
import { openConfig, type OpenConfig } from '../../project/stage/configSource.ts';
import { StageJob } from '../../project/stage/stageJob.ts';
import { stageProblems } from '../../project/stage/stageProblems.ts';
import type { Address } from '../language/address.ts';
import type { ConfigVersion } from '../language/snapshot.ts';

/** Access to configs and to the data that they sample from. */
export interface ConfigAccess {
  /**
   * The current text: from an editor if one shows it, unless the text on disk is requested. @throws if it cannot be
   * read
   */
  readonly text: (config: ConfigText) => Promise<ConfigVersion>;
  readonly rootOf: (address: Address) => string | null;
  readonly trusted: () => boolean;
  readonly engine: EngineClient;
  readonly cache: FactsCache;
}

/** A stage that the client requests, with values that override the config. */
export interface StageParams {
  readonly config: ConfigText;
  readonly stage: Stage;
  readonly seed?: string;
  readonly epoch?: number;
  readonly split?: Split;
}

/** A stage of a config that a client asks about. */
export interface OpenStage {
  readonly address: Address;
  readonly job: StageJob;
  readonly trusted: boolean;
}

/** @param placed the config whose files are read; default: as it is written */
export async function openStage(
  params: StageParams,
  access: ConfigAccess,
  placed: (config: OpenConfig) => OpenConfig = (config) => config,
): Promise<OpenStage> {
  const { address, text, language } = await access.text(params.config);
  const { engine, cache } = access;
  const trusted = access.trusted();
  const config = openConfig({
    path: address.path,
    name: address.path ?? address.uri,
    text,
    language,
    root: access.rootOf(address),
  });
  const job = new StageJob(placed(config), params.stage, overridesOf(params), { engine, cache, trusted });
  return { address, trusted, job };
}

function overridesOf({ seed, epoch, split }: StageParams): PlanOverrides {
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(epoch === undefined ? {} : { epoch }),
    ...(split === undefined ? {} : { split }),
  };
}

/** The failure if nothing can be drawn for a stage, with its line. `problems`: problems of the plan. */
export function drawFailure({ job: { config }, trusted }: OpenStage, problems: readonly PlanProblem[]): FailureError {
  const path = config.source.name;
  if (!trusted)
    return fail('no-permission', message('Restricted Mode: the data of {0} are not opened', path), {
      advice: message('Trust this workspace to preview the draws.'),
    });
  const { last } = stageProblems(config.read, problems);
  if (!last) return fail('bad-request', message('Nothing can be drawn'), { place: { path } });
  return fail('bad-request', last.message, {
    place: { path, line: last.line },
    ...(last.advice ? { advice: last.advice } : {}),
  });
}
