import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { SampleFormat, SampleOutput } from '../../src/protocol/sampling.ts';
import { folder } from './fixture.ts';
import { demo } from './lintDemo.ts';
import { plainOutput } from './samplingCase.ts';

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Settings of a sample file that has a lock. */
export function output(path: string, root = demo, format: SampleFormat = 'parquet'): SampleOutput {
  const origin = {
    generator: 'recsample 1.2.3',
    config: { path: 'case.ratio.yaml', sha256: sha256('config'), variables: { dt: '2026-11-20' } },
    folder: root,
  };
  return { ...plainOutput, origin, path, format };
}

/** A new folder. */
export function place(): string {
  mkdirSync(join(folder, 'locked'), { recursive: true });
  return mkdtempSync(join(folder, 'locked', 'x'));
}
