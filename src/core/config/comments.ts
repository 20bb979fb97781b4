import type { ConfigDocument } from './document.ts';
import type { Span } from './span.ts';
import type { ConfigNode } from './tree.ts';

/** The comments of a YAML document in order, each from its `#` to the end of its line; empty for JSON. */
export function commentsOf(document: ConfigDocument): Span[] {
  if (document.language === 'json') return [];
  const { text } = document;
  const spans = scalarSpans(document.root);
  const comments: Span[] = [];
  let next = 0;
  for (let start = text.indexOf('#'); start !== -1; start = text.indexOf('#', start + 1)) {
    while ((spans[next]?.end ?? Infinity) <= start) next++;
    if ((spans[next]?.start ?? Infinity) <= start) continue;
    if (start > 0 && !/[\s\uFEFF]/.test(text[start - 1] ?? '')) continue;
    let end = start;
    while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
    comments.push({ start: start, end });
    start = end;
  }
  return comments;
}

/** Spans of the scalars, keys and aliases of a tree, in text order. */
function scalarSpans(root: ConfigNode | null): Span[] {
  const spans: Span[] = [];
  const visit = (node: ConfigNode | null): void => {
    if (!node) return;
    if (node.kind === 'scalar' || node.alias) spans.push(node.span);
    else if (node.kind === 'list') node.items.forEach(visit);
    else
      for (const { key, value } of node.pairs) {
        spans.push(key.span);
        visit(value);
      }
  };
  visit(root);
  return spans.sort((a, b) => a.start - b.start);
}
