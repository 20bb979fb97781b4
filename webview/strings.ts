import { render, type Message, type MessageArgument } from '../src/core/message/message.ts';
import { boot } from './boot.ts';
import { ownValue } from '../src/core/ownValue.ts';

const translate = (text: string): string => ownValue(boot.strings, text) ?? text;

/** An English text in the reader's language, its placeholders filled. The text must be a literal: the strings test collects it. */
export function t(text: string, ...args: readonly MessageArgument[]): string {
  return render(args.length === 0 ? { text } : { text, args }, translate);
}

/** A message from another process in the reader's language. */
export function say(message: Message): string {
  return render(message, translate);
}
