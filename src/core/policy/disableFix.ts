import { ConfigDocument } from '../config/document.ts';
import { commentsOf } from '../config/comments.ts';
import { message } from '../message/message.ts';
import type { Finding, Fix } from './finding.ts';
import { canSuppress } from './suppression.ts';
import { suppressionComments } from './suppressionComment.ts';

/**
 * A fix that suppresses a finding on its line: adds a comment above the line, or a name to the existing comment.
 * Null if a comment is impossible: in JSON, for syntax errors, and if the line starts inside a text of several lines.
 */
export function disableFix(document: ConfigDocument, { rule, range }: Pick<Finding, 'rule' | 'range'>): Fix | null {
  if (document.language === 'json' || !canSuppress(rule)) return null;
  const { text, lines } = document;
  const { line } = range.start;
  const title = message('Suppress {0} on this line', rule);
  const existing = suppressionComments(document).find(
    (comment) => comment.kind === 'disable-next-line' && comment.line === line && comment.names.length > 0,
  );
  const last = existing?.names.at(-1);
  if (last) {
    const position = lines.position(last.span.end);
    return { title, safe: false, edits: [{ range: { start: position, end: position }, text: `, ${rule}` }] };
  }
  const begin = lines.offset({ line, character: 0 });
  const bom = begin === 0 && text.startsWith('\uFEFF') ? 1 : 0;
  const indent = /^[ \t]*/.exec(text.slice(begin + bom))?.[0] ?? '';
  const comment = `${indent}# recsample-disable-next-line ${rule}`;
  const added = comment + (/\r\n?|\n/.exec(text)?.[0] ?? '\n');
  const edited = new ConfigDocument(text.slice(0, begin + bom) + added + text.slice(begin + bom), document.language);
  if (!commentsOf(edited).some(({ start }) => start === begin + bom + indent.length)) return null;
  const position = lines.position(begin + bom);
  return { title, safe: false, edits: [{ range: { start: position, end: position }, text: added }] };
}
