import type { Span } from './span.ts';

/** Keys and 0-based list indices from the top of a document to one of its values. */
export type ConfigPath = readonly (string | number)[];

/**
 * The tree of a document, the same for YAML and JSON: values with their spans.
 * An alias refers to the children of its anchor. One node may therefore appear at several paths, and is never copied.
 */
export type ConfigNode = ScalarNode | ListNode | MapNode;

interface Placed {
  /**
   * Span without comments and line ends around it. Block collections: from the first child to the end of the last one.
   */
  readonly span: Span;
  /** True for an alias `*name`. Its span is the alias, its content is at the anchor. */
  readonly alias?: true;
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  /** Value by YAML's core schema. Integers beyond ±(2^53−1) are `bigint`, so that no digits are lost. */
  readonly value: string | number | bigint | boolean | null;
  /** Source text, without quotes. */
  readonly source: string;
  readonly quoted: boolean;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly ConfigNode[];
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  readonly flow: boolean;
  /** In text order. If several pairs have the same key, the first one counts and the others are problems. */
  readonly pairs: readonly Pair[];
}

export interface Pair {
  readonly key: ScalarNode;
  /** Offset of the colon; null if there is none (yet). */
  readonly colon: number | null;
  /** Null if there is no text after the colon. */
  readonly value: ConfigNode | null;
}

/** The value of `key` in a map; undefined if there is no such pair, or `node` is not a map. */
export function valueOf(node: ConfigNode | null | undefined, key: string): ConfigNode | null | undefined {
  return pairOf(node, key)?.value;
}

export function pairOf(node: ConfigNode | null | undefined, key: string): Pair | undefined {
  if (node?.kind !== 'map') return undefined;
  if (node.pairs.length > LONG) return indexOf(node.pairs).get(key);
  for (const pair of node.pairs) if (keyOf(pair) === key) return pair;
  return undefined;
}

/** Longer maps are searched through an index, because rules look up every entry of a mix. */
export const LONG = 16;
/** Aliases share the pairs of their anchor, and therefore its index. */
const indexes = new WeakMap<readonly Pair[], ReadonlyMap<string, Pair>>();

function indexOf(pairs: readonly Pair[]): ReadonlyMap<string, Pair> {
  const cached = indexes.get(pairs);
  if (cached) return cached;
  const index = new Map(pairs.map((pair) => [keyOf(pair), pair]));
  indexes.set(pairs, index);
  return index;
}

/** The value of a key of a map, or an item of a list; undefined if there is none. */
export function childOf(node: ConfigNode | null | undefined, step: string | number): ConfigNode | null | undefined {
  if (typeof step === 'string') return valueOf(node, step);
  return node?.kind === 'list' ? node.items[step] : undefined;
}

/** The node at a path; null if there is none. */
export function nodeAt(root: ConfigNode | null, path: ConfigPath): ConfigNode | null {
  let node: ConfigNode | null | undefined = root;
  for (const step of path) node = childOf(node, step);
  return node ?? null;
}

export function keyOf({ key }: Pick<Pair, 'key'>): string {
  return typeof key.value === 'string' ? key.value : key.source;
}

/** Span of a pair: from its key to the end of its value, else of its colon, else of its key. */
export function spanOfPair(pair: Pair): Span {
  return { start: pair.key.span.start, end: endOfPair(pair) };
}

export function endOfPair({ key, colon, value }: Pair): number {
  return value?.span.end ?? (colon === null ? key.span.end : colon + 1);
}
