import type { Message } from '../message/message.ts';
import type { Span } from '../config/span.ts';
import type { Finding } from './finding.ts';
import type { Rule } from './rule.ts';

/** Result of one rule. */
export interface Outcome {
  readonly rule: Rule;
  findings: Finding[];
  /** Parts of the text in which an error of another rule explains a finding of this one. */
  readonly unless: ReadonlyMap<Finding, readonly Span[]>;
  /** Why it did not run, or why it has no findings although it did. */
  because: Message | null;
  /** True if it did not run at all. */
  failed: boolean;
  /** True if all that it needs is known, but holds nothing to compare. */
  nothingToCompare?: boolean;
}
