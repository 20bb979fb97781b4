import { message, type Message } from '../message/message.ts';
import type { UnknownCounts } from '../sampling/unknownCounts.ts';
import { formatCount } from '../table/format.ts';

/** Most days that are named. */
const mostDays = 7;

/** How many impressions are dropped because an event is unknown, by event and day. */
export function unknownTexts(counts: readonly UnknownCounts[]): Message[] {
  return [...new Set(counts.map(({ event }) => event))].map((event) => {
    const own = counts.filter((one) => one.event === event);
    const sum = own.reduce((all, { impressions }) => all + impressions, 0);
    const days = own.slice(0, mostDays).map(({ day, impressions }) => `${day}: ${formatCount(impressions)}`);
    const text = days.join(', ');
    return own.length > mostDays
      ? message(
          'Impressions dropped because {0} is unknown: {1} ({2} and {3} more days)',
          event,
          formatCount(sum),
          text,
          own.length - mostDays,
        )
      : message('Impressions dropped because {0} is unknown: {1} ({2})', event, formatCount(sum), text);
  });
}
