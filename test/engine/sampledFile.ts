import { drawSample } from '../../bench/audit/defects/healthyWorld.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
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
  await drawSample(engine, root, text, { stage, file, split });
}
