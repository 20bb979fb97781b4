import { rateInterval, type Rate } from '../statistics/rate.ts';
import { message, type Message } from '../message/message.ts';
import { percent } from './shares.ts';

/** A share with its interval. */
export function rateLine(rate: Rate): Message {
  const { low, high } = rateInterval(rate);
  return message(
    'Share: {0} (95 % interval {1} to {2}, clustered by user).',
    percent(rate.rows === 0 ? 0 : rate.hits / rate.rows),
    percent(low),
    percent(high),
  );
}
