import type { Message } from '../report/message.ts';
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

/** Something that is wrong with the text of a config by itself. */
export interface Problem {
  readonly rule: ReadingRule;
  readonly span: Span;
  /** Where it is in the tree, as far as that is known. */
  readonly path: ConfigPath;
  readonly message: Message;
  readonly fixes: readonly TextFix[];
}

/** Replaces parts of the text. */
export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

/** A change that mends a problem. The first of several is the preferred one. */
export interface TextFix {
  readonly title: Message;
  readonly changes: readonly TextChange[];
  /** True where it only says better what is meant, so that it may be made without asking (fix all, `--fix`). */
  readonly safe: boolean;
}
