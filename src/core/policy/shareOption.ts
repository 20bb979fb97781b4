import type { Message } from '../message/message.ts';

/** The option of a rule that is a share from 0 to 1. */
export function shareOption<Fallback extends number>(fallback: Fallback, doc: Message) {
  return { kind: 'number', fallback, min: 0, max: 1, doc } as const;
}
