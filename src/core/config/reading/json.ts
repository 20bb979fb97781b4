import { message } from '../../message/message.ts';
import type { TextFix } from '../problem.ts';
import type { ConfigNode, ListNode, MapNode, ScalarNode } from '../tree.ts';
import { MAX_DEPTH } from './limits.ts';
import { PairList } from './pairList.ts';
import type { Problems } from './problems.ts';
import { integer, plainValue, unescaped } from './scalar.ts';

/**
 * Reads strict JSON (RFC 8259) and common deviations: comments, single quotes, keys without quotes, extra or missing
 * commas, YAML numbers.
 * Each deviation is a problem with its fix, and reading continues. Linear in the length of the text. Never throws.
 */
export function readJson(text: string, problems: Problems): ConfigNode | null {
  return new JsonReader(text, problems).document();
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const word = /[^\s,:[\]{}"'#]+/y;

class JsonReader {
  #at = 0;
  /** Start of the last problem. Later problems on the same line are mostly its consequences. */
  #lastError: number | null = null;

  constructor(
    private readonly text: string,
    private readonly problems: Problems,
  ) {}

  document(): ConfigNode | null {
    if (this.text.startsWith('\uFEFF')) this.#at = 1;
    this.#skip();
    if (this.#at >= this.text.length) return null;
    const root = this.#value(0);
    this.#skip();
    if (this.#at < this.text.length)
      this.#problem(this.#at, this.#at + 1, message('Nothing can follow the end of the document'));
    return root;
  }

  #value(depth: number): ConfigNode | null {
    const start = this.#at;
    const sign = this.text[start];
    if (sign === '{' || sign === '[') {
      if (depth < MAX_DEPTH) return sign === '{' ? this.#map(start, depth) : this.#list(start, depth);
      this.#problem(start, start + 1, message('Nested more than {0} levels deep', MAX_DEPTH));
      this.#at = this.text.length;
      return null;
    }
    if (sign === '"' || sign === "'") return this.#quoted(start);
    return this.#word(start, false);
  }

  #map(start: number, depth: number): MapNode {
    const list = new PairList(this.problems);
    this.#entries(start, '}', () => {
      const from = this.#at;
      const sign = this.text[from];
      const key =
        sign === '"' || sign === "'"
          ? this.#quoted(from)
          : sign === '{' || sign === '['
            ? null
            : this.#word(from, true);
      if (!key) {
        this.#problem(from, from + 1, message('A key in double quotes is expected here'));
        if (sign === '{' || sign === '[') this.#value(depth + 1);
        return;
      }
      this.#skip();
      let colon: number | null = null;
      let value: ConfigNode | null = null;
      if (this.text[this.#at] === ':') {
        colon = this.#at++;
        this.#skip();
        if (/^[,}\]]?$/.test(this.text[this.#at] ?? ''))
          this.#problem(colon, colon + 1, message('A value is missing after the colon'));
        else value = this.#value(depth + 1);
      } else this.#problem(key.span.start, key.span.end, message('A colon is missing after {0}', key.source));
      list.add({ key, colon, value });
    });
    return { kind: 'map', span: { start, end: this.#at }, flow: true, pairs: list.pairs };
  }

  #list(start: number, depth: number): ListNode {
    const items: ConfigNode[] = [];
    this.#entries(start, ']', () => {
      const item = this.#value(depth + 1);
      if (item) items.push(item);
    });
    return { kind: 'list', span: { start, end: this.#at }, flow: true, items };
  }

  /** Reads entries between brackets, separated by commas. Every iteration reads at least one character. */
  #entries(start: number, closing: '}' | ']', read: () => void): void {
    this.#at = start + 1;
    let comma: number | null = null;
    let end = 0;
    for (;;) {
      this.#skip();
      const sign = this.text[this.#at];
      if (sign === undefined || sign === '}' || sign === ']') {
        if (comma !== null)
          this.#problem(comma, comma + 1, message('JSON allows no comma before a closing bracket'), [
            fix(message('Remove the comma'), comma, comma + 1, '', true),
          ]);
        if (sign === closing) this.#at++;
        else this.#problem(start, start + 1, message('{0} is not closed', this.text[start] ?? ''));
        return;
      }
      if (sign === ',') {
        if (comma !== null || end === 0)
          this.#problem(this.#at, this.#at + 1, message('Extra comma'), [
            fix(message('Remove the comma'), this.#at, this.#at + 1, '', true),
          ]);
        comma = this.#at++;
        continue;
      }
      if (sign === ':') {
        this.#problem(this.#at, this.#at + 1, message('{0} is not expected here', ':'));
        this.#at++;
        continue;
      }
      if (end > 0 && comma === null)
        this.#problem(end - 1, end, message('A comma is missing after this'), [
          fix(message('Put a comma here'), end, end, ',', false),
        ]);
      comma = null;
      const before = this.#at;
      read();
      // If nothing could be read, one character is skipped.
      if (this.#at === before) this.#at++;
      end = this.#at;
    }
  }

  #quoted(start: number): ScalarNode {
    const quote = this.text[start];
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== quote && this.text[end] !== '\n' && this.text[end] !== '\r')
      end += this.text[end] === '\\' ? 2 : 1;
    end = Math.min(end, this.text.length);
    const closed = this.text[end] === quote;
    const inner = this.text.slice(start + 1, end);
    this.#at = closed ? end + 1 : end;
    const sound = /^(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*$/s.test(inner);
    const value = (quote === "'" ? inner : unescaped(inner)) ?? inner;
    if (!closed) this.#problem(start, end, message('A quote is not closed'));
    else if (quote === "'")
      this.#problem(start, this.#at, message('JSON allows only double quotes'), [
        fix(message('Write double quotes'), start, this.#at, JSON.stringify(value), true),
      ]);
    else if (!sound)
      this.#problem(
        start,
        this.#at,
        message('In a JSON string, a backslash must be followed by one of " \\ / b f n r t u'),
      );
    else if (/[\u0000-\u001f]/.test(inner))
      this.#problem(
        start,
        this.#at,
        message('In a JSON string, a control character such as a tab must be written as \\u'),
      );
    return { kind: 'scalar', span: { start, end: this.#at }, value, source: value, quoted: true };
  }

  #word(start: number, isKey: boolean): ScalarNode | null {
    word.lastIndex = start;
    const source = word.exec(this.text)?.[0] ?? '';
    if (source === '') {
      this.#problem(start, start + 1, message('{0} is not expected here', this.text[start] ?? ''));
      return null;
    }
    const end = start + source.length;
    this.#at = end;
    const span = { start, end };
    const quote = fix(message('Quote it'), start, end, JSON.stringify(source), isKey);
    if (isKey) {
      this.#problem(start, end, message('Put double quotes around a key in JSON'), [quote]);
      return { kind: 'scalar', span, value: source, source, quoted: false };
    }
    number.lastIndex = start;
    if (number.exec(this.text)?.[0] === source)
      return {
        kind: 'scalar',
        span,
        value: /^-?\d+$/.test(source) ? integer(BigInt(source)) : Number(source),
        source,
        quoted: false,
      };
    if (source === 'true' || source === 'false' || source === 'null')
      return { kind: 'scalar', span, value: source === 'null' ? null : source === 'true', source, quoted: false };
    const value = plainValue(source);
    if (typeof value === 'number' && Number.isFinite(value))
      this.#problem(start, end, message('In JSON, write this number as {0}', String(value)), [
        fix(message('Change to {0}', String(value)), start, end, String(value), true),
      ]);
    else if (typeof value === 'number') this.#problem(start, end, message('{0} is not a valid number in JSON', source));
    else if (typeof value === 'boolean' || value === null)
      this.#problem(start, end, message('In JSON, write {0}', String(value)), [
        fix(message('Change to {0}', String(value)), start, end, String(value), true),
      ]);
    else this.#problem(start, end, message('Put double quotes around a string in JSON'), [quote]);
    return { kind: 'scalar', span, value, source, quoted: false };
  }

  /** Skips spaces, line ends and comments. */
  #skip(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code === 32 || code === 9 || code === 10 || code === 13) this.#at++;
      else if (code === 35 || (code === 47 && (this.text[this.#at + 1] === '/' || this.text[this.#at + 1] === '*'))) {
        const start = this.#at;
        const close = this.text.startsWith('/*', start) ? /\*\/|$/g : /[\r\n]|$/g;
        close.lastIndex = start + 1;
        const match = close.exec(this.text);
        const end = (match?.index ?? this.text.length) + (match?.[0] === '*/' ? 2 : 0);
        this.#problem(start, end, message('JSON allows no comments, but a .yaml config does'));
        this.#at = end;
      } else return;
    }
  }

  #problem(start: number, end: number, text: ReturnType<typeof message>, fixes: readonly TextFix[] = []): void {
    const sameLine = this.#lastError !== null && !/[\r\n]/.test(this.text.slice(this.#lastError, start));
    this.#lastError = start;
    if (sameLine && fixes.length === 0) return;
    this.problems.add(
      'config/syntax',
      { start: Math.min(start, this.text.length), end: Math.min(end, this.text.length) },
      text,
      { fixes },
    );
  }
}

function fix(title: TextFix['title'], start: number, end: number, text: string, safe: boolean): TextFix {
  return { title, changes: [{ span: { start, end }, text }], safe };
}
