import type { LeftOut, PairExplanation } from '../sampling/answers.ts';
import type { PairEntry } from '../sampling/drawn.ts';
import { formatCount } from '../table/format.ts';
import { message, type Message } from '../message/message.ts';
import { reasonsIn } from './reasons.ts';

type Refusal = keyof PairEntry['refused'];

/** The answer in one or two sentences, and its certainty. `expectedText` formats expected counts. */
export function pairVerdict(
  { user, item, entries, expected, drawn, positiveIn }: PairExplanation,
  expectedText: (count: number) => string,
): { readonly text: Message; readonly sure: 'drawn' | 'possible' | 'never' } {
  const never = (text: Message): { readonly text: Message; readonly sure: 'never' } => ({ text, sure: 'never' });
  if (!user.known) return never(message('Never: the log has no rows of this user.'));
  if (user.groups === 0 && user.leftOut)
    return never(message('Never: this user has no group in the window. {0}', userLeftOut(user.leftOut)));
  if (user.groups === 0) return never(message('Never: this user has no group in the window, so nothing is drawn.'));
  if (drawn > 0) {
    return {
      text:
        drawn === 1
          ? message('Drawn once with this seed; {0} expected.', expectedText(expected))
          : message('Drawn {0} times with this seed; {1} expected.', formatCount(drawn), expectedText(expected)),
      sure: 'drawn',
    };
  }
  if (expected > 0)
    return {
      text:
        user.groups === 1
          ? message('Not drawn with this seed, but possible: {0} expected.', expectedText(expected))
          : message(
              'Not drawn with this seed, but possible: {0} expected over {1} groups.',
              expectedText(expected),
              formatCount(user.groups),
            ),
      sure: 'possible',
    };
  // Exposures are rows by themselves: nothing is drawn.
  if (entries.length === 0)
    return never(
      positiveIn > 0
        ? message('Never: this stage draws nothing, and the item is the positive in each of its groups.')
        : message('Never: this stage draws nothing, and no group of the user contains the item.'),
    );
  if (item === null) return never(message('Never: this item is not in the corpus.'));
  switch (commonReason(entries, user.groups)) {
    case 'excluded':
      if (isAllPast(entries, user.groups))
        return never(message('Never: it is in the user’s history, which every group excludes.'));
      return never(message('Never: every group excludes it because of an event of the user.'));
    case 'ineligible':
      return never(message('Never: it is not in the corpus at the time of any group.'));
    case 'positive':
      return never(message('Never: it is the positive of every group.'));
    case 'absent':
      return never(message('Never: it is in no pool and no list of this user.'));
    case null:
      return never(message('Never drawn: excluded in every group. The entries below say why.'));
  }
}

/** True if the history excludes the item from every entry that could draw it. */
function isAllPast(entries: readonly PairEntry[], groups: number): boolean {
  return entries.every(({ refused, isPast }) => isPast === true || refused.absent >= groups);
}

/**
 * The reason that applies in every group of every entry that could draw the item. Absence from one pool or list
 * explains nothing if another has the item.
 */
function commonReason(entries: readonly PairEntry[], groups: number): Refusal | null {
  const holding = entries.filter(({ refused }) => refused.absent < groups);
  const [first] = holding;
  if (!first) return entries.length > 0 ? 'absent' : null;
  return reasonsIn(first.refused).find((reason) => holding.every(({ refused }) => refused[reason] >= groups)) ?? null;
}

/** The positives of a user that `min_steps` leaves out. */
export function userLeftOut({ groups, sequence, steps, required }: LeftOut): Message {
  return groups === 1
    ? message(
        'min_steps leaves out 1 positive of this user: its history {0} has {1} of {2} steps.',
        sequence,
        steps,
        required,
      )
    : message(
        'min_steps leaves out {3} positives of this user: the history {0} of the first has {1} of {2} steps.',
        sequence,
        steps,
        required,
        formatCount(groups),
      );
}

/** Why the item is not a positive, although its event is one. */
export function leftOutLine({ groups, time, sequence, steps, required }: LeftOut): Message {
  return groups === 1
    ? message(
        'Not a positive at {0}: the length of the history {1} is {2}, and min_steps requires {3}.',
        time,
        sequence,
        steps,
        required,
      )
    : message(
        'Not a positive in {4} groups. In the first, at {0}, the length of the history {1} is {2}, and min_steps requires {3}.',
        time,
        sequence,
        steps,
        required,
        groups,
      );
}
