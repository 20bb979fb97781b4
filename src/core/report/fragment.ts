import { Lines } from '../config/lines.ts';
import type { Finding } from '../policy/finding.ts';
import type { RuleDocs } from '../policy/rule.ts';
import { render } from '../message/message.ts';
import { u32At, valueAt } from '../valueAt.ts';

/** Number of lines shown around the relevant ones. */
const CONTEXT_LINES = 1;
/** Texts of up to this many lines are shown in full. */
const MAX_FULL_LINES = 16;

/** The relevant parts of a rule's two examples: their differences and the reported places, with the keys above them. */
export function wrongAndRight(
  { wrong, right }: Pick<RuleDocs, 'wrong' | 'right'>,
  findings: readonly Finding[],
): { readonly wrong: string; readonly right: string } {
  const wrongLines = linesOf(wrong.text);
  const rightLines = linesOf(right.text);
  const { onlyFirst, onlySecond } = difference(wrongLines, rightLines);
  const reported = new Lines(wrong.text).position(placeOf(wrong)).line;
  const lines = findings.map(({ range }) => range.start.line);
  // If the right text only removes lines, show where they were, and the reported line.
  const shownRight =
    onlySecond.length > 0 ? onlySecond : counterparts([...onlyFirst, reported], wrongLines, rightLines);
  return {
    wrong: fragment(wrongLines, [...onlyFirst, ...(lines.length > 0 ? lines : [reported])], findings),
    right: fragment(rightLines, shownRight, []),
  };
}

/** Offset where a wrong example is reported. */
export function placeOf({ text, reportedAt, after }: RuleDocs['wrong']): number {
  return Math.max(0, text.indexOf(reportedAt, after === undefined ? 0 : text.indexOf(after) + after.length));
}

function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/(\r\n?|\n)$/, '')
    .split(/\r\n?|\n/);
}

/** Lines of each text that the other does not have, in order: the complement of a longest common subsequence. */
function difference(
  first: readonly string[],
  second: readonly string[],
): { readonly onlyFirst: readonly number[]; readonly onlySecond: readonly number[] } {
  const lengths = Array.from({ length: first.length + 1 }, () => new Uint32Array(second.length + 1));
  const lengthAt = (i: number, j: number): number => u32At(valueAt(lengths, i), j);
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--)
      valueAt(lengths, i)[j] =
        first[i] === second[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
  }
  const onlyFirst: number[] = [];
  const onlySecond: number[] = [];
  for (let i = 0, j = 0; i < first.length || j < second.length;) {
    if (i < first.length && j < second.length && first[i] === second[j]) [i, j] = [i + 1, j + 1];
    else if (j >= second.length || (i < first.length && lengthAt(i + 1, j) >= lengthAt(i, j + 1))) onlyFirst.push(i++);
    else onlySecond.push(j++);
  }
  return { onlyFirst, onlySecond };
}

/** For each line of the first text, the equal line of the second text, or else the nearest line number. */
function counterparts(
  lines: readonly number[],
  first: readonly string[],
  second: readonly string[],
): readonly number[] {
  return lines.map((line) => {
    const same = second.indexOf(first[line] ?? '');
    return same >= 0 ? same : Math.min(line, second.length - 1);
  });
}

const indentOf = (line: string): number => line.search(/\S|$/);

/** A line and its neighbours in the same map or list. */
function neighbours(lines: readonly string[], line: number): readonly number[] {
  const indent = indentOf(lines[line] ?? '');
  const near = Array.from({ length: 2 * CONTEXT_LINES + 1 }, (_, k) => line - CONTEXT_LINES + k);
  return near.filter(
    (other) => other === line || (other >= 0 && other < lines.length && indentOf(lines[other] ?? '') >= indent),
  );
}

/** The lines of the parent keys of a line. */
function keysAbove(lines: readonly string[], line: number): readonly number[] {
  const above: number[] = [];
  let indent = indentOf(lines[line] ?? '');
  for (let k = line - 1; k >= 0 && indent > 0; k--) {
    const parentIndent = indentOf(lines[k] ?? '');
    if (lines[k]?.trim() === '' || parentIndent >= indent) continue;
    above.push(k);
    indent = parentIndent;
  }
  return above;
}

/** The relevant lines with their neighbours and parent keys, `…` for omitted lines, and carets under the findings. */
function fragment(lines: readonly string[], relevantLines: readonly number[], findings: readonly Finding[]): string {
  const visibleLines = new Set(
    lines.length <= MAX_FULL_LINES ? lines.keys() : relevantLines.flatMap((line) => neighbours(lines, line)),
  );
  for (const line of [...visibleLines]) for (const above of keysAbove(lines, line)) visibleLines.add(above);
  const out: string[] = [];
  let lastLine = -1;
  for (const line of [...visibleLines].sort((a, b) => a - b)) {
    const text = lines[line] ?? '';
    if (line > lastLine + 1 && lastLine >= 0) out.push(`${' '.repeat(indentOf(text))}# …`);
    out.push(
      text,
      ...findings.filter(({ range }) => range.start.line === line).flatMap((finding) => underline(finding, text)),
    );
    lastLine = line;
  }
  return out.join('\n');
}

/** A comment with carets under the range, followed by the message; details go on the lines below. */
function underline({ range, message, details }: Finding, line: string): string[] {
  const from = Math.min(range.start.character, line.length);
  const to = range.end.line > range.start.line ? line.length : Math.min(range.end.character, line.length);
  // The `#` takes the first column, so a range that starts there has one caret less.
  const before = `#${' '.repeat(Math.max(0, from - 1))}`;
  return [
    `${before}${'^'.repeat(Math.max(1, to - from - (from === 0 ? 1 : 0)))} ${render(message)}`,
    ...details.map((detail) => before + render(detail)),
  ];
}
