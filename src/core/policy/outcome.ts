import type { Message } from '../message/message.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Finding } from './finding.ts';
import type { Rule } from './rule.ts';

/** Result of one rule. */
export interface Outcome {
  readonly rule: Rule;
  findings: Finding[];
  /** What the rule reported of its findings: `Report.unless`. */
  readonly unless?: ReadonlyMap<Finding, readonly ConfigPath[]>;
  /** Why it did not run, or why it has no findings although it did. */
  because: Message | null;
  /** True if it did not run at all. */
  failed: boolean;
  /** True if all that it needs is known, but holds nothing to compare. */
  nothingToCompare?: boolean;
}
