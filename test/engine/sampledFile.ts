import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Stage } from '../../src/core/schema/stage.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { isDrawable } from '../../src/project/stage/resolveStage.ts';
import { StageJob } from '../../src/project/stage/stageJob.ts';
import { engine } from './fixture.ts';

/**
 * Writes the sample file of a stage with its lock file, as `recsample sample` does.
 * @param text a config in `root`
 * @param file where to, relative to `root`
 */
export async function writeSample(
  root: string,
  text: string,
  stage: Stage,
  file: string,
  split: 'train' | 'eval' = 'train',
): Promise<void> {
  const path = join(root, 'sampled.ratio.yaml');
  const config = openConfig({ path, name: path, text, language: 'yaml', root });
  const job = new StageJob(config, stage, { split }, { engine, trusted: true, cache: new FactsCache() });
  const resolved = await job.resolve({ fresh: true });
  if (!isDrawable(resolved)) assert.fail('nothing can be drawn');
  const target = { path: join(root, file), format: 'parquet', within: root } as const;
  await engine.call('sample', job.sampleRequest(resolved, target, { version: '1.2.3', users: null }));
}
