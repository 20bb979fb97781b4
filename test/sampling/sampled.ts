import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { render } from '../../src/core/message/message.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import type { Preview } from '../../src/core/sampling/answers.ts';
import type { PreviewGroup, PreviewRow } from '../../src/core/sampling/drawn.ts';
import type { PreviewRequest, SamplingRequest } from '../../src/protocol/sampling.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { StageJob } from '../../src/project/stage/stageJob.ts';
import type { PlanOverrides } from '../../src/core/sampling/plan/planStage.ts';
import { engine } from '../engine/fixture.ts';
import type { Sampled, SampledBatch, SampledGroup, SampledRow } from './reference.ts';
import type { World } from './world.ts';

/** The request for a stage of a config on disk. Fails if any part of the stage has an error. */
export async function requestOf(path: string, stage: Stage, overrides: PlanOverrides = {}): Promise<SamplingRequest> {
  const text = readFileSync(path, 'utf8');
  const config = openConfig({ path, name: path, text, language: 'json', root: dirname(path) });
  const job = new StageJob(config, stage, overrides, { engine, trusted: true, cache: new FactsCache() });
  const { request, problems } = await job.resolve({ fresh: true });
  if (!request || problems.length > 0)
    throw new Error(`${path}: ${problems.map(({ message }) => render(message)).join('; ')}`);
  return request;
}

/** The plan overrides of a world. */
export function overridesOf({ split }: Pick<World, 'split'>): PlanOverrides {
  return split === undefined ? {} : { split };
}

/** The complete draws of the engine for some users. */
export async function previewOf(
  request: SamplingRequest & Pick<PreviewRequest, 'placement'>,
  users: readonly string[],
): Promise<Preview> {
  return await engine.call('preview', { ...request, users, groupLimit: null });
}

/** Converts a preview to the format of the reference. */
export function sampledOf({ users }: Pick<Preview, 'users'>): Sampled {
  return { users: users.map(({ user, groups }) => ({ user, groups: groups.map(groupOf) })) };
}

function groupOf({ key, item, time, rows, shortfall, repeated = [], inBatch }: PreviewGroup): SampledGroup {
  return {
    key,
    item,
    time,
    shortfall,
    repeated,
    ...(inBatch ? { in_batch: batchOf(inBatch) } : {}),
    rows: rows.map(({ logQ, logQMix, corrections, keepProbability, why: _why, ...row }) => ({
      ...row,
      log_q: logQ,
      log_q_mix: logQMix,
      ...(corrections ? correctionsOf(corrections) : {}),
      ...(keepProbability === null ? {} : { keep_prob: keepProbability }),
    })),
  };
}

function correctionsOf({
  logqCorrection,
  logQBatch,
  logqCorrectionBatch = null,
}: NonNullable<PreviewRow['corrections']>): Partial<SampledRow> {
  return {
    logq_correction: logqCorrection,
    ...(logQBatch === undefined ? {} : { log_q_batch: logQBatch, logq_correction_batch: logqCorrectionBatch }),
  };
}

function batchOf({
  batch,
  others,
  masked,
  distinct,
  falseNegatives,
  items,
}: NonNullable<PreviewGroup['inBatch']>): SampledBatch {
  return {
    batch,
    others,
    masked,
    distinct,
    false_negatives: falseNegatives,
    items: items.map(({ logQ, ...item }) => ({ ...item, log_q: logQ })),
  };
}
