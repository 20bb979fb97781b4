import { Lines } from '../config/lines.ts';
import type { Range } from '../config/span.ts';
import type { Edit, Finding } from './finding.ts';

/** The first fix of every finding if it is safe, without those that overlap an earlier one. */
export function safeEdits(findings: readonly Finding[]): { readonly edits: readonly Edit[]; readonly fixes: number } {
  const edits: Edit[] = [];
  let fixes = 0;
  for (const {
    fixes: [fix],
  } of findings) {
    if (!fix?.safe || fix.edits.some((edit) => edits.some((earlier) => collide(edit.range, earlier.range)))) continue;
    edits.push(...fix.edits);
    fixes++;
  }
  return { edits, fixes };
}

/** Applies edits that do not overlap. New lines use the line ends of the text. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const lines = new Lines(text);
  const [lineEnd = '\n'] = /\r\n|\n/.exec(text) ?? [];
  const spans = edits
    .map(({ range, text: inserted }) => ({ start: lines.offset(range.start), end: lines.offset(range.end), inserted }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  return spans.reduce(
    (result, { start, end, inserted }) =>
      result.slice(0, start) + inserted.replace(/\r\n|\n/g, lineEnd) + result.slice(end),
    text,
  );
}

const before = (a: Range['start'], b: Range['start']): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);
/** Two insertions at one offset also collide, because their order would be arbitrary. */
const collide = (a: Range, b: Range): boolean =>
  (before(a.start, b.end) && before(b.start, a.end)) || (!before(a.start, b.start) && !before(b.start, a.start));
