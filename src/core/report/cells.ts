import stringWidth from 'string-width';

/** A word with the blanks and punctuation after it, or one East Asian character with the punctuation after it. */
const breakable =
  /(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+)[\u3001-\u303F\uFF01-\uFF60]*\s*|\s+/gu;
const ascii = /^[\x20-\x7E]*$/;
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Number of terminal cells of a text: two for East Asian and emoji characters, none for combining marks. */
export function cellWidth(text: string): number {
  // Nearly all texts are ASCII, and tables measure thousands of them.
  return ascii.test(text) ? text.length : stringWidth(text, { countAnsiEscapeCodes: true });
}

/** Pads a text with blanks to a width in cells. */
export function padCells(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - cellWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** The text if it fits into the width, else the part that fits before an ellipsis. */
export function fitCells(text: string, width: number): string {
  let fitting = '';
  let used = 0;
  let isWhole = true;
  // Stops at the width, because a text of a damaged file may be very long.
  for (const { segment } of characters.segment(text)) {
    used += cellWidth(segment);
    if (used > width) {
      isWhole = false;
      break;
    }
    if (used <= width - 1) fitting += segment;
  }
  if (isWhole) return text;
  return width > 0 ? `${fitting}…` : '';
}

/** Wraps a text into lines of at most `width` cells, at blanks and between East Asian characters, never in words. */
export function wrapCells(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.match(breakable) ?? []) {
    // Measures each word once: measuring the growing line again takes seconds for long texts.
    if (line !== '' && used + cellWidth(word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    line += word;
    used += cellWidth(word);
  }
  return [...lines, line.trimEnd()];
}
