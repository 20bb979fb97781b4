import type { ConfigDocument } from '../document.ts';
import type { Span } from '../span.ts';
import { keyOf, spanOfPair, type ConfigPath, type MapNode, type Pair } from '../tree.ts';

/** A part of a config for outlines. */
export interface ConfigSymbol {
  readonly name: string;
  readonly kind: 'key' | 'dataset' | 'event' | 'variable' | 'stage' | 'entry';
  /** The value, if it is a scalar or a short entry. */
  readonly detail: string;
  readonly path: ConfigPath;
  /** `span`: the whole part; `nameSpan`: its name. */
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly ConfigSymbol[];
}

/** Deeper values are not listed in the outline. */
const DEEPEST = 6;

/** The outline of a document: every key of its maps, down to the entries of the mixes. */
export function symbols({ root, text }: ConfigDocument): ConfigSymbol[] {
  return root?.kind === 'map' ? children(root, [], text) : [];
}

function children(map: MapNode, path: ConfigPath, text: string): ConfigSymbol[] {
  return map.pairs
    .filter(({ key }) => key.source.trim() !== '')
    .map((pair) => symbol(pair, [...path, keyOf(pair)], text));
}

function symbol(pair: Pair, path: ConfigPath, text: string): ConfigSymbol {
  const { key, value } = pair;
  const isAlias = value?.alias === true;
  const nested =
    value?.kind === 'map' && !isAlias && path.length < DEEPEST && !isDetail(path, value)
      ? children(value, path, text)
      : [];
  const detail = value === null || nested.length > 0 ? '' : oneLine(text.slice(value.span.start, value.span.end));
  return {
    name: keyOf(pair),
    kind: kindOf(path),
    detail,
    path,
    span: spanOfPair(pair),
    nameSpan: key.span,
    children: nested,
  };
}

/** Shows maps on one line as the detail of their key, such as entries of a mix: their keys are too many for a list. */
function isDetail(path: ConfigPath, value: MapNode): boolean {
  return value.flow && (path.length > 2 || path[0] === 'window');
}

function kindOf(path: ConfigPath): ConfigSymbol['kind'] {
  const [top] = path;
  if (path.length === 2 && top === 'data') return 'dataset';
  if (path.length === 2 && top === 'events') return 'event';
  if (path.length === 2 && top === 'vars') return 'variable';
  if (path.length === 2 && top === 'stages') return 'stage';
  if (path.length === 5 && top === 'stages' && path[2] === 'negatives' && path[3] !== 'exclude') return 'entry';
  return 'key';
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
