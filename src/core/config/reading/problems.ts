import { message, render, type Message } from '../../message/message.ts';
import type { Problem, ReadingRule, TextFix } from '../problem.ts';
import type { Span } from '../span.ts';
import type { ConfigPath } from '../tree.ts';

/** Problems beyond this number are only counted, so that a broken file of a megabyte has no list of that size. */
export const MAX_PROBLEMS = 500;

/** Collects problems, each once, even if aliases and alternatives meet it again. */
export class Problems {
  readonly #list: Problem[] = [];
  readonly #keys: string[] = [];
  readonly #seen = new Set<string>();
  #more = 0;

  add(
    rule: ReadingRule,
    span: Span,
    text: Message,
    { path = [], fixes = [] }: { readonly path?: ConfigPath; readonly fixes?: readonly TextFix[] } = {},
  ): void {
    const key = `${rule} ${span.start} ${span.end} ${render(text)}`;
    if (this.#seen.has(key)) return;
    if (this.#list.length >= MAX_PROBLEMS) {
      this.#more++;
      return;
    }
    this.#seen.add(key);
    this.#keys.push(key);
    this.#list.push({ rule, span, path, message: text, fixes });
  }

  /** True if further problems are only counted. Work that only describes them is not worthwhile. */
  get isFull(): boolean {
    return this.#list.length >= MAX_PROBLEMS;
  }

  /** Number of problems so far; the argument of `reset`. */
  get mark(): number {
    return this.#list.length + this.#more;
  }

  /** Removes the problems added since `mark`, because a part is read again in another way. */
  reset(mark: number): void {
    for (const key of this.#keys.splice(mark)) this.#seen.delete(key);
    this.#list.length = Math.min(this.#list.length, mark);
    this.#more = Math.max(0, mark - this.#list.length);
  }

  /** All problems, in text order. */
  get list(): readonly Problem[] {
    const list = [...this.#list].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
    const last = list.at(-1);
    if (last && this.#more > 0)
      list.push({
        rule: 'config/syntax',
        span: last.span,
        path: [],
        message: message('{0} more problems are not listed', this.#more),
        fixes: [],
      });
    return list;
  }
}
