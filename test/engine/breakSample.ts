import { join } from 'node:path';
import type { Stage } from '../../src/core/schema/stage.ts';
import { parquet } from './fixture.ts';
import { writeSample } from './sampledFile.ts';

/** Writes a sample of a config to `out/written.parquet`, and a changed copy of it to the file that the config names. */
export async function breakSample(
  root: string,
  text: string,
  select: (written: string) => string,
  stage: Stage = 'recall',
): Promise<void> {
  await writeSample(root, text.replaceAll('../', ''), stage, 'out/written.parquet');
  await parquet(join(root, `out/${stage}.parquet`), select(`read_parquet('${join(root, 'out/written.parquet')}')`));
}
