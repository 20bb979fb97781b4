import type { Case } from './case.ts';
import type { Dice } from './dice.ts';
import type { Seeds } from './seeds.ts';

/** A kind of input, and how mutants of it are made. */
export interface Target {
  readonly name: string;
  /** Cases of the short run of `npm test`. */
  readonly short: number;
  /** Which share of its command lines is also run as it ships. */
  readonly shipped?: number;
  /** @param rounds of mutation; the first ones are the same for any number of them */
  mutant(dice: Dice, seeds: Seeds, rounds: number): Case;
}
