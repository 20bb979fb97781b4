import { message, type Message } from '../message/message.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { formatCount } from '../table/format.ts';

/** Messages about positives, exposures or requests of users: one for a single case, one for many. */
export interface Said {
  /** `whose`: which users. */
  readonly one: (whose: Message) => Message;
  /** `count`: the formatted number. */
  readonly many: (count: string, whose: Message) => Message;
}

/** Which users a count is for. `some`: for named users, not for all users of the log. */
export const whoseUsers = (some: boolean): Message => (some ? message('of these users') : message('of all users'));

/** The message for a count; none for 0. */
export function saidOf(count: number, { one, many }: Said, whose: Message): Message[] {
  return count === 0 ? [] : [count === 1 ? one(whose) : many(formatCount(count), whose)];
}

/** Positives with a history shorter than `min_steps`, by split. */
export const shortHistories: Readonly<Record<StagePlan['split'], Said>> = {
  train: {
    one: (whose) => message('1 positive {0} is left out by min_steps: its history is too short', whose),
    many: (n, whose) => message('{0} positives {1} are left out by min_steps: their histories are too short', n, whose),
  },
  eval: {
    one: (whose) => message('1 positive {0} has a history shorter than min_steps. Evaluation data keeps it', whose),
    many: (n, whose) =>
      message('{0} positives {1} have a history shorter than min_steps. Evaluation data keeps them', n, whose),
  },
};
