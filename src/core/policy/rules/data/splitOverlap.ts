import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { groupKey } from '../../sampleKeys.ts';
import { keyNeeds, sampleRoles } from '../../sampleNeeds.ts';

export const overlap = (
  shared: number,
  other: string | null = 'recall-eval.parquet',
): Pick<Answers, 'split-overlap'> => ({
  'split-overlap': {
    other,
    groups: 146,
    shared,
    examples: shared === 0 ? [] : [{ user_id: '7203685477500600529', positive_item: '4820193308562714772' }],
  },
});

export const splitOverlap = defineRule({
  id: 'data/split-overlap',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => {
    const { stage } = context;
    return stage.unit === undefined ? [] : keyNeeds(context, groupKey(stage, sampleRoles(context)), 'split-overlap');
  },
  comparesNothing: nothingIn('split-overlap', ({ other, groups }) =>
    other === null ? message('no lock file next to it names the file of the other split') : noRows(groups),
  ),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'split-overlap', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { other, groups, shared, examples } = answer.value;
    if (other === null || shared === 0) return;
    yield {
      at: samplePathKey(stage.name),
      message:
        shared === 1
          ? message('1 of {0} groups is also in {1}, the file of the other split', groups, other)
          : message('{0} of {1} groups are also in {2}, the file of the other split', shared, groups, other),
      details: exampleRows(examples),
    };
  },
  docs: {
    summary: 'Groups are in both the training file and the eval file',
    why: `A model that is evaluated on its training groups is measured on what it has memorized. Typical causes: windows
that overlap, or a random split of rows after sampling.

The rule compares the keys of the groups: user, positive item and request or time; in the unit request, the request; for
fine ranking, the impression. A config names one path for both splits. So the rule looks for the other file next to the
sample file: the newest file or folder there whose lock file names the same config and stage, and the other split. If
there is none, or if the sample file has no lock file, there is nothing to compare.`,
    source: 'By definition of an evaluation.',
    wrong: { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: overlap(12) },
    right: { text: changed('recall') },
  },
});
