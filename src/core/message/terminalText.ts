const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]/u;
const weightless = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** A word with the blanks and punctuation after it, or one East Asian character with the punctuation after it. */
const breakable =
  /(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+)[\u3001-\u303F\uFF01-\uFF60]*\s*|\s+/gu;
const ascii = /^[\x20-\x7E]*$/;
const unsafe = /[\p{Cc}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Number of terminal cells of a text: two for East Asian and emoji characters, none for combining marks. */
export function cellWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += weightless.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/** Pads a text with blanks to a width in cells. */
export function padCells(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - cellWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** The text if it fits into the width, else the part that fits before an ellipsis. */
export function fitCells(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += cellWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return width > 0 ? `${kept}…` : '';
}

/**
 * Wraps a text into lines of at most `width` cells, at blanks and between East Asian characters. Longer words stay
 * whole.
 */
export function wrapCells(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(breakable) ?? []) {
    if (line !== '' && cellWidth(line + word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}

/**
 * Makes data safe to print: control characters, which could control the terminal, become visible symbols or code
 * points.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (c) => {
    const code = c.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Text of an id; an empty id is shown as two quotes. */
export function printableId(id: string): string {
  return id === '' ? '""' : printable(id);
}
