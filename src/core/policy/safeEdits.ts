import { Lines } from '../config/lines.ts';
import type { Range } from '../config/span.ts';
import type { Edit, Finding } from './finding.ts';

/** The first fix of every finding that may be made without asking, as far as none gets in the way of an earlier one. */
export function safeEdits(findings: readonly Finding[]): { readonly edits: readonly Edit[]; readonly fixes: number } {
  const edits: Edit[] = [];
  let fixes = 0;
  for (const {
    fixes: [fix],
  } of findings) {
    if (!fix?.safe || fix.edits.some((edit) => edits.some((taken) => collide(edit.range, taken.range)))) continue;
    edits.push(...fix.edits);
    fixes++;
  }
  return { edits, fixes };
}

/** The text with edits made that do not overlap. New lines end as those of the text do. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const lines = new Lines(text);
  const [lineEnd = '\n'] = /\r\n|\n/.exec(text) ?? [];
  const spans = edits
    .map(({ range, text: inserted }) => ({ start: lines.offset(range.start), end: lines.offset(range.end), inserted }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  return spans.reduce(
    (made, { start, end, inserted }) => made.slice(0, start) + inserted.replace(/\r\n|\n/g, lineEnd) + made.slice(end),
    text,
  );
}

const before = (a: Range['start'], b: Range['start']): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);
/** Two insertions at one place collide as well: their order would be a matter of chance. */
const collide = (a: Range, b: Range): boolean =>
  (before(a.start, b.end) && before(b.start, a.end)) || (!before(a.start, b.start) && !before(b.start, a.start));
