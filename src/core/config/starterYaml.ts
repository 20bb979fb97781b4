import type { Message } from '../message/message.ts';
import { printable } from '../message/printable.ts';

/** A line, or lines that are indented below the previous one. */
export type Line = string | readonly Line[];

/** Joins lines to a text, indented by two spaces per level. */
export function writeLines(lines: readonly Line[], indent = ''): string {
  return lines.map((line) => (typeof line === 'string' ? indent + line : writeLines(line, `${indent}  `))).join('\n');
}

/** Writes comments in the reader's language. */
export class Comments {
  constructor(private readonly say: (text: Message) => string) {}

  /** A comment on a separate line. A line break in a value would end it, and the rest would be part of the config. */
  line(note: Message): string {
    return `# ${printable(this.say(note))}`;
  }

  /** A line followed by a comment. */
  behind(line: string, note: Message): string {
    return `${line}   ${this.line(note)}`;
  }
}

/** Plain scalars that YAML reads as another type, now or in older versions. */
const reserved = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

/** A text as a YAML scalar, also inside `{…}` and `[…]`: plain if possible, else in double quotes. */
export function plain(text: string): string {
  const bare =
    /^[\p{L}_./][\p{L}\p{N}_./=*+@-]*$/u.test(text) &&
    !reserved.test(text) &&
    !/^\.+$|^[.]?\d/.test(text) &&
    !/^\.(inf|nan)$/i.test(text);
  return bare ? text : JSON.stringify(text).replace(notInYaml, escaped);
}

/** Characters that JSON allows in a text, and YAML does not, or reads as line breaks. */
const notInYaml = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
