import { columnNamed } from '../../../data/columnKinds.ts';
import { sampleName, samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message, type Message } from '../../../message/message.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { roleNeeds } from '../../sampleNeeds.ts';

type Times = Answers['split-times'];

export const times = (overrides: Partial<Times>): Pick<Answers, 'split-times'> => ({
  'split-times': { rows: 1567, split: null, before: 1567, after: 0, examples: [], ...overrides },
});

export const timeLeak = defineRule({
  id: 'data/time-leak',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => {
    return context.config.window?.train?.to !== undefined && !hasSplits(context)
      ? roleNeeds(context, ['time'], 'split-times')
      : [];
  },
  comparesNothing: nothingIn('split-times', ({ before, after }) => noRows(before, after)),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'split-times', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const text = leakOf(answer.value);
    if (text === null) return;
    yield {
      at: samplePathKey(stage.name),
      message: text,
      details: [
        ...(answer.value.split === null
          ? [message('The file has no current lock file. A file whose rows are all after the cut is an eval file.')]
          : []),
        ...exampleRows(answer.value.examples),
      ],
    };
  },
  docs: {
    summary: 'A sample file has rows on both sides of the training cut',
    why: `A model that trains on rows after the training cut has seen the time on which it is evaluated: the offline
metric is too good, and the model in production is not. Rows before the cut in an eval file measure what the model has
memorized.

The rule compares the time of each row with \`window.train.to\`. The lock file next to the sample file says which split
it has. Without a lock file, a file whose rows are all after the cut is an eval file; other files are training files. A
file with a column of the role split is not checked, because it contains both.`,
    source: 'By definition of the training cut.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: times({
        before: 1500,
        after: 67,
        examples: [
          { user_id: '7203685477500600529', item_id: '4820193308562714772', ts: '2026-11-21 09:36:17.074517' },
        ],
      }),
    },
    right: { text: changed('recall') },
  },
});

function leakOf({ rows, split, before, after }: Times): Message | null {
  if (split === 'eval')
    return before === 0
      ? null
      : message('{0} of {1} rows of this eval file are not later than the training cut', before, rows);
  if (after === 0 || (split === null && before === 0)) return null;
  return message('{0} of {1} rows of this training file are later than the training cut', after, rows);
}

/** True if the sample file has the split of each row. */
function hasSplits({ facts, stage }: RuleContext): boolean {
  const file = facts.dataset(sampleName(stage.name));
  return (
    file?.state === 'known' &&
    (file.columns.some(({ role }) => role?.role === 'split') || columnNamed(file, 'split') !== undefined)
  );
}
