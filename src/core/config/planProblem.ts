import type { ConfigPath } from './tree.ts';
import type { Message } from '../message/message.ts';
import type { Refusal } from '../message/refusal.ts';

/** A part of the config that the plan had to leave out. */
export interface PlanProblem {
  readonly message: Message;
  /** Null if it has no place in the text. */
  readonly path: ConfigPath | null;
  /**
   * Why no sample file is written; `caller`: not because of the config, but of what the caller chose. Null if every row
   * is still drawn as the config specifies.
   */
  readonly refusal: Refusal | 'caller' | null;
  /** Other parts of the config that may cause it. */
  readonly causes?: readonly ConfigPath[];
  /** What to do, if known. */
  readonly advice?: Message;
  /** Values that explain the problem if one of them is invalid, and the consequence: "popularity is left out". */
  readonly lacks?: { readonly at: readonly ConfigPath[]; readonly so: Message };
}
