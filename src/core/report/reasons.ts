import type { RejectionReason, ShortfallCause } from '../sampling/drawn.ts';
import { message, type Message } from './message.ts';

/**
 * Why an item is not taken: by a draw that was rejected, or by a group that an explained pair asks about (`absent`).
 */
export type Reason = RejectionReason | 'absent';

/** Nearest to the item first: the order in which they are shown. */
export const reasonNames: Readonly<Record<Reason, Message>> = {
  positive: message('the positive itself'),
  excluded: message('excluded by an event of the user'),
  ineligible: message('not in the corpus at that time'),
  repeated: message('drawn before'),
  absent: message('not in the pool or the list'),
};

/** Those that counts by reason tell of, in order. */
export function reasonsIn<R extends Reason>(counts: Readonly<Record<R, number>>): R[] {
  return (Object.keys(reasonNames) as R[]).filter((reason) => counts[reason] > 0);
}

/** Why a group has fewer negatives than were asked for. */
export const causeNames: Readonly<Record<ShortfallCause, Message>> = {
  list: message('the list has no more candidates'),
  pool: message('the pool has fewer acceptable items'),
  attempts: message('too many attempts were rejected'),
};

/** The causes of what is missing, in order. */
export function causesIn(shortfalls: Readonly<Record<ShortfallCause, number>>): ShortfallCause[] {
  return (Object.keys(causeNames) as ShortfallCause[]).filter((cause) => shortfalls[cause] > 0);
}
