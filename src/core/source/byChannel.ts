import { choice, field } from '../schema/shape.ts';
import { message } from '../message/message.ts';

/** Option of the sources that draw from the results of recall channels. */
export const byChannel = field(
  choice({ channel: message('The channels take turns, so that a large one does not fill the list') }),
  message('In which order candidates are taken. Without it: all in one keyed order.'),
  { example: 'channel' },
);
