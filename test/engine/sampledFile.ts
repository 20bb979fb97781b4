import { join } from 'node:path';
import type { Stage } from '../../src/core/schema/stage.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { drawSample } from '../../src/project/stage/drawSample.ts';
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
  cache = new FactsCache(),
): Promise<void> {
  const path = join(root, 'sampled.ratio.yaml');
  await drawSample(
    openConfig({ path, name: path, text, language: 'yaml', root }),
    { stage, split, file: join(root, file), version: '1.2.3' },
    { engine, trusted: true, cache },
  );
}
