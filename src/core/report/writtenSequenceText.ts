import { message, type Message } from '../message/message.ts';
import type { SequenceCounts } from '../sampling/sequenceCounts.ts';
import { formatCount, formatPercent } from '../table/format.ts';

/** How long the histories of a sequence are, and how long before the read time they end. */
export function writtenSequenceText({ name, groups, empty, full, steps, newestAge }: SequenceCounts): Message {
  if (newestAge === null) return message('{0}: no group has a step', name);
  return message(
    '{0}: {1} steps per group on average, {2} of the groups have none, {3} are at full length; every step is at least {4} s before the request',
    name,
    (steps / groups).toFixed(1),
    formatPercent(empty / groups),
    formatPercent(full / groups),
    String(newestAge / 1_000_000),
  );
}

/** Events of tables that are no steps of a sequence because they have no time. */
export function untimedTexts({ name, untimed }: Pick<SequenceCounts, 'name' | 'untimed'>): Message[] {
  return untimed.flatMap(({ table, events }) =>
    events === 0
      ? []
      : [message('Events of data.{0} without time, left out of {1}: {2}', table, name, formatCount(events))],
  );
}
