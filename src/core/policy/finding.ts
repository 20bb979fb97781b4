import type { Range } from '../config/span.ts';
import type { Stage } from '../schema/stage.ts';
import type { Message } from '../message/message.ts';

export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One finding of a rule, at its place in a file. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: Message;
  /** Null if it is about the whole document. */
  readonly stage: Stage | null;
  readonly range: Range;
  /** The first is the preferred one. */
  readonly fixes: readonly Fix[];
  /** Other places that it is about, with the fix for each. All fixes are offered there too; that one comes first. */
  readonly elsewhere: readonly { readonly range: Range; readonly fix: Fix | null }[];
  /** True for text that can be removed, such as an unused suppression: editors grey it out. */
  readonly unnecessary: boolean;
  /** Reasons, advice, numbers and examples behind the finding, one line each. */
  readonly details: readonly FindingDetail[];
}

/** One line behind a finding. `row`: values of a row of the data that shows it, as exact texts by column. */
export interface FindingDetail extends Message {
  readonly row?: Readonly<Record<string, string>>;
}

/** A change of the config that resolves a finding. */
export interface Fix {
  readonly title: Message;
  readonly edits: readonly Edit[];
  /** True if it only expresses the same meaning more clearly: fix all and `--fix` apply it without asking. */
  readonly safe: boolean;
}

/** Replaces `range` with `text`. The ranges of one fix do not overlap. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** Result of a rule in one run. Rules that are off, or have no stage or data to check, are not in the list. */
export interface RuleStatus {
  readonly rule: string;
  readonly status: 'passed' | 'found' | 'not-run';
  /** Why it did not run. */
  readonly because?: Message;
  /** True if it did not run although the data were read: they hold nothing that it compares. */
  readonly nothingToCompare?: true;
  /** The numbers that a data rule compares with, by option. */
  readonly limits?: Readonly<Record<string, number>>;
}

/**
 * True if no rule lacks data: each ran, or the data hold nothing that it compares. Only then does an empty list of
 * findings mean that there are none.
 */
export function isChecked(rules: readonly RuleStatus[]): boolean {
  return rules.every(({ status, nothingToCompare }) => status !== 'not-run' || nothingToCompare === true);
}
