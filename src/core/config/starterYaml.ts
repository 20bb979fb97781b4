import type { Message } from '../report/message.ts';

/** A line, or lines that are indented below the one before them. */
export type Line = string | readonly Line[];

/** Lines as text, two spaces a level. */
export function writeLines(lines: readonly Line[], indent = ''): string {
  return lines.map((line) => (typeof line === 'string' ? indent + line : writeLines(line, `${indent}  `))).join('\n');
}

/** Comments in the reader's language. */
export class Comments {
  constructor(private readonly say: (text: Message) => string) {}

  /** A comment on a line of its own. */
  line(note: Message): string {
    return `# ${this.say(note)}`;
  }

  /** A line with a comment behind it. */
  behind(line: string, note: Message): string {
    return `${line}   ${this.line(note)}`;
  }
}

/** Plain scalars that are no text, or would not be in older YAML. */
const reserved = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

/** A text as a scalar of YAML, also inside of `{…}` and `[…]`: bare where it can be, else in double quotes. */
export function plain(text: string): string {
  const bare =
    /^[\p{L}_./][\p{L}\p{N}_./=*+@-]*$/u.test(text) &&
    !reserved.test(text) &&
    !/^\.+$|^[.]?\d/.test(text) &&
    !/^\.(inf|nan)$/i.test(text);
  return bare ? text : JSON.stringify(text);
}
