import { readJson } from './repository.ts';

/** Figures of the code that may only get better. A commit that betters one lowers it in `budget.json`. */
interface Budget {
  /** Pairs of folders that import each other. */
  readonly mutualFolders: readonly string[];
  /** Functions with more lines than `functionLength.test.ts` allows, and their lines. */
  readonly longFunctions: Readonly<Record<string, number>>;
  /** Lines of the code of each layer. A new feature may raise one; its commit says why. */
  readonly lines: Readonly<Record<string, number>>;
}

export const budget = readJson('test/repo/budget.json') as Budget;
