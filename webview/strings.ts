import { render, type Message, type MessageArgument } from '../src/core/message/message.ts';
import { boot } from './boot.ts';
import { ownValue } from '../src/core/ownValue.ts';

const translate = (text: string): string => ownValue(boot.strings, text) ?? text;

/**
 * Translates an English text into the user's language and fills the placeholders. The text must be a literal, because
 * the strings test collects it.
 */
export function t(text: string, ...args: readonly MessageArgument[]): string {
  return render(args.length === 0 ? { text } : { text, args }, translate);
}

/** Translates a message from another process into the user's language. */
export function say(message: Message): string {
  return render(message, translate);
}
