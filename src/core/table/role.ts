import type { Message } from '../report/message.ts';

/** What a column means in training data. The order is the order of the quick pick. */
export const roles = [
  'user',
  'item',
  'label',
  'source',
  'time',
  'request',
  'position',
  'viewed',
  'play-time',
  'positive-item',
  'log-q',
  'weight',
  'score',
  'rank',
  'channel',
  'reached',
  'propensity',
  'split',
  'created',
  'removed',
  'embedding',
  'attribute',
] as const;
export type Role = (typeof roles)[number];

/** A role that a ratio config gives a column. */
export interface DeclaredRole {
  readonly role: Role;
  /** Name of the config's file, and the line in it, from 1. */
  readonly config: string;
  readonly line: number;
}

/** A role with the reason for it. `set` is a person's choice and wins over a guess. */
export interface RoleGuess {
  readonly role: Role;
  readonly reason: Message;
  readonly set: boolean;
}
