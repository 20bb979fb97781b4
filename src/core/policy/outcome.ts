import type { Message } from '../report/message.ts';
import type { Finding } from './finding.ts';
import type { Rule } from './rule.ts';

/** What one rule came to. */
export interface Outcome {
  readonly rule: Rule;
  findings: Finding[];
  /** Why it did not run, or why it has no findings though it did. */
  because: Message | null;
  /** True where it did not run as a whole. */
  failed: boolean;
}
