import { commentsOf } from '../comments.ts';
import type { ConfigDocument } from '../document.ts';
import type { ConfigNode } from '../tree.ts';

/** A foldable range: 0-based lines, both included. The first line stays visible. */
export interface ConfigFolding {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'region' | 'comment';
}

/** Maps, lists and comments over several lines. */
export function foldings(document: ConfigDocument): ConfigFolding[] {
  const { lines, root } = document;
  const rangesByLine = new Map<number, ConfigFolding>();
  const put = (start: number, end: number, kind: ConfigFolding['kind']): void => {
    const startLine = lines.position(start).line;
    const endLine = lines.position(end).line;
    // If several ranges begin on a line, the outermost is folded.
    if (endLine > startLine && !rangesByLine.has(startLine)) rangesByLine.set(startLine, { startLine, endLine, kind });
  };
  const visit = (node: ConfigNode | null): void => {
    if (!node || node.kind === 'scalar' || node.alias === true) return;
    if (node.flow) put(node.span.start, node.span.end, 'region');
    if (node.kind === 'list') {
      for (const item of node.items) {
        if (!('flow' in item) || !item.flow) put(item.span.start, item.span.end, 'region');
        visit(item);
      }
    } else
      for (const { key, value } of node.pairs) {
        if (value && value.alias !== true)
          put(
            key.span.start,
            value.kind === 'scalar'
              ? value.span.start + document.text.slice(value.span.start, value.span.end).trimEnd().length
              : value.span.end,
            'region',
          );
        visit(value);
      }
  };
  visit(root);
  let first: number | null = null;
  let last = -2;
  const ownLines = commentsOf(document).filter(
    ({ start }) =>
      document.text.slice(lines.offset({ line: lines.position(start).line, character: 0 }), start).trim() === '',
  );
  for (const { start } of ownLines) {
    const { line } = lines.position(start);
    if (line !== last + 1) {
      if (first !== null && last > first) rangesByLine.set(first, { startLine: first, endLine: last, kind: 'comment' });
      first = line;
    }
    last = line;
  }
  if (first !== null && last > first) rangesByLine.set(first, { startLine: first, endLine: last, kind: 'comment' });
  return [...rangesByLine.values()].sort((a, b) => a.startLine - b.startLine);
}
