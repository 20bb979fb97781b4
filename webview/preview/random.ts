import { u32At } from '../../src/core/valueAt.ts';

/** 32 random bits, to choose a seed or user to try. This choice need not be reproducible. */
export function randomWord(): number {
  return u32At(crypto.getRandomValues(new Uint32Array(1)), 0);
}

export const newSeedText = (): string => `seed-${randomWord().toString(36)}`;
