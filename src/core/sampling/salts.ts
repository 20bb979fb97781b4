import type { Stage } from '../schema/stage.ts';
import { seeded } from './rng.ts';

/** Two 32-bit words that separate the draws of one entry from all others. */
export interface Salts {
  readonly s0: number;
  readonly s1: number;
}

/**
 * The salts of an entry, or of another draw. Names of entries do not begin with @; the others are `@quota` (rounding),
 * `@keep` (`downsample_hot`), `@cap` (the cap per day), `@downsample`, `@order`.
 */
export function salts(
  { seed, epoch, stage }: { readonly seed: string; readonly epoch: number; readonly stage: Stage },
  entry: string,
): Salts {
  const generator = seeded(`${seed}/${epoch}/${stage}/${entry}`);
  const s0 = generator.int32() >>> 0;
  return { s0, s1: generator.int32() >>> 0 };
}
