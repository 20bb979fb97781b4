/** A line with content: its indentation, and the offset of its content. After a dash another "line" begins. */
export interface Line {
  readonly start: number;
  readonly indent: number;
  readonly at: number;
  /** True if the indentation contains tabs. A tab counts as two columns, and is a problem. */
  readonly tabs: boolean;
}

const SPACE = 32,
  TAB = 9,
  LF = 10,
  CR = 13,
  HASH = 35,
  DASH = 45;

/** Scans the lines of a YAML text in block style. Line ends are LF or CRLF. */
export class BlockLines {
  constructor(private readonly text: string) {}

  /** The next line that has more than spaces and a comment. `from` must be the start of a line. */
  lineFrom(from: number): Line | null {
    const { text } = this;
    let start = from;
    while (start < text.length) {
      let offset = start;
      let indent = 0;
      let tabs = false;
      for (let code = text.charCodeAt(offset); code === SPACE || code === TAB; code = text.charCodeAt(++offset)) {
        if (code === TAB) tabs = true;
        indent += code === TAB ? 2 : 1;
      }
      const code = text.charCodeAt(offset);
      if (offset < text.length && code !== LF && code !== CR && code !== HASH)
        return { start, indent, at: offset, tabs };
      start = this.nextLine(offset);
    }
    return null;
  }

  /** Start of the line after the one at an offset. */
  nextLine(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    return end === -1 ? this.text.length : end + 1;
  }

  /** End of the line at an offset, without trailing spaces. */
  endOf(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    return offset + this.text.slice(offset, end === -1 ? this.text.length : end).trimEnd().length;
  }

  /** Offset after the spaces and tabs at an offset. */
  spaces(from: number): number {
    let offset = from;
    while (this.text.charCodeAt(offset) === SPACE || this.text.charCodeAt(offset) === TAB) offset++;
    return offset;
  }

  /** True at the end of a line and at a comment, which needs a space before it. */
  isEnd(offset: number): boolean {
    const code = this.text.charCodeAt(offset);
    return (
      Number.isNaN(code) ||
      code === LF ||
      (code === CR && this.text.charCodeAt(offset + 1) === LF) ||
      (code === HASH && this.isBlank(offset - 1))
    );
  }

  /** True at a space, a line end and the end of the text. */
  isBlank(offset: number): boolean {
    const code = this.text.charCodeAt(offset);
    return Number.isNaN(code) || code === SPACE || code === TAB || code === LF || code === CR;
  }

  /** True at the dash of a list item. */
  isDash(offset: number): boolean {
    return this.text.charCodeAt(offset) === DASH && this.isBlank(offset + 1);
  }
}
