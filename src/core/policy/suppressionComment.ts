import { commentsOf } from '../config/comments.ts';
import type { ConfigDocument } from '../config/document.ts';
import type { Span } from '../config/span.ts';

/** `disable` applies from its position up to an `enable`; the others apply to one line. */
export type SuppressionKind = 'disable-next-line' | 'disable-line' | 'disable' | 'enable';

/** A comment such as `# recsample-disable-next-line config/range, config/unit -- agreed with the team`. */
export interface SuppressionComment {
  readonly kind: SuppressionKind;
  readonly span: Span;
  /** Empty: all rules. */
  readonly names: readonly SuppressedName[];
  /** 0-based line that the comment applies to; for `disable` and `enable`, the line of the comment. */
  readonly line: number;
}

export interface SuppressedName {
  readonly name: string;
  readonly span: Span;
}

const form = /^#+[ \t]*recsample-(disable-next-line|disable-line|disable|enable)(?=[\s,]|$)/;

/** The suppressions of a document, in text order. A `#` within a text, quoted or not, does not begin a comment. */
export function suppressionComments(document: ConfigDocument): SuppressionComment[] {
  // Most configs have none, and then need no search for comments.
  if (!document.text.includes('recsample-')) return [];
  const spans = commentsOf(document).map((span) => ({ span, line: document.lines.position(span.start).line }));
  const isContent = (line: number): boolean => {
    const text = document.lines.line(line).trimStart();
    return text !== '' && !text.startsWith('#');
  };
  /**
   * Maps the line of a comment to the line it applies to, so that several comments above one line search for it once.
   */
  const targets = new Map<number, number>();
  const targetOf = (line: number): number => {
    let target = line + 1;
    while (target < document.lines.count && !isContent(target)) target = targets.get(target) ?? target + 1;
    return target;
  };
  const comments: SuppressionComment[] = [];
  for (const { span, line } of spans.reverse()) {
    const text = document.text.slice(span.start, span.end);
    const head = form.exec(text);
    if (!head) continue;
    const kind = head[1] as SuppressionKind;
    const namesText = text.slice(head[0].length).split(/(?<=^|\s)--(?=\s|$)/)[0] ?? '';
    const names = [...namesText.matchAll(/[^\s,]+/g)].map((match): SuppressedName => {
      const start = span.start + head[0].length + match.index;
      return { name: match[0], span: { start, end: start + match[0].length } };
    });
    // Comments and empty lines in between are skipped, so that several comments can precede one line.
    if (kind === 'disable-next-line') targets.set(line, targetOf(line));
    comments.push({ kind, span, names, line: targets.get(line) ?? line });
  }
  return comments.reverse();
}
