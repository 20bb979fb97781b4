import type { ConfigPath } from './tree.ts';
import type { Message } from '../message/message.ts';
import type { Refusal } from '../message/refusal.ts';

/** A part of the config that the plan had to leave out. */
export interface PlanProblem {
  readonly message: Message;
  /** Path of the part; null if it is not in the text. */
  readonly path: ConfigPath | null;
  /**
   * Why no sample file is written; `caller`: because of a choice of the caller, not of the config. Null if every row is
   * still drawn as the config specifies.
   */
  readonly refusal: Refusal | 'caller' | null;
  /** Other parts of the config that may cause it. */
  readonly causes?: readonly ConfigPath[];
  /** What to do, if known. */
  readonly advice?: Message;
  /** If a value at `at` is invalid, it is the cause, and `so` is the consequence: "popularity is left out". */
  readonly lacks?: { readonly at: readonly ConfigPath[]; readonly so: Message };
}
