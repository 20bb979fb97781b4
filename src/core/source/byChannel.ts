import { choice, field } from '../schema/shape.ts';
import { message } from '../message/message.ts';

/** Option of the sources that draw from the results of recall channels. */
export const byChannel = field(
  choice({ channel: message('Channels take turns') }),
  message('The order of the candidates. Default: random.'),
  { example: 'channel' },
);
