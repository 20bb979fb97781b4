import { message, render, type Message } from '../../report/message.ts';
import type { Problem, ReadingRule, TextFix } from '../problem.ts';
import type { Span } from '../span.ts';
import type { ConfigPath } from '../tree.ts';

/** More problems than these are only counted: nobody reads them, and a broken file of a megabyte must not make a list of as many lines. */
export const MAX_PROBLEMS = 500;

/** Collects problems: each once, though aliases and alternatives may meet it again. */
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

  /** True where further ones are only counted: no work is worth while that only says more about them. */
  get isFull(): boolean {
    return this.#list.length >= MAX_PROBLEMS;
  }

  /** How many there are: what `reset` takes. */
  get mark(): number {
    return this.#list.length + this.#more;
  }

  /** Forgets what was added since `mark`: a part is read again in another way. */
  reset(mark: number): void {
    for (const key of this.#keys.splice(mark)) this.#seen.delete(key);
    this.#list.length = Math.min(this.#list.length, mark);
    this.#more = Math.max(0, mark - this.#list.length);
  }

  /** All of them, in the order of the text. */
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
