import { message, type Message } from '../message/message.ts';
import type { Role } from './role.ts';

/** Displayed name of a role, in the terms of the field. */
export const roleNames: Readonly<Record<Role, Message>> = {
  user: message('user'),
  item: message('item'),
  label: message('label'),
  source: message('source'),
  time: message('time'),
  request: message('request'),
  position: message('position'),
  viewed: message('viewed'),
  'play-time': message('play time'),
  'positive-item': message('positive item'),
  'log-q': message('log q'),
  weight: message('weight'),
  score: message('score'),
  rank: message('rank'),
  channel: message('channel'),
  reached: message('stage reached'),
  propensity: message('propensity'),
  split: message('split'),
  created: message('created'),
  removed: message('removed'),
  embedding: message('embedding'),
  attribute: message('attribute'),
};

/** The codicon of a role, without the `codicon-` prefix. */
export const roleIcons: Readonly<Record<Role, string>> = {
  user: 'person',
  item: 'tag',
  label: 'pass',
  source: 'list-filter',
  time: 'calendar',
  request: 'link',
  position: 'list-ordered',
  viewed: 'eye',
  'play-time': 'watch',
  'positive-item': 'tag',
  'log-q': 'symbol-numeric',
  weight: 'symbol-numeric',
  score: 'symbol-numeric',
  rank: 'list-ordered',
  channel: 'list-filter',
  reached: 'list-filter',
  propensity: 'symbol-numeric',
  split: 'split-horizontal',
  created: 'calendar',
  removed: 'calendar',
  embedding: 'symbol-array',
  attribute: 'symbol-property',
};
