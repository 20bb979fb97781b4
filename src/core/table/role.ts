import type { Message } from '../report/message.ts';

/** What a column means in training data. The order is the order of the quick pick. */
export const roles = [
  'user', 'item', 'label', 'source', 'time', 'request', 'position', 'viewed', 'play-time', 'positive-item', 'log-q', 'weight',
  'score', 'rank', 'channel', 'reached', 'propensity', 'split', 'created', 'removed', 'embedding', 'attribute',
] as const;
export type Role = (typeof roles)[number];

/** A role with the reason for it. `set` is a person's choice and wins over a guess. */
export interface RoleGuess {
  readonly role: Role;
  readonly reason: Message;
  readonly set: boolean;
}
