import type { Case } from './case.ts';
import type { Dice } from './dice.ts';
import type { Seeds } from './seeds.ts';

/** A kind of input, and how its mutants are made. */
export interface Target {
  readonly name: string;
  /** Number of cases in the short run of `npm test`. */
  readonly short: number;
  /** The share of its command lines that also run in the shipped form. */
  readonly shipped?: number;
  /** @param rounds of mutation; the first rounds do not depend on their number */
  mutant(dice: Dice, seeds: Seeds, rounds: number): Case;
}
