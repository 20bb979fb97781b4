import type { RejectionReason, ShortfallCause } from '../sampling/drawn.ts';
import type { Preview } from '../sampling/answers.ts';
import { message, type Message } from '../message/message.ts';

/** Why an item is not drawn: a draw was rejected, or a group of an explained pair cannot draw it (`absent`). */
export type Reason = RejectionReason | 'absent';

/** Ordered from most to least specific to the item; shown in this order. */
export const reasonNames: Readonly<Record<Reason, Message>> = {
  positive: message('the positive itself'),
  excluded: message('excluded by an event of the user'),
  ineligible: message('not in the corpus at that time'),
  repeated: message('drawn before'),
  absent: message('not in the pool or the list'),
};

/** The text of a reason. `isPast`: the item is in the user's history, which excludes it at all times. */
export function reasonText(reason: Reason, isPast = false): Message {
  return reason === 'excluded' && isPast ? message('in the user’s history') : reasonNames[reason];
}

/** The text of a reason for several items of a preview. */
export function reasonOfItems(reason: Reason, { histories }: Pick<Preview, 'histories'>): Message {
  return reason === 'excluded' && histories !== undefined
    ? message('excluded by an event or the history of the user')
    : reasonNames[reason];
}

/** The reasons with a count above 0, in order. */
export function reasonsIn<R extends Reason>(counts: Readonly<Record<R, number>>): R[] {
  return (Object.keys(reasonNames) as R[]).filter((reason) => counts[reason] > 0);
}

/** Why a group has fewer negatives than requested. */
export const causeNames: Readonly<Record<ShortfallCause, Message>> = {
  list: message('the list has no more candidates'),
  pool: message('the pool has too few acceptable items'),
  attempts: message('too many attempts were rejected'),
};

/** Why a draw of a group is not in the file. */
export const repeatedText = message('dropped by distinct: an earlier entry has the item');

/** Why a draw of an item is not in the file: another entry has the row. */
export const keptByText = (entry: string): Message => message('dropped by distinct: {0} has the item', entry);

/** The causes of the shortfall, in order. */
export function causesIn(shortfalls: Readonly<Record<ShortfallCause, number>>): ShortfallCause[] {
  return (Object.keys(causeNames) as ShortfallCause[]).filter((cause) => shortfalls[cause] > 0);
}

/** Why a pool with weights lacks an item without counts. */
export function noCountText(counted: string): Message {
  return message('not in the pool: no {0} is counted', counted);
}
