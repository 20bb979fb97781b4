/** What one placeholder of a message may be filled with: another message is put into the reader's language as well. */
export type MessageArgument = string | number | Message;

/**
 * A sentence for a person, kept as its English text and the values of its placeholders `{0}`, `{1}`, …, so that it can
 * cross a process and be put into the reader's language at the place where it is shown.
 */
export interface Message {
  readonly text: string;
  readonly args?: readonly MessageArgument[];
}

/** Translates an English text with placeholders; returns the text itself where no translation is known. */
export type Translate = (text: string) => string;

/** Makes a message. The first argument must be a literal: the string check collects it from the source. */
export function message(text: string, ...args: MessageArgument[]): Message {
  return args.length === 0 ? { text } : { text, args };
}

/** Fills the placeholders of a message; a placeholder without a value is left as it stands. */
export function render(m: Message, translate: Translate = (text) => text): string {
  return translate(m.text).replace(/\{(\d+)\}/g, (hole, digits: string) => {
    const value = m.args?.[Number(digits)];
    return value === undefined ? hole : typeof value === 'object' ? render(value, translate) : String(value);
  });
}
