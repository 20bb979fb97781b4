import { message, type Message } from '../message/message.ts';
import type { UnknownCounts } from '../sampling/unknownCounts.ts';
import { formatCount } from '../table/format.ts';

/** Largest number of days that are named. */
const MAX_DAYS = 7;

/** Number of impressions that are dropped because an event is unknown, by event and day. */
export function unknownTexts(counts: readonly UnknownCounts[]): Message[] {
  return [...new Set(counts.map(({ event }) => event))].map((event) => {
    const rowsOfEvent = counts.filter((count) => count.event === event);
    const sum = rowsOfEvent.reduce((all, { impressions }) => all + impressions, 0);
    const days = rowsOfEvent.slice(0, MAX_DAYS).map(({ day, impressions }) => `${day}: ${formatCount(impressions)}`);
    const text = days.join(', ');
    return rowsOfEvent.length > MAX_DAYS
      ? message(
          'Impressions dropped because {0} is unknown: {1} ({2} and {3} more days)',
          event,
          formatCount(sum),
          text,
          rowsOfEvent.length - MAX_DAYS,
        )
      : message('Impressions dropped because {0} is unknown: {1} ({2})', event, formatCount(sum), text);
  });
}
