import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Parser,
  Scalar,
  YAMLParseError,
  type CST,
  type Document,
  type Node,
  type ParsedNode,
} from 'yaml';
import { message } from '../../message/message.ts';
import type { Span } from '../span.ts';
import { endOfPair, type ConfigNode, type MapNode, type Pair, type ScalarNode } from '../tree.ts';
import { libraryError } from './libraryError.ts';
import { MAX_DEPTH } from './limits.ts';
import { PairList } from './pairList.ts';
import type { Problems } from './problems.ts';
import { integer, plainValue } from './scalar.ts';

/** Number of errors reported per text. Later ones are mostly consequences. */
const MAX_ERRORS = 10;
/** After this many top-level errors, the rest is not read: an error costs the library as much as a valid line. */
const MAX_MET = 2000;

/**
 * Reads a text with the YAML library, which knows the whole language. `offset` is added to every position.
 * With `first` only the first error is reported, for texts that are one entry of a larger text. Never throws.
 */
export function readWithLibrary(
  text: string,
  offset: number,
  problems: Problems,
  { first = false } = {},
): ConfigNode | null {
  const depth = deepest(text);
  if (depth.levels > MAX_DEPTH * 2) {
    problems.add(
      'config/syntax',
      moved({ start: depth.at, end: depth.at + 1 }, offset),
      message('Nested more than {0} levels deep', MAX_DEPTH),
    );
    return null;
  }
  try {
    const { parsed, givenUpAt } = parse(text);
    let reported = 0;
    let last = 0;
    for (const error of [...(parsed?.errors ?? [])].sort((a, b) => a.pos[0] - b.pos[0])) {
      const start = Math.min(error.pos[0], Math.max(0, text.length - 1));
      // One error per line: later errors on it are consequences.
      const isConsequence = reported > 0 && !text.slice(last, start).includes('\n');
      last = start;
      if (isConsequence) continue;
      const { text: said, fixes, span } = libraryError(error.code, text, start);
      problems.add('config/syntax', moved(span, offset), said, {
        fixes: fixes.map((fix) => ({
          ...fix,
          changes: fix.changes.map((change) => ({ ...change, span: moved(change.span, offset) })),
        })),
      });
      if (first || ++reported >= MAX_ERRORS) break;
    }
    if (givenUpAt !== null)
      problems.add(
        'config/syntax',
        moved({ start: givenUpAt, end: givenUpAt + 1 }, offset),
        message('Too many errors: the text after this point is not read'),
      );
    return new Converter(text, offset, problems).root(parsed?.contents ?? null);
  } catch {
    // The library overflows the stack on texts with very deep nesting.
    problems.add(
      'config/syntax',
      moved({ start: 0, end: Math.min(1, text.length) }, offset),
      message('Nested more than {0} levels deep', MAX_DEPTH),
    );
    return null;
  }
}

/** The first document of a text, and the offset where reading stopped; null if all of it was read. */
function parse(text: string): { readonly parsed: Document.Parsed | null; readonly givenUpAt: number | null } {
  let givenUpAt: number | null = null;
  function* tokens(): Generator<CST.Token> {
    let met = 0;
    for (const token of new Parser().parse(text)) {
      if (token.type === 'error' && ++met > MAX_MET) {
        givenUpAt = token.offset;
        return;
      }
      yield token;
    }
  }
  const composer = new Composer({
    prettyErrors: false,
    uniqueKeys: false,
    intAsBigInt: true,
    logLevel: 'error',
    version: '1.2',
    schema: 'core',
    keepSourceTokens: false,
    strict: true,
  });
  let parsed: Document.Parsed | null = null;
  for (const document of composer.compose(tokens(), true, text.length)) {
    if (parsed) {
      parsed.errors.push(new YAMLParseError([document.range[0], document.range[1]], 'MULTIPLE_DOCS', ''));
      break;
    }
    parsed = document;
  }
  return { parsed, givenUpAt };
}

const moved = ({ start, end }: Span, offset: number): Span => ({ start: start + offset, end: end + offset });

/**
 * Upper bound of the nesting depth, and its offset: brackets of the text plus dashes at the start of one of its lines.
 * Quotes are ignored, because an upper bound is enough.
 */
function deepest(text: string): { readonly levels: number; readonly at: number } {
  let brackets = 0;
  let levels = 0;
  let at = 0;
  for (const { 0: found, index } of text.matchAll(/[[\]{}]|(?<=^|\n)[ \t]*(?:[-?:][ \t\r\n]+)+/g)) {
    let dashes = 0;
    if (found === '[' || found === '{') brackets++;
    else if (found === ']' || found === '}') brackets = Math.max(0, brackets - 1);
    else dashes = found.replace(/\s/g, '').length;
    if (brackets + dashes > levels) {
      levels = brackets + dashes;
      at = index;
    }
  }
  return { levels, at };
}

/** Converts the nodes of the library to `ConfigNode`s. */
class Converter {
  readonly #anchors = new Map<string, ConfigNode | null>();

  constructor(
    private readonly text: string,
    private readonly offset: number,
    private readonly problems: Problems,
  ) {}

  root(node: ParsedNode | null): ConfigNode | null {
    return this.#node(node, 0);
  }

  #node(node: unknown, depth: number): ConfigNode | null {
    if (node === null || node === undefined) return null;
    const span = this.#span(node as Node);
    if (depth > MAX_DEPTH) {
      this.problems.add('config/syntax', span, message('Nested more than {0} levels deep', MAX_DEPTH));
      return null;
    }
    if (isAlias(node)) return this.#alias(node.source, span);
    const { anchor } = node as { readonly anchor?: string };
    // Inside its own node an anchor has no value yet.
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const made = isMap(node)
      ? this.#map(node.items, span, node.flow === true, depth)
      : isSeq(node)
        ? this.#list(node.items, span, node.flow === true, depth)
        : isScalar(node)
          ? this.#scalar(node, span)
          : null;
    if (anchor !== undefined) this.#anchors.set(anchor, made);
    return made;
  }

  #alias(name: string, span: Span): ConfigNode | null {
    const target = this.#anchors.get(name);
    if (target) return { ...target, span, alias: true };
    this.problems.add(
      'config/syntax',
      span,
      target === null
        ? message('*{0} refers to a value that contains the alias itself', name)
        : message('There is no anchor &{0} above', name),
    );
    return null;
  }

  #list(nodes: readonly unknown[], span: Span, flow: boolean, depth: number): ConfigNode {
    const items = nodes.map(
      (item): ConfigNode =>
        this.#node(item, depth + 1) ?? {
          kind: 'scalar',
          span: item === null ? span : this.#span(item as Node),
          value: null,
          source: '',
          quoted: false,
        },
    );
    return {
      kind: 'list',
      span: flow ? span : { start: span.start, end: items.at(-1)?.span.end ?? span.end },
      flow,
      items,
    };
  }

  #map(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    span: Span,
    flow: boolean,
    depth: number,
  ): MapNode {
    const list = new PairList(this.problems);
    let end = span.start;
    for (const item of items) {
      const node = isAlias(item.key)
        ? this.#alias(item.key.source, this.#span(item.key))
        : isScalar(item.key)
          ? this.#scalar(item.key, this.#span(item.key))
          : null;
      if (node?.kind !== 'scalar') {
        if (item.key !== null && !isAlias(item.key))
          this.problems.add(
            'config/syntax',
            this.#span(item.key as Node),
            message('A key must be a name, not a map or a list'),
          );
        continue;
      }
      if (node.source === '' && !node.quoted) {
        this.problems.add('config/syntax', node.span, message('A key is missing before the colon'));
        continue;
      }
      const made = this.#node(item.value, depth + 1);
      const value =
        made?.kind === 'scalar' && made.value === null && made.span.start === made.span.end && !made.quoted
          ? null
          : made;
      const colon = item.value === null ? null : this.text.indexOf(':', node.span.end - this.offset);
      const pair: Pair = { key: node, colon: colon === null || colon === -1 ? null : colon + this.offset, value };
      end = Math.max(end, endOfPair(pair));
      list.add(pair);
    }
    return {
      kind: 'map',
      span: flow ? span : { start: list.pairs[0]?.key.span.start ?? span.start, end },
      flow,
      pairs: list.pairs,
    };
  }

  #scalar(node: Scalar, span: Span): ScalarNode {
    const quoted = node.type !== undefined && node.type !== Scalar.PLAIN;
    const source = node.source ?? this.text.slice(span.start - this.offset, span.end - this.offset);
    const value = quoted || node.tag !== undefined ? tagged(node.value) : plainValue(source);
    return { kind: 'scalar', span, value, source, quoted };
  }

  #span(node: Node): Span {
    const [start, end] = node.range ?? [0, 0];
    return moved({ start, end: Math.max(start, end) }, this.offset);
  }
}

function tagged(value: unknown): ScalarNode['value'] {
  return typeof value === 'bigint'
    ? integer(value)
    : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : null;
}
