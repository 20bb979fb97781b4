import { message, type Message } from '../message/message.ts';
import type { Example } from '../data/facts.ts';

/** Affected rows, one line each. */
export function exampleRows(examples: readonly Example[]): Message[] {
  return examples.map((row) =>
    message(
      'For example {0}',
      Object.entries(row)
        .map(([column, value]) => `${column} = ${value}`)
        .join(', '),
    ),
  );
}
