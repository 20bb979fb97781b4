import type { Finding } from '../policy/finding.ts';
import { render, type Message } from '../message/message.ts';

/** Text of a finding, with reasons, advice and numbers on separate lines; lists of problems show the first line. */
export function findingText(
  { message, details }: Pick<Finding, 'message' | 'details'>,
  say: (text: Message) => string = (text) => render(text),
): string {
  return [message, ...details].map(say).join('\n');
}
