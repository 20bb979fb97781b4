import type { ConfigPath } from './tree.ts';
import type { Message } from '../message/message.ts';
import type { Refusal } from '../message/refusal.ts';

/** A part of the config that the plan had to leave out. */
export type PlanProblem = ProblemText & (HarmlessProblem | RefusedProblem);

interface HarmlessProblem {
  /** Every row is still drawn as the config specifies. */
  readonly harmless: true;
  readonly refusal?: undefined;
}

/** A problem because of which no sample file is written. */
interface RefusedProblem {
  readonly harmless?: undefined;
  /** Null: not because of the config, but because of what the caller chose. */
  readonly refusal: Refusal | null;
  /** Other parts of the config that cause it. */
  readonly causes?: readonly ConfigPath[];
}

interface ProblemText {
  readonly message: Message;
  /** Null if it has no place in the text. */
  readonly path: ConfigPath | null;
  /** What to do, if known. */
  readonly advice?: Message;
  /** Values that explain the problem if one of them is invalid, and the consequence: "popularity is left out". */
  readonly lacks?: { readonly at: readonly ConfigPath[]; readonly so: Message };
}
