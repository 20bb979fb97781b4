import { commentsOf } from './comments.ts';
import type { ConfigDocument } from './document.ts';
import type { TextChange } from './problem.ts';
import type { Span } from './span.ts';
import {
  keyOf,
  nodeAt,
  pairOf,
  spanOfPair,
  type ConfigNode,
  type ConfigPath,
  type ListNode,
  type MapNode,
  type Pair,
  type ScalarNode,
} from './tree.ts';
import { written } from './written.ts';

/*
 * Edits of a config that keep its comments and its layout. Values are passed as text on one line, in the language of
 * the document; `written(value, document.language)` produces it. If a path leads nowhere, the result is an empty list
 * and nothing changes.
 */

/** Applies changes to a text. Changes must not overlap; if two insert at the same offset, they keep their order. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let result = '';
  let offset = 0;
  for (const { span, text: inserted } of [...changes].sort(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end,
  )) {
    result += text.slice(offset, span.start) + inserted;
    offset = span.end;
  }
  return result + text.slice(offset);
}

/** Replaces the value at `path`. A missing key is inserted, with its missing parent maps. */
export function setValue(document: ConfigDocument, path: ConfigPath, value: string): TextChange[] {
  const last = path.at(-1);
  const parent = nodeAt(document.root, path.slice(0, -1));
  if (typeof last === 'number') {
    const item = parent?.kind === 'list' ? parent.items[last] : undefined;
    return item ? replaced(document, item, item.span.start, value, parent as ListNode) : [];
  }
  if (last === undefined)
    return document.root
      ? replaced(document, document.root, document.root.span.start, value, null)
      : [{ span: { start: document.text.length, end: document.text.length }, text: value }];
  const pair = pairOf(parent, last);
  if (!pair) return insertPair(document, path.slice(0, -1), last, value);
  if (pair.value)
    return replaced(
      document,
      pair.value,
      pair.colon === null ? pair.value.span.start : pair.colon + 1,
      value,
      parent as MapNode,
    );
  if (pair.colon === null) return [{ span: insertionAt(pair.key.span.end), text: `: ${value}` }];
  return [
    {
      span: insertionAt(pair.colon + 1),
      text:
        /\s/.test(document.text[pair.colon + 1] ?? '\n') && !(parent as MapNode).flow
          ? ` ${value}`
          : spaced(document.text, pair.colon + 1, value),
    },
  ];
}

/** Renames the key at `path`. */
export function renameKey(document: ConfigDocument, path: ConfigPath, name: string): TextChange[] {
  const last = path.at(-1);
  const pair = typeof last === 'string' ? pairOf(nodeAt(document.root, path.slice(0, -1)), last) : undefined;
  return pair ? [{ span: pair.key.span, text: keyText(document, name, pair.key) }] : [];
}

/**
 * Removes a pair: in block style with its lines and the comment after it, in flow style and JSON with its comma.
 * Comments above it and inside it stay. Removing the last pair of a block map leaves `{}`.
 */
export function removePair(document: ConfigDocument, path: ConfigPath): TextChange[] {
  const last = path.at(-1);
  const map = nodeAt(document.root, path.slice(0, -1));
  if (typeof last !== 'string' || map?.kind !== 'map') return [];
  const index = map.pairs.findIndex((pair) => keyOf(pair) === last);
  const pair = map.pairs[index];
  if (!pair) return [];
  return map.flow ? removedFromFlow(document, map, index, pair) : removedFromBlock(document, map, index, pair, path);
}

/**
 * Adds `key: value` as the last pair of the map at `path`, indented like its siblings. If the pair `after` is given and
 * exists, the new pair follows it. Missing parent maps, and an empty one, are written too.
 */
export function insertPair(
  document: ConfigDocument,
  path: ConfigPath,
  key: string,
  value: string,
  after?: string,
): TextChange[] {
  const map = nodeAt(document.root, path);
  const pairText = `${keyText(document, key)}: ${value}`;
  if (map?.kind === 'map') {
    const before = (after === undefined ? undefined : pairOf(map, after)) ?? map.pairs.at(-1);
    return map.flow
      ? insertedInFlow(document, map, before, pairText)
      : before
        ? insertedInBlock(document, before, columnOf(document.text, before.key.span.start), pairText)
        : [];
  }
  if (path.length === 0) return document.root ? [] : insertedAtEnd(document, pairText);
  const name = path.at(-1);
  if (typeof name !== 'string') return [];
  const parent = nodeAt(document.root, path.slice(0, -1));
  const empty = pairOf(parent, name);
  if (!empty)
    return document.has(path)
      ? []
      : insertPair(
          document,
          path.slice(0, -1),
          name,
          document.language === 'json' ? `{ ${pairText} }` : `{${pairText}}`,
        );
  const isNull = empty.value?.kind === 'scalar' && empty.value.value === null;
  if (empty.value !== null && !isNull) return [];
  if ((parent as MapNode).flow || isNull) return setValue(document, path, `{${pairText}}`);
  if (empty.colon === null) return setValue(document, path, `{${pairText}}`);
  return insertedInBlock(
    document,
    empty,
    columnOf(document.text, empty.key.span.start) + indentStep(document),
    pairText,
  );
}

/** Replaces a value. The comments inside a block collection are kept below the new value. */
function replaced(
  document: ConfigDocument,
  node: ConfigNode,
  from: number,
  value: string,
  parent: MapNode | ListNode | null,
): TextChange[] {
  const { text } = document;
  const comments =
    document.language === 'json' || node.kind === 'scalar'
      ? []
      : commentsOf(document).filter(({ start }) => start >= from);
  const inside = comments.filter(({ end }) => end <= node.span.end);
  const block = node.kind !== 'scalar' && !node.flow && node.alias !== true;
  if (!block && inside.length === 0) {
    // The span of a block scalar includes its line end.
    const end =
      node.kind === 'scalar' && /[\r\n]$/.test(text.slice(node.span.start, node.span.end))
        ? node.span.start + text.slice(node.span.start, node.span.end).trimEnd().length
        : node.span.end;
    return [{ span: { start: node.span.start, end }, text: spaced(text, node.span.start, value, true) }];
  }
  const indent = ' '.repeat(
    block ? columnOf(text, node.span.start) : columnOf(text, lineStart(text, node.span.start)) + 2,
  );
  const newline = newlineOf(document);
  // The comment behind the last line of the block must stay the first of the kept comments.
  const behind =
    block && inside.length > 0
      ? comments.find(({ start }) => start >= node.span.end && /^[ \t]*$/.test(text.slice(node.span.end, start)))
      : undefined;
  const keptText = [...inside, ...(behind ? [behind] : [])]
    .map(({ start, end }) => `${newline}${indent}${text.slice(start, end)}`)
    .join('');
  // In a flow collection, a comment must not hide the text behind it.
  const closing = parent?.flow === true && keptText !== '' ? newline + indent : '';
  const start = block ? from : node.span.start;
  return [
    {
      span: { start, end: behind?.end ?? node.span.end },
      text: (block && start < node.span.start ? ` ${value}` : value) + keptText + closing,
    },
  ];
}

function removedFromFlow({ text }: ConfigDocument, map: MapNode, index: number, pair: Pair): TextChange[] {
  const span = spanOfPair(pair);
  const previous = map.pairs[index - 1];
  const next = map.pairs[index + 1];
  if (previous) {
    const comma = text.indexOf(',', spanOfPair(previous).end);
    if (comma !== -1 && comma < span.start && text.slice(comma + 1, span.start).trim() === '')
      return [{ span: { start: comma, end: span.end }, text: '' }];
    return comma !== -1 && comma < span.start
      ? [
          { span: { start: comma, end: comma + 1 }, text: '' },
          { span, text: '' },
        ]
      : [{ span, text: '' }];
  }
  if (next) {
    if (/^\s*,\s*$/.test(text.slice(span.end, next.key.span.start)))
      return [{ span: { start: span.start, end: next.key.span.start }, text: '' }];
    const comma = text.indexOf(',', span.end);
    return [{ span, text: '' }, ...(comma === -1 ? [] : [{ span: { start: comma, end: comma + 1 }, text: '' }])];
  }
  const comma = /^\s*,/.exec(text.slice(span.end, map.span.end));
  return [{ span: { start: span.start, end: span.end + (comma?.[0].length ?? 0) }, text: '' }];
}

function removedFromBlock(
  document: ConfigDocument,
  map: MapNode,
  index: number,
  pair: Pair,
  path: ConfigPath,
): TextChange[] {
  const { text } = document;
  const span = spanOfPair(pair);
  const start = lineStart(text, span.start);
  const next = map.pairs[index + 1];
  // If the first pair follows a dash on the same line, the next pair moves up to the dash.
  if (text.slice(start, span.start).trim() !== '')
    return next ? [{ span: { start: span.start, end: next.key.span.start }, text: '' }] : [{ span, text: '{}' }];
  const end = lineEnd(text, span.end);
  const comments = commentsOf(document)
    .filter(
      (comment) =>
        comment.start >= span.start &&
        comment.end < end &&
        text.slice(lineStart(text, comment.start), comment.start).trim() === '',
    )
    .map((comment) => text.slice(lineStart(text, comment.start), lineEnd(text, comment.end)));
  const removed: TextChange = { span: { start, end }, text: comments.join('') };
  const owner =
    path.length > 1 && map.pairs.length === 1
      ? pairOf(nodeAt(document.root, path.slice(0, -2)), String(path.at(-2)))
      : undefined;
  return owner?.colon === undefined || owner.colon === null
    ? [removed]
    : [{ span: insertionAt(owner.colon + 1), text: ' {}' }, removed];
}

function insertedInFlow(
  document: ConfigDocument,
  map: MapNode,
  before: Pair | undefined,
  pairText: string,
): TextChange[] {
  const { text, language } = document;
  if (!before)
    return [
      {
        span: { start: map.span.start + 1, end: map.span.start + 1 },
        text: language === 'json' && text[map.span.start + 1] === '}' ? ` ${pairText} ` : pairText,
      },
    ];
  const { end } = spanOfPair(before);
  const start = lineStart(text, before.key.span.start);
  const ownLine = text.slice(start, before.key.span.start).trim() === '';
  const gap = ownLine ? newlineOf(document) + text.slice(start, before.key.span.start) : ' ';
  const remaining = text.slice(end, map.span.end);
  const comma = /^\s*,/.exec(remaining);
  // After the existing comma comes another pair or the end.
  if (comma && before !== map.pairs.at(-1)) return [{ span: insertionAt(end), text: `,${gap}${pairText}` }];
  return comma
    ? [{ span: insertionAt(end + comma[0].length), text: gap + pairText }]
    : [{ span: insertionAt(end), text: `,${gap}${pairText}` }];
}

function insertedInBlock(document: ConfigDocument, before: Pair, column: number, pairText: string): TextChange[] {
  const { text } = document;
  const { end: valueEnd } = spanOfPair(before);
  const newline = newlineOf(document);
  const line = ' '.repeat(column) + pairText;
  // The span of a block scalar includes its line end.
  if (/[\r\n]/.test(text[valueEnd - 1] ?? '') && valueEnd > before.key.span.end)
    return [{ span: insertionAt(valueEnd), text: line + newline }];
  let end = valueEnd;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return [{ span: insertionAt(end), text: newline + line }];
}

function insertedAtEnd(document: ConfigDocument, pairText: string): TextChange[] {
  const { text, language } = document;
  const newline = newlineOf(document);
  const inserted = language === 'json' ? `{ ${pairText} }` : pairText;
  return [
    {
      span: insertionAt(text.length),
      text: (text === '' || /[\r\n\uFEFF]$/.test(text) ? '' : newline) + inserted + newline,
    },
  ];
}

/** Text of a key name, in the quotes of the key that it replaces. */
function keyText({ language }: ConfigDocument, name: string, key?: ScalarNode): string {
  return written(name, key?.quoted === true ? 'json' : language);
}

/** A value, with a space before it if it directly follows a colon. */
function spaced(text: string, start: number, value: string, inPlace = false): string {
  const before = text[start - 1] ?? ' ';
  return (inPlace && /[\s[{"]/.test(before)) || /[\s[{]/.test(before) ? value : before === ':' ? ` ${value}` : value;
}

/** Indentation of the children of the first nested block map; 2 if there is none. */
function indentStep({ text, root }: ConfigDocument): number {
  if (root?.kind !== 'map') return 2;
  for (const { key, value } of root.pairs) {
    if (value?.kind === 'map' && !value.flow && value.alias !== true)
      return Math.max(1, columnOf(text, value.span.start) - columnOf(text, key.span.start));
  }
  return 2;
}

function newlineOf({ text }: ConfigDocument): string {
  return /\r\n?|\n/.exec(text)?.[0] ?? '\n';
}
function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r' && text[start - 1] !== '\uFEFF') start--;
  return start;
}
/** Offset of the start of the next line; `offset` itself if it is already the start of a line. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && /[\r\n]/.test(text[offset - 1] ?? '')) return offset;
  const end = /\r\n?|\n/g;
  end.lastIndex = offset;
  const match = end.exec(text);
  return match ? match.index + match[0].length : text.length;
}
function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}
const insertionAt = (offset: number): Span => ({ start: offset, end: offset });
