import { valueAt } from '../valueAt.ts';
import type { Position, Range, Span } from './span.ts';

const LF = 10,
  CR = 13;

/** Converts offsets of a text to lines and characters and back. A line ends with LF, CRLF or a lone CR. */
export class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let offset = 0; offset < text.length; offset++) {
      const code = text.charCodeAt(offset);
      if (code === LF || (code === CR && text.charCodeAt(offset + 1) !== LF)) this.#starts.push(offset + 1);
    }
  }

  get count(): number {
    return this.#starts.length;
  }

  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.#text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (valueAt(this.#starts, middle) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - valueAt(this.#starts, low) };
  }

  range({ start, end }: Span): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  /** Positions outside the text are clamped to the nearest offset. */
  offset({ line, character }: Position): number {
    if (line < 0) return 0;
    const start = this.#starts[line];
    if (start === undefined) return this.#text.length;
    return Math.min(start + Math.max(0, character), start + this.line(line).length);
  }

  /** One line without its line end; empty if there is no such line. */
  line(line: number): string {
    const start = this.#starts[line];
    if (start === undefined) return '';
    return this.#text.slice(start, this.#starts[line + 1] ?? this.#text.length).replace(/[\r\n]+$/, '');
  }
}
