import { message, type Message } from '../../core/message/message.ts';
import { printableId } from '../../core/message/printable.ts';
import type { Preview } from '../../core/sampling/answers.ts';

/** Notices about a preview, in addition to its rows. */
export function previewWarnings({ users, notices }: Preview): Message[] {
  return [
    ...users
      .filter(({ isKnown }) => !isKnown)
      .map(({ user }) => message('The log has no rows of user {0}', printableId(user))),
    ...notices,
  ];
}
