import { choice, field } from '../schema/shape.ts';
import { message } from '../message/message.ts';

/** Option of the sources that draw from the results of recall channels. */
export const byChannel = field(
  choice({ channel: message('Channels take turns, so that a large channel does not fill the list') }),
  message('The order in which candidates are taken. Default: one random order for all.'),
  { example: 'channel' },
);
