import type { Answers } from '../../data/facts.ts';

/** A file whose draws show nothing about the future. */
export const noHindsight: Pick<Answers['chances'], 'outside' | 'later'> = {
  outside: [],
  later: { draws: 0, expected: 0, observed: 0 },
};
