import type { KnobEdits } from '../../protocol/preview.ts';

/** A change inside one line: 0-based line, from `start` up to `end` in UTF-16 code units. */
export interface LineChange {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The lines of a text as an editor counts them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** The lines after edits. Each edit is inside one line; edits do not overlap. */
export function editedLines(lines: readonly string[], edits: KnobEdits['edits']): string[] {
  const result = [...lines];
  const fromTheEnd = [...edits].sort(
    (a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character,
  );
  for (const {
    range: { start, end },
    text,
  } of fromTheEnd) {
    const line = result[start.line] ?? '';
    result[start.line] = line.slice(0, start.character) + text + line.slice(end.character);
  }
  return result;
}

/** The smallest changes that turn lines into others of the same number; null if the numbers differ. */
export function lineChanges(from: readonly string[], to: readonly string[]): LineChange[] | null {
  if (from.length !== to.length) return null;
  return from.flatMap((before, line): LineChange[] => {
    const after = to[line] ?? '';
    if (before === after) return [];
    const shorter = Math.min(before.length, after.length);
    let start = 0;
    while (start < shorter && before[start] === after[start]) start++;
    let tail = 0;
    while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
    return [{ line, start, end: before.length - tail, text: after.slice(start, after.length - tail) }];
  });
}
