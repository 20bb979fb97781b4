import { ConfigDocument } from '../document.ts';
import { entryShape } from '../entryShape.ts';
import type { PlainShape } from '../shape.ts';
import type { Span } from '../span.ts';
import {
  keyOf,
  nodeAt,
  type ConfigNode,
  type ConfigPath,
  type ListNode,
  type MapNode,
  type Pair,
  type ScalarNode,
} from '../tree.ts';
import { placeAt, type Place } from './shapesAt.ts';

/** Where in a config a cursor stands, and what may be written there. */
export interface AssistContext {
  /** `key`: the name of a pair, or a place where one may begin; `value`: what stands behind a colon or in a list. */
  readonly at: 'key' | 'value';
  /** Of the map (`key`), or of the value itself (`value`). */
  readonly path: ConfigPath;
  /** What may stand at `path`. */
  readonly place: Place;
  /** The text before the cursor that belongs to the key or the value, without a quote. */
  readonly prefix: string;
  /** What a proposal replaces. */
  readonly span: Span;
  /** Put before what is inserted: a space directly behind a colon, a line end where a map begins. */
  readonly lead: string;
  /** Put behind what is inserted: what parts it from the key or the item that follows; '' where nothing must. */
  readonly parting: string;
  /** The quote that the cursor stands behind; '' where there is none. */
  readonly quote: '"' | "'" | '';
  /** True where the pair has its colon already. */
  readonly hasColon: boolean;
  /** True within brackets, where entries are separated by commas. */
  readonly flow: boolean;
  readonly json: boolean;
  /** The names that the map, or the values that the list, has besides the one at the cursor. */
  readonly taken: readonly string[];
  /** The tree of the text with a mark at the cursor: for looking up what else the config says. */
  readonly root: ConfigNode | null;
}

/** Stands for what could be written at the cursor: a character that no config holds (Unicode's private use). */
const MARK = '\uE000';

/**
 * Looks at the place of a cursor. The text may be half-typed: it is read once more with a mark at the cursor, and where the mark comes to lie
 * in the tree, there the cursor stands. Before a key or an item that is there already, the two are parted. Null in comments and wherever
 * nothing can be said.
 */
export function contextAt(document: ConfigDocument, offset: number): AssistContext | null {
  const read = readMarked(document, offset);
  // A line end between the mark and the key of a flow map makes no text of both, but no map either.
  if (!read || (isOverLines(document, read) && read.quote === '')) {
    const parted = readMarked(document, offset, ',');
    return parted?.found.owner?.flow === true && parted.span.end === offset
      ? contextOf(document, offset, parted, ',')
      : null;
  }
  const {
    found: { pair, owner },
    span,
    quote,
  } = read;
  const rest = document.text.slice(offset, span.end);
  const gap = /^\s*/.exec(rest)?.[0].length ?? 0;
  if (quote !== '' || (!pair && owner?.kind !== 'list')) return contextOf(document, offset, read, '');
  // What begins at the cursor or behind a space is another key, not the end of this one.
  if (rest.length > gap && (span.start === offset || gap > 0)) {
    const parting = owner?.flow === true ? (gap > 0 ? ',' : ', ') : '\n';
    // Within the indentation of a key no other can begin.
    if (parting === '\n' && (!pair || (span.start === offset && gap > 0))) return null;
    const indent = parting === '\n' ? ' '.repeat(document.lines.position(span.start).character) : '';
    const parted = readMarked(document, offset, parting + indent, parting === '\n' ? offset + gap : offset);
    return parted && contextOf(document, offset, parted, parting);
  }
  // JSON's keys and texts are quoted, and no mark grows together with them.
  const follows =
    owner?.flow === true && (pair?.colon ?? null) === null && /^\s*[^\s,\]}]/.test(document.text.slice(span.end));
  return contextOf(document, offset, read, !follows ? '' : /^\s/.test(document.text.slice(span.end)) ? ',' : ', ');
}

/** The config with a mark at the cursor. */
interface Marked {
  readonly root: ConfigNode | null;
  readonly text: string;
  readonly found: Found;
  readonly quote: AssistContext['quote'];
  readonly lead: string;
  /** Of what is being typed, in the text without the mark. */
  readonly span: Span;
}

/** Reads the text with a mark at `offset` and a parting behind it; the text goes on at `resume`. Null where the mark is in no scalar. */
function readMarked({ text, language }: ConfigDocument, offset: number, parting = '', resume = offset): Marked | null {
  const lead = text[offset - 1] === ':' && language === 'yaml' ? ' ' : '';
  const marked = new ConfigDocument(text.slice(0, offset) + lead + MARK + parting + text.slice(resume), language);
  const found = find(marked.root, offset + lead.length, []);
  if (!found) return null;
  const { scalar } = found;
  const quote = scalar.quoted ? quoteAt(marked.text[scalar.span.start]) : '';
  const closed =
    quote !== '' && marked.text[scalar.span.end - 1] === quote && scalar.span.end - 1 > offset + lead.length;
  const start = Math.min(Math.max(0, scalar.span.start + quote.length - lead.length), offset);
  const end =
    quote !== '' && !closed ? offset : Math.max(resume, scalar.span.end - lead.length - MARK.length - (closed ? 1 : 0));
  return { root: marked.root, text: marked.text, found, quote, lead, span: { start, end } };
}

/** A scalar over several lines is no word that is being typed. */
function isOverLines({ text }: ConfigDocument, { span }: Marked): boolean {
  return /[\r\n]/.test(text.slice(span.start, span.end));
}

function contextOf({ text, language }: ConfigDocument, offset: number, marked: Marked, parting: string): AssistContext {
  const {
    found: { scalar, path, pair, owner },
    quote,
    span,
    lead,
  } = marked;
  const shared = {
    prefix: text.slice(span.start, offset),
    span,
    lead,
    parting,
    quote,
    json: language === 'json',
    root: marked.root,
  } as const;
  if (pair && owner?.kind === 'map') {
    return {
      ...shared,
      at: 'key',
      path,
      place: mapPlace(marked.root, path),
      hasColon: pair.colon !== null,
      flow: owner.flow,
      taken: owner.pairs.filter((other) => other !== pair).map(keyOf),
    };
  }
  const place = placeAt(marked.root, path);
  // A line of its own below a key: a map may begin here.
  const parentKey = owner?.kind === 'map' ? owner.pairs.find(({ value }) => value === scalar) : undefined;
  const below = parentKey !== undefined && /[\r\n]/.test(marked.text.slice(parentKey.key.span.end, scalar.span.start));
  if (
    (path.length === 0 || below) &&
    quote === '' &&
    place.shapes.some(({ kind }) => kind === 'record' || kind === 'dictionary' || kind === 'dependent')
  ) {
    return { ...shared, at: 'key', path, place: mapPlace(marked.root, path), hasColon: false, flow: false, taken: [] };
  }
  const taken =
    owner?.kind === 'list'
      ? owner.items.flatMap((item) => (item.kind === 'scalar' && item !== scalar ? [String(item.value)] : []))
      : [];
  return { ...shared, at: 'value', path, place, hasColon: true, flow: owner !== null && owner.flow, taken };
}

/** What may stand in the map at a path: entries with the fields of their source. */
function mapPlace(root: ConfigNode | null, path: ConfigPath): Place {
  const { shapes, field } = placeAt(root, path);
  const maps = shapes.flatMap((shape): PlainShape[] => {
    if (shape.kind === 'dependent') return [entryShape(shape, String(path.at(-1)), nodeAt(root, path))];
    return shape.kind === 'record' || shape.kind === 'dictionary' ? [shape] : [];
  });
  return { field, shapes: maps };
}

interface Found {
  readonly scalar: ScalarNode;
  /** Of the map for a key, of the scalar for a value. */
  readonly path: ConfigPath;
  /** The pair whose key it is; null for values. */
  readonly pair: Pair | null;
  readonly owner: MapNode | ListNode | null;
}

/** The scalar that holds the mark, which stands at `offset`. */
function find(
  node: ConfigNode | null,
  offset: number,
  path: ConfigPath,
  owner: MapNode | ListNode | null = null,
): Found | null {
  if (!node || node.alias === true) return null;
  if (node.kind === 'scalar') return holds(node, offset) ? { scalar: node, path, pair: null, owner } : null;
  if (node.kind === 'list') {
    for (const [k, item] of node.items.entries()) {
      const found = find(item, offset, [...path, k], node);
      if (found) return found;
    }
    return null;
  }
  for (const pair of node.pairs) {
    if (holds(pair.key, offset)) return { scalar: pair.key, path, pair, owner: node };
    const found = find(pair.value, offset, [...path, keyOf(pair)], node);
    if (found) return found;
  }
  return null;
}

function holds(node: ScalarNode, offset: number): boolean {
  return node.span.start <= offset && offset < node.span.end && node.source.includes(MARK);
}

const quoteAt = (sign: string | undefined): '"' | "'" | '' => (sign === '"' || sign === "'" ? sign : '');
