/** 32 bits of chance: which seed or user to try next is nobody's to repeat. */
export function randomWord(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

export const newSeedText = (): string => `seed-${randomWord().toString(36)}`;
