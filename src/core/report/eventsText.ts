import { message, type Message } from '../message/message.ts';
import type { EventCounts } from '../sampling/eventCounts.ts';
import { formatCount } from '../table/format.ts';

/** How many events of a table have an impression, and what the others do. */
export function eventsText({ name, matched, unmatched, does }: EventCounts): Message {
  const [known, unknown] = [formatCount(matched), formatCount(unmatched)];
  if (unmatched === 0) return message('data.{0}: all {1} events have an impression', name, known);
  switch (does) {
    case 'exclude':
      return message(
        'data.{0}: {1} events have an impression, {2} have none: their items are excluded',
        name,
        known,
        unknown,
      );
    case 'positive':
      return message(
        'data.{0}: {1} events have an impression, {2} have none and become positives at their own time (unmatched: positive)',
        name,
        known,
        unknown,
      );
    case 'ignore':
      return message('data.{0}: {1} events have an impression, {2} have none and are ignored', name, known, unknown);
  }
}
