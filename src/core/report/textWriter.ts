import { render, type Message, type Translate } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import type { NumberLocale } from '../table/format.ts';
import { fitCells, wrapCells } from './cells.ts';
import { painter, type Paint, type Tone } from './paint.ts';
import { textTable, type Cell } from './textTable.ts';

export interface TextOptions {
  /** Terminal cells per line. */
  readonly width: number;
  readonly colour: boolean;
  readonly locale: NumberLocale;
  readonly translate: Translate;
}

/** Lines of a report for a terminal. */
export class TextWriter<O extends TextOptions = TextOptions> {
  readonly paint: Paint;

  constructor(protected readonly options: O) {
    this.paint = painter(options.colour);
  }

  text(m: Message): string {
    return render(m, this.options.translate);
  }

  /** One line, cut with an ellipsis. A message is shown as its text, with visible control characters. */
  fitLine(line: string | Message): string {
    return fitCells(this.#plain(line), this.options.width);
  }

  wrapped(text: string | Message, tone: Tone | null = null, indent = ''): string[] {
    return wrapCells(this.#plain(text), this.options.width - indent.length).map(
      (line) => indent + (tone === null ? line : this.paint(tone, line)),
    );
  }

  table(head: readonly Cell[], rows: readonly (readonly Cell[])[], limits: readonly number[], indent = ''): string[] {
    const width = this.options.width - indent.length;
    return textTable(head, rows, limits, { width, paint: this.paint }).map((line) => indent + line);
  }

  /** Lines below a title, after an empty line. */
  section(title: Message, lines: readonly string[]): string[] {
    return ['', this.paint('strong', this.text(title)), ...lines];
  }

  #plain(text: string | Message): string {
    return typeof text === 'string' ? text : printable(this.text(text));
  }
}
