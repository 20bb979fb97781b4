import { message } from '../../message/message.ts';
import type { ConfigNode, ListNode, MapNode, ScalarNode } from '../tree.ts';
import { MAX_DEPTH } from './limits.ts';
import { PairList } from './pairList.ts';
import type { Problems } from './problems.ts';
import { plainValue, unescaped } from './scalar.ts';
import { deep, part, whole } from './fallbackToLibrary.ts';

const TAB = 9,
  LF = 10,
  CR = 13,
  SPACE = 32,
  HASH = 35,
  COMMA = 44,
  COLON = 58;
const DOUBLE = 34,
  SINGLE = 39,
  DOLLAR = 36,
  OPEN_LIST = 91,
  CLOSE_LIST = 93,
  OPEN_MAP = 123,
  CLOSE_MAP = 125;

const isBlank = (code: number): boolean =>
  code === SPACE || code === TAB || code === LF || code === CR || Number.isNaN(code);
const isBracket = (code: number): boolean =>
  code === COMMA || code === OPEN_LIST || code === CLOSE_LIST || code === OPEN_MAP || code === CLOSE_MAP;

/**
 * Reads scalars, and flow collections in their usual spelling. Throws `FallbackToLibrary` at anything else. Line ends are LF or
 * CRLF.
 * @throws FallbackToLibrary if the YAML library must read the text
 */
export class FlowReader {
  /** Offset after the last thing read. */
  at = 0;
  /** Lines of a collection must be indented deeper than this column. */
  #parent = -1;

  constructor(
    readonly text: string,
    private readonly problems: Problems,
  ) {}

  /** Reads a quoted scalar, a collection, or a plain scalar in block style, at `start`. */
  value(start: number, parent: number, depth: number): ConfigNode {
    this.#parent = parent;
    const code = this.text.charCodeAt(start);
    if (code === OPEN_MAP) return this.#map(start, depth);
    if (code === OPEN_LIST) return this.#list(start, depth);
    return this.scalar(start, false);
  }

  scalar(start: number, flow: boolean): ScalarNode {
    const code = this.text.charCodeAt(start);
    if (code === DOUBLE) return this.#double(start);
    if (code === SINGLE) return this.#single(start);
    return this.plain(start, flow);
  }

  /**
   * Reads a plain scalar on one line. Reports `${name}` without quotes: YAML reads a map there, this reader does not.
   */
  plain(start: number, flow: boolean): ScalarNode {
    const { text } = this;
    this.#checkFirst(start, flow);
    let end = start;
    let i = start;
    let hole = false;
    scan: for (; ; i++) {
      const code = text.charCodeAt(i);
      switch (code) {
        case SPACE:
        case TAB:
          continue;
        case LF:
        case CR:
          break scan;
        case COLON: {
          const next = text.charCodeAt(i + 1);
          if (isBlank(next) || (flow && isBracket(next))) break scan;
          break;
        }
        case HASH:
          if (i > start && isBlank(text.charCodeAt(i - 1))) break scan;
          break;
        case OPEN_MAP:
          if (flow && text.charCodeAt(i - 1) === DOLLAR) {
            const close = /[^{}\n\r,]*\}/y;
            close.lastIndex = i + 1;
            const closing = close.exec(text);
            if (!closing) throw part;
            hole = true;
            i += closing[0].length;
            break;
          }
          if (flow) break scan;
          break;
        case COMMA:
        case OPEN_LIST:
        case CLOSE_LIST:
        case CLOSE_MAP:
          if (flow) break scan;
          break;
        default:
          if (Number.isNaN(code)) break scan;
      }
      end = i + 1;
    }
    this.at = end;
    if (end === start) throw part;
    const source = text.slice(start, end);
    const span = { start, end };
    if (hole) {
      const changes = [{ span, text: `'${source.replaceAll("'", "''")}'` }];
      this.problems.add(
        'config/syntax',
        span,
        message('Inside { } and [ ], put quotes around a string with ${…}: YAML reads the brace as a map'),
        { fixes: [{ title: message('Quote it'), changes, safe: true }] },
      );
    }
    return { kind: 'scalar', span, value: plainValue(source), source, quoted: false };
  }

  #checkFirst(start: number, flow: boolean): void {
    const code = this.text.charCodeAt(start);
    switch (code) {
      case 38:
      case 42:
      case 33: // & * !
        throw whole;
      case 45: {
        // -
        const next = this.text.charCodeAt(start + 1);
        if (isBlank(next) || (flow && isBracket(next))) throw part;
        return;
      }
      case 63: // ?
        throw isBlank(this.text.charCodeAt(start + 1)) ? whole : part;
      case COLON:
      case 124:
      case 62:
      case 37:
      case 64:
      case 96:
      case HASH:
      case TAB: // : | > % @ ` #
      case COMMA:
      case OPEN_LIST:
      case CLOSE_LIST:
      case OPEN_MAP:
      case CLOSE_MAP:
        throw part;
    }
  }

  #double(start: number): ScalarNode {
    const { text } = this;
    let end = start + 1;
    for (; ; end++) {
      const code = text.charCodeAt(end);
      if (code === DOUBLE) break;
      if (code === 92) end++;
      if (Number.isNaN(code) || code === LF || code === CR) throw part;
    }
    const source = text.slice(start + 1, end);
    const value = unescaped(source);
    if (value === null || /[\n\r]/.test(source)) throw part;
    this.at = end + 1;
    return { kind: 'scalar', span: { start, end: end + 1 }, value, source: value, quoted: true };
  }

  #single(start: number): ScalarNode {
    const { text } = this;
    let end = start + 1;
    for (; ; end++) {
      const code = text.charCodeAt(end);
      if (code === SINGLE) {
        if (text.charCodeAt(end + 1) !== SINGLE) break;
        end++;
      }
      if (Number.isNaN(code) || code === LF || code === CR) throw part;
    }
    const value = text.slice(start + 1, end).replaceAll("''", "'");
    this.at = end + 1;
    return { kind: 'scalar', span: { start, end: end + 1 }, value, source: value, quoted: true };
  }

  #node(start: number, depth: number): ConfigNode {
    const code = this.text.charCodeAt(start);
    if (code === OPEN_MAP) return this.#map(start, depth);
    if (code === OPEN_LIST) return this.#list(start, depth);
    return this.scalar(start, true);
  }

  #map(start: number, depth: number): MapNode {
    if (depth > MAX_DEPTH) throw deep;
    const { text } = this;
    const list = new PairList(this.problems);
    let i = this.#skip(start + 1);
    while (text.charCodeAt(i) !== CLOSE_MAP) {
      const key = this.scalar(i, true);
      if (text.charCodeAt(this.at) === COMMA && key.span.end - key.span.start > 1000) throw part;
      i = this.#skip(this.at);
      let colon: number | null = null;
      let value: ConfigNode | null = null;
      if (text.charCodeAt(i) === COLON) {
        const next = text.charCodeAt(i + 1);
        if (!key.quoted && !isBlank(next) && !isBracket(next)) throw part;
        colon = i;
        i = this.#skip(i + 1);
        const code = text.charCodeAt(i);
        if (code !== COMMA && code !== CLOSE_MAP) {
          value = this.#node(i, depth + 1);
          i = this.#skip(this.at);
        }
      }
      list.add({ key, colon, value });
      const code = text.charCodeAt(i);
      if (code === COMMA) i = this.#skip(i + 1);
      else if (code !== CLOSE_MAP) throw part;
    }
    this.at = i + 1;
    return { kind: 'map', span: { start, end: i + 1 }, flow: true, pairs: list.pairs };
  }

  #list(start: number, depth: number): ListNode {
    if (depth > MAX_DEPTH) throw deep;
    const { text } = this;
    const items: ConfigNode[] = [];
    let i = this.#skip(start + 1);
    while (text.charCodeAt(i) !== CLOSE_LIST) {
      items.push(this.#node(i, depth + 1));
      i = this.#skip(this.at);
      const code = text.charCodeAt(i);
      if (code === COMMA) i = this.#skip(i + 1);
      else if (code !== CLOSE_LIST) throw part;
    }
    this.at = i + 1;
    return { kind: 'list', span: { start, end: i + 1 }, flow: true, items };
  }

  /**
   * Skips spaces, line ends and comments. Skipped lines are indented deeper than the parent, except closing brackets.
   */
  #skip(from: number): number {
    const { text } = this;
    let i = from;
    for (; ; i++) {
      const code = text.charCodeAt(i);
      if (code === SPACE) continue;
      if (code === HASH) {
        if (!isBlank(text.charCodeAt(i - 1))) throw part;
        while (i < text.length && text.charCodeAt(i) !== LF && text.charCodeAt(i) !== CR) i++;
      }
      const end = text.charCodeAt(i);
      if (end === CR && text.charCodeAt(i + 1) === LF) i++;
      else if (end !== LF) {
        if (end === TAB || Number.isNaN(end)) throw part;
        return i;
      }
      // At a line end: check the indentation of the next line.
      let next = i + 1;
      while (text.charCodeAt(next) === SPACE) next++;
      const first = text.charCodeAt(next);
      const column = next - i - 1;
      if (first === TAB) throw part;
      if (
        first !== LF &&
        first !== CR &&
        first !== HASH &&
        (column < this.#parent || (column === this.#parent && first !== CLOSE_MAP && first !== CLOSE_LIST))
      )
        throw part;
    }
  }
}
