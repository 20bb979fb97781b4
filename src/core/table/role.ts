import type { Message } from '../message/message.ts';

/** Role of a column in training data. The order is that of the quick pick. */
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

/** A role that a ratio config gives to a column. */
export interface DeclaredRole {
  readonly role: Role;
  /** Name of the config's file, and the 1-based line in it. */
  readonly config: string;
  readonly line: number;
}

/** A role with its reason. `set`: the user chose it, which overrides a guess. */
export interface RoleGuess {
  readonly role: Role;
  readonly reason: Message;
  readonly set: boolean;
}
