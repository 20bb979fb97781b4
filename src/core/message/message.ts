/** Value for a placeholder. A nested message is translated too. */
export type MessageArgument = string | number | Message;

/**
 * A sentence for users: English text and the values of its placeholders `{0}`, `{1}`, …. It can cross processes and is
 * translated where it is shown.
 */
export interface Message {
  readonly text: string;
  readonly args?: readonly MessageArgument[];
}

/** Translates an English text with placeholders; returns the text itself if there is no translation. */
export type Translate = (text: string) => string;

/** Creates a message. The first argument must be a literal, because the string check collects it from the source. */
export function message(text: string, ...args: MessageArgument[]): Message {
  return args.length === 0 ? { text } : { text, args };
}

/** Fills the placeholders of a message; a placeholder without a value stays unchanged. */
export function render(m: Message, translate: Translate = (text) => text): string {
  return translate(m.text).replace(/\{(\d+)\}/g, (hole, digits: string) => {
    const value = m.args?.[Number(digits)];
    return value === undefined ? hole : typeof value === 'object' ? render(value, translate) : String(value);
  });
}
