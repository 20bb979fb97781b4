import type { Message } from '../message/message.ts';
import type { Span } from './span.ts';
import type { ConfigPath } from './tree.ts';

/** Rules whose findings come from reading a config: its syntax and its shape. */
export const readingRules = [
  'config/syntax',
  'config/unknown-key',
  'config/type',
  'config/range',
  'config/duplicate-key',
  'config/missing-key',
  'config/version',
  'config/variable',
] as const;
export type ReadingRule = (typeof readingRules)[number];

/** A fault in the text of a config that is visible without data or policy. */
export interface Problem {
  readonly rule: ReadingRule;
  readonly span: Span;
  /** Path of the part with the problem, as far as known. */
  readonly path: ConfigPath;
  readonly message: Message;
  readonly fixes: readonly TextFix[];
}

/** Replaces parts of the text. */
export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

/** A change that fixes a problem. The first of several is the preferred one. */
export interface TextFix {
  readonly title: Message;
  readonly changes: readonly TextChange[];
  /** True if the meaning stays the same. Such a fix may be applied without asking (fix all, `--fix`). */
  readonly safe: boolean;
}
