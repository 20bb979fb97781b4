import { ConfigDocument } from '../document.ts';
import { entryShape } from '../entryShape.ts';
import type { PlainShape } from '../../schema/shape.ts';
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

/** Place of a cursor in a config, and what may be written there. */
export interface AssistContext {
  /** `key`: the name of a pair, or a place where one may begin. `value`: after a colon or in a list. */
  readonly at: 'key' | 'value';
  /** Path of the map (`key`) or of the value itself (`value`). */
  readonly path: ConfigPath;
  /** Shapes allowed at `path`. */
  readonly place: Place;
  /** Text before the cursor that belongs to the key or the value, without a quote. */
  readonly prefix: string;
  /** Range that a proposal replaces. */
  readonly span: Span;
  /** Inserted before the proposal: a space directly after a colon, a line end where a map begins. */
  readonly lead: string;
  /** Inserted after the proposal to separate it from the next key or item; '' if nothing is needed. */
  readonly parting: string;
  /** Open quote before the cursor; '' if there is none. */
  readonly quote: '"' | "'" | '';
  /** True if the pair already has its colon. */
  readonly hasColon: boolean;
  /** True inside brackets, where commas separate the entries. */
  readonly flow: boolean;
  readonly json: boolean;
  /** Other names of the map, or other values of the list, without the one at the cursor. */
  readonly taken: readonly string[];
  /** Tree of the text with a mark at the cursor, for looking up other parts of the config. */
  readonly root: ConfigNode | null;
}

/** Marks the cursor in the text: a character that no config contains (Unicode's private use area). */
const MARK = '\uE000';

/**
 * Finds the place of a cursor in a text that may be half typed.
 * Reads the text again with a mark at the cursor; the position of the mark in the tree is the place of the cursor.
 * If a key or an item follows directly, a separator is inserted between the two.
 * @returns null in comments and wherever nothing can be proposed
 */
export function contextAt(document: ConfigDocument, offset: number): AssistContext | null {
  const read = readMarked(document, offset);
  // In a flow map, a line end between the mark and the next key keeps them apart, but the map is then invalid.
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
  const remaining = document.text.slice(offset, span.end);
  const gap = /^\s*/.exec(remaining)?.[0].length ?? 0;
  if (quote !== '' || (!pair && owner?.kind !== 'list')) return contextOf(document, offset, read, '');
  // Text that begins at the cursor or after a space is another key, not the end of this one.
  if (remaining.length > gap && (span.start === offset || gap > 0)) {
    const parting = owner?.flow === true ? (gap > 0 ? ',' : ', ') : '\n';
    // No key can begin inside the indentation of another key.
    if (parting === '\n' && (!pair || (span.start === offset && gap > 0))) return null;
    const indent = parting === '\n' ? ' '.repeat(document.lines.position(span.start).character) : '';
    const parted = readMarked(document, offset, parting + indent, parting === '\n' ? offset + gap : offset);
    return parted && contextOf(document, offset, parted, parting);
  }
  // Keys and texts in JSON are quoted, so the mark never joins them.
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
  /** Range of the typed text, in the text without the mark. */
  readonly span: Span;
}

/**
 * Reads the text with a mark inserted at `offset`. The original text continues at `resume`. Null outside of scalars.
 */
function readMarked({ text, language }: ConfigDocument, offset: number, parting = '', resume = offset): Marked | null {
  const lead = text[offset - 1] === ':' && language === 'yaml' ? ' ' : '';
  const marked = new ConfigDocument(text.slice(0, offset) + lead + MARK + parting + text.slice(resume), language);
  const location = find(marked.root, offset + lead.length, []);
  if (!location) return null;
  const { scalar } = location;
  const quote = scalar.quoted ? quoteAt(marked.text[scalar.span.start]) : '';
  const closed =
    quote !== '' && marked.text[scalar.span.end - 1] === quote && scalar.span.end - 1 > offset + lead.length;
  const start = Math.min(Math.max(0, scalar.span.start + quote.length - lead.length), offset);
  const end =
    quote !== '' && !closed ? offset : Math.max(resume, scalar.span.end - lead.length - MARK.length - (closed ? 1 : 0));
  return { root: marked.root, text: marked.text, found: location, quote, lead, span: { start, end } };
}

/** False for a scalar over several lines: it is not a word that is being typed. */
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
  // On a separate line below a key, a map may begin.
  const parentKey = owner?.kind === 'map' ? owner.pairs.find(({ value }) => value === scalar) : undefined;
  const below = parentKey !== undefined && /[\r\n]/.test(marked.text.slice(parentKey.key.span.end, scalar.span.start));
  if (
    (path.length === 0 || below) &&
    quote === '' &&
    place.shapes.some(({ kind }) => kind === 'record' || kind === 'dictionary' || kind === 'dependent')
  ) {
    return { ...shared, at: 'key', path, place: mapPlace(marked.root, path), hasColon: false, flow: false, taken: [] };
  }
  const siblings =
    owner?.kind === 'list'
      ? owner.items.flatMap((item) => (item.kind === 'scalar' && item !== scalar ? [String(item.value)] : []))
      : [];
  return { ...shared, at: 'value', path, place, hasColon: true, flow: owner !== null && owner.flow, taken: siblings };
}

/** Shapes of the map at a path; an entry gets the fields of its source. */
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
  /** Path of the map for a key, of the scalar for a value. */
  readonly path: ConfigPath;
  /** The pair of this key; null for values. */
  readonly pair: Pair | null;
  readonly owner: MapNode | ListNode | null;
}

/** Finds the scalar that holds the mark at `offset`. */
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
      const location = find(item, offset, [...path, k], node);
      if (location) return location;
    }
    return null;
  }
  for (const pair of node.pairs) {
    if (holds(pair.key, offset)) return { scalar: pair.key, path, pair, owner: node };
    const location = find(pair.value, offset, [...path, keyOf(pair)], node);
    if (location) return location;
  }
  return null;
}

function holds(node: ScalarNode, offset: number): boolean {
  return node.span.start <= offset && offset < node.span.end && node.source.includes(MARK);
}

const quoteAt = (sign: string | undefined): '"' | "'" | '' => (sign === '"' || sign === "'" ? sign : '');
