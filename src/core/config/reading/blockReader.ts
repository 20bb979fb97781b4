import { message } from '../../message/message.ts';
import { endOfPair, type ConfigNode, type ListNode, type MapNode, type Pair, type ScalarNode } from '../tree.ts';
import { BlockLines, type Line } from './blockLines.ts';
import { FlowReader } from './flow.ts';
import { readWithLibrary } from './library.ts';
import { MAX_DEPTH } from './limits.ts';
import { PairList } from './pairList.ts';
import type { Problems } from './problems.ts';
import { isUnspaced, reportMissingSpace, nameBeforeValue } from './unspacedPair.ts';
import { deep, part, FallbackToLibrary, whole } from './fallbackToLibrary.ts';

const COLON = 58;
/** Number of lines searched for a key if the first line of a block has none. */
const LOOKAHEAD = 50;

/** Reads the YAML that nearly all configs use. Throws `FallbackToLibrary` if the library must read the whole document. */
export class BlockReader {
  readonly #lines: BlockLines;
  readonly #flow: FlowReader;
  /** The next line to read; null at the end. */
  #line: Line | null;
  /** Offset of the colon of the last key. */
  #colon = 0;

  constructor(
    private readonly text: string,
    from: number,
    private readonly problems: Problems,
  ) {
    this.#lines = new BlockLines(text);
    this.#flow = new FlowReader(text, problems);
    this.#line = this.#lines.lineFrom(from);
  }

  document(): ConfigNode | null {
    const line = this.#line;
    if (!line) return null;
    if (this.#lines.isDash(line.at)) return this.#list(line.indent, -1, 0, false);
    if (this.#isMap(line)) return this.#map(line.indent, -1, 0);
    // JSON or a map on one line is read here; the library reads everything else.
    const node = this.#inline(line.at, -1, 0);
    if (node.kind === 'scalar' || this.#lines.lineFrom(this.#lines.nextLine(this.#flow.at))) throw whole;
    return node;
  }

  /** Reads the entries of a block map, up to a line that is not indented deeper than `parent`. */
  #map(indent: number, parent: number, depth: number): MapNode {
    const list = new PairList(this.problems);
    const start = this.#line?.at ?? 0;
    let end = start;
    const take = (pair: Pair): void => {
      list.add(pair);
      end = Math.max(end, endOfPair(pair));
    };
    for (let line = this.#line; line && line.indent > parent; line = this.#line) {
      if (line.tabs || line.indent !== indent) this.#misplaced(line, indent);
      if (this.#lines.isDash(line.at)) {
        this.problems.add(
          'config/syntax',
          { start: line.at, end: line.at + 1 },
          message('A list item cannot be between the keys of a map'),
        );
        this.#skipEntry(line);
      } else this.#entry(line, depth, take);
    }
    return {
      kind: 'map',
      span: { start: list.pairs[0]?.key.span.start ?? start, end },
      flow: false,
      pairs: list.pairs,
    };
  }

  /** Reads one pair with all of its lines. It is more than one only if the library finds more. */
  #entry(line: Line, depth: number, take: (pair: Pair) => void): void {
    const mark = this.problems.mark;
    try {
      const key = this.#unspacedKey(line.at) ?? this.#key(line.at);
      if (!key) throw part;
      const colon = this.#colon;
      take({ key, colon, value: this.#valueBehind(colon + 1, line, depth) });
    } catch (reason) {
      const node = this.#givenUp(reason, line, mark);
      if (node?.kind === 'map' && !node.flow) node.pairs.forEach(take);
      else if (node?.kind === 'scalar' && isUnspaced(node)) take({ key: node, colon: null, value: null });
      else if (node?.kind === 'scalar' && !node.quoted && /^\S+$/.test(node.source)) {
        const end = { start: node.span.end, end: node.span.end };
        this.problems.add('config/syntax', node.span, message('A colon is missing after {0}', node.source), {
          fixes: [{ title: message('Add a colon after it'), changes: [{ span: end, text: ':' }], safe: false }],
        });
        take({ key: node, colon: null, value: null });
      } else if (node)
        this.problems.add(
          'config/syntax',
          { start: line.at, end: this.#lines.endOf(line.at) },
          message('A key and a colon are expected here'),
        );
    }
  }

  /** Reads the items of a block list. In the column of its key, the list ends at the first line without a dash. */
  #list(indent: number, parent: number, depth: number, atKey: boolean): ListNode {
    const items: ConfigNode[] = [];
    const start = this.#line?.at ?? 0;
    for (let line = this.#line; line && line.indent > parent; line = this.#line) {
      const dash = this.#lines.isDash(line.at);
      if (atKey && line.indent === indent && !dash) break;
      if (line.tabs || (dash && line.indent !== indent)) this.#misplaced(line, indent);
      if (dash) this.#item(line, depth, items);
      else {
        this.problems.add(
          'config/syntax',
          { start: line.at, end: this.#lines.endOf(line.at) },
          message('A list item must begin with a dash'),
        );
        this.#skipEntry(line);
      }
    }
    return { kind: 'list', span: { start, end: items.at(-1)?.span.end ?? start + 1 }, flow: false, items };
  }

  #item(line: Line, depth: number, items: ConfigNode[]): void {
    const mark = this.problems.mark;
    try {
      const at = this.#lines.spaces(line.at + 1);
      const inner: Line = { start: line.start, indent: at - line.start, at, tabs: false };
      // No block may begin after a tab; the library reports this.
      if (!this.#lines.isEnd(at) && this.text.slice(line.at + 1, at).includes('\t')) throw part;
      const isDash = !this.#lines.isEnd(at) && this.#lines.isDash(at);
      if (isDash || (!this.#lines.isEnd(at) && this.#key(at))) {
        if (depth >= MAX_DEPTH) throw deep;
        this.#line = inner;
        items.push(
          isDash
            ? this.#list(inner.indent, line.indent, depth + 1, false)
            : this.#map(inner.indent, line.indent, depth + 1),
        );
      } else
        items.push(
          this.#valueBehind(line.at + 1, line, depth, false) ?? {
            kind: 'scalar',
            span: { start: line.at + 1, end: line.at + 1 },
            value: null,
            source: '',
            quoted: false,
          },
        );
    } catch (reason) {
      const node = this.#givenUp(reason, line, mark);
      if (node?.kind === 'list') for (const item of node.items) items.push(item);
    }
  }

  /** Reads the value after a colon or a dash, or on the lines below. A list may be indented as little as its key. */
  #valueBehind(from: number, line: Line, depth: number, isPair = true): ConfigNode | null {
    const at = this.#lines.spaces(from);
    if (!this.#lines.isEnd(at)) {
      const value = this.#inline(at, line.indent, depth + 1);
      const next = this.#lines.lineFrom(this.#lines.nextLine(this.#flow.at));
      // The text continues below. A key there has wrong indentation, which its map reports.
      if (next && next.indent > line.indent && (this.#lines.isDash(next.at) || !this.#key(next.at))) throw part;
      this.#line = next;
      return value;
    }
    const next = this.#lines.lineFrom(this.#lines.nextLine(at));
    this.#line = next;
    if (!next) return null;
    const isDash = this.#lines.isDash(next.at);
    const atKey = isPair && isDash && next.indent === line.indent && line.at - line.start === line.indent;
    if (next.indent <= line.indent && !atKey) return null;
    if (!isDash && !this.#isMap(next)) throw part;
    if (depth >= MAX_DEPTH) throw deep;
    if (!isDash) return this.#map(next.indent, line.indent, depth + 1);
    return this.#list(next.indent, atKey ? line.indent - 1 : line.indent, depth + 1, atKey);
  }

  /** Reads a value that starts on this line; only a comment may follow it on its last line. */
  #inline(at: number, parent: number, depth: number): ConfigNode {
    const node = this.#flow.value(at, parent, depth);
    if (this.#lines.isEnd(this.#lines.spaces(this.#flow.at))) return node;
    if (node.kind !== 'scalar' || node.quoted || this.text.charCodeAt(this.#lines.spaces(this.#flow.at)) !== COLON)
      throw part;
    return this.#withColons(node);
  }

  /** `a: b: c`: takes the whole text as the value. */
  #withColons(node: ScalarNode): ScalarNode {
    const { start } = node.span;
    const line = this.text.slice(start, this.#lines.endOf(start));
    const source = line.slice(0, /\s#/.exec(line)?.index ?? line.length).trimEnd();
    const span = { start, end: start + source.length };
    this.problems.add('config/syntax', span, message('A string with a colon and a space must be quoted'), {
      fixes: [
        { title: message('Quote it'), changes: [{ span, text: `'${source.replaceAll("'", "''")}'` }], safe: false },
      ],
    });
    this.#flow.at = span.end;
    return { kind: 'scalar', span, value: source, source, quoted: false };
  }

  /** Reads a key and its colon at an offset; null if there is none. */
  #key(at: number): ScalarNode | null {
    try {
      const key = this.#flow.scalar(at, false);
      const colon = this.#lines.spaces(this.#flow.at);
      if (this.text.charCodeAt(colon) !== COLON || !this.#lines.isBlank(colon + 1) || colon - at > 1000) return null;
      this.#colon = colon;
      return key;
    } catch (reason) {
      if (reason instanceof FallbackToLibrary && reason.how === 'part') return null;
      throw reason;
    }
  }

  /** Reads the key of `name:{…}` or `name:"…"` and adds a problem. No plain name continues like this after a colon. */
  #unspacedKey(at: number): ScalarNode | null {
    const name = nameBeforeValue(this.text, at);
    if (name === null) return null;
    this.#colon = at + name.length;
    reportMissingSpace(name, this.#colon, this.problems);
    return { kind: 'scalar', span: { start: at, end: this.#colon }, value: name, source: name, quoted: false };
  }

  /** True if a block that begins with this line is a map: one of its lines has a key. */
  #isMap(line: Line): boolean {
    let next: Line | null = line;
    for (let n = 0; next && n < LOOKAHEAD && next.indent >= line.indent; n++) {
      if (next.indent === line.indent && (n === 0 || !this.#lines.isDash(next.at)) && this.#key(next.at)) return true;
      // Brackets and quotes may span lines; text that looks like a key there is not one.
      if (n === 0 && /["'{[|>]/.test(this.text.charAt(line.at))) return false;
      next = this.#lines.lineFrom(this.#lines.nextLine(next.at));
    }
    return false;
  }

  /** Falls back to the library for an entry that this reader cannot read, including the lines indented below it. */
  #givenUp(reason: unknown, line: Line, mark: number): ConfigNode | null {
    if (!(reason instanceof FallbackToLibrary) || reason.how === 'whole') throw reason;
    this.problems.reset(mark);
    this.#skipEntry(line);
    if (reason.how === 'deep') {
      this.problems.add(
        'config/syntax',
        { start: line.at, end: this.#lines.endOf(line.at) },
        message('Nested more than {0} levels deep', MAX_DEPTH),
      );
      return null;
    }
    // The library takes 0.2 ms per error: a megabyte of errors must not take a minute.
    if (this.problems.isFull) {
      this.problems.add(
        'config/syntax',
        { start: line.at, end: this.#lines.endOf(line.at) },
        message('This entry is not read'),
      );
      return null;
    }
    const text = ' '.repeat(line.at - line.start) + this.text.slice(line.at, this.#line?.start ?? this.text.length);
    return readWithLibrary(text, line.start, this.problems, { first: true });
  }

  #skipEntry(line: Line): void {
    let next = this.#lines.lineFrom(this.#lines.nextLine(line.at));
    while (next && next.indent > line.indent) next = this.#lines.lineFrom(this.#lines.nextLine(next.at));
    this.#line = next;
  }

  #misplaced(line: Line, indent: number): void {
    const span = { start: line.start, end: line.at };
    const fixes = [
      { title: message('Indent by {0} spaces', indent), changes: [{ span, text: ' '.repeat(indent) }], safe: false },
    ];
    if (line.tabs)
      this.problems.add(
        'config/syntax',
        span,
        message('YAML does not allow tabs for indentation. Indent with spaces'),
        { fixes },
      );
    else if (line.at - line.start !== line.indent || this.text.slice(line.start, line.at).trim() !== '') return;
    else
      this.problems.add(
        'config/syntax',
        line.indent === 0 ? { start: line.at, end: this.#lines.endOf(line.at) } : span,
        message('Indented by {0} spaces, but the lines around it by {1}', line.indent, indent),
        { fixes },
      );
  }
}
