import type { Finding } from '../policy/finding.ts';
import { render, type Message } from './message.ts';

/** What a finding says, its reasons, advice and numbers on lines of their own: lists of problems show the first line. */
export function findingText(
  { message, details }: Pick<Finding, 'message' | 'details'>,
  say: (text: Message) => string = (text) => render(text),
): string {
  return [message, ...details].map(say).join('\n');
}
