import {
  count,
  defined,
  described,
  dictionary,
  lines,
  nullable,
  optional,
  pairs,
  record,
  text,
  type ValueOf,
} from '../json/codec.ts';
import type { PreviewUser } from '../sampling/answers.ts';
import type { PreviewGroup } from '../sampling/drawn.ts';
import type { ShownSequence } from '../sampling/shownHistories.ts';
import { valueAt } from '../valueAt.ts';
import { id, time } from './commonCodecs.ts';
import { ageOf, stepsOf } from './sequenceSteps.ts';

/** Numbers of steps by reason. */
const leftOutCodec = described(
  record({
    afterCutOff: count,
    ownRequest: described(count, "Of the row's own request, not before the cut-off."),
    lookback: count,
    session: count,
    repeated: described(count, 'A newer step has the same item (dedup).'),
    length: described(count, 'Enough newer steps.'),
  }),
  'Steps of the user that are not in the history, by reason.',
);

const stepCodec = record({
  item: id,
  time,
  age: described(count, 'Whole seconds before the request time.'),
  session: optional(described(count, '0 for the session of the row, 1 for the one before; only with session.')),
  values: optional(described(dictionary(nullable(text)), 'Exact texts of the other columns, by name; null for NULL.')),
});

/** By name of the sequence: the history of a group. */
export const historiesCodec = described(
  pairs(
    defined(
      'history',
      record({
        requestTime: described(time, 'The earliest time at which the log knows of the request.'),
        cutOff: described(time, 'Only steps before it are visible.'),
        steps: described(lines(stepCodec), 'In the order of the file.'),
        leftOut: leftOutCodec,
      }),
    ),
  ),
  'Only with output.sequences: the history of the group in each sequence.',
);

/** The value of `historiesCodec`; undefined without sequences. */
export function historiesOf(
  sequences: readonly ShownSequence[] | undefined,
  { steps = [] }: Pick<PreviewUser, 'steps'>,
  { histories = [] }: Pick<PreviewGroup, 'histories'>,
): ValueOf<typeof historiesCodec> | undefined {
  return sequences?.map((sequence, k) => {
    const history = valueAt(histories, k);
    const shown = stepsOf(history, valueAt(steps, k)).map(({ step, session }) => ({
      item: step.item,
      time: step.time,
      age: ageOf(history, step),
      session: session ?? undefined,
      values:
        sequence.columns.length === 0
          ? undefined
          : Object.fromEntries(sequence.columns.map((column, j) => [column, step.values[j] ?? null])),
    }));
    const { readTime: requestTime, cutOff, leftOut } = history;
    return [
      sequence.name,
      { requestTime, cutOff, steps: sequence.isNewestFirst ? shown : shown.toReversed(), leftOut },
    ] as const;
  });
}

const leftOutGroups = defined(
  'left_out_groups',
  record({
    groups: count,
    first: described(
      record({ time, requestTime: time, cutOff: time, step: time }),
      'The first of these groups, and the step of the item that decides.',
    ),
  }),
);

/** By name of the sequence: the groups of a user with an item in their history. */
export const pairHistoriesCodec = described(
  pairs(
    record({
      groups: described(count, 'Groups of the user.'),
      within: described(count, 'Groups with the item in their history.'),
      leftOut: described(
        record({
          afterCutOff: optional(leftOutGroups),
          ownRequest: optional(leftOutGroups),
          lookback: optional(leftOutGroups),
          session: optional(leftOutGroups),
          repeated: optional(leftOutGroups),
          length: optional(leftOutGroups),
          later: optional(leftOutGroups),
        }),
        'The other groups by the reason of the newest step of the item; later: the item first came after the request.',
      ),
    }),
  ),
  'Only with output.sequences: the item in the histories of the user.',
);
