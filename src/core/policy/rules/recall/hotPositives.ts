import { insertPair } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { message } from '../../../report/message.ts';
import { changed } from '../../examples/example.ts';
import { recallMixing } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';

export const hotPositives = defineRule({
  id: 'recall/hot-positives',
  kind: 'config',
  severity: 'info',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const at = [...stage.path, 'positives'];
    // What thins out belongs to the unit positive: with requests every click stays.
    if (
      stage.unit === 'request' ||
      stage.unit === 'impression' ||
      !stage.draft.positives ||
      document.has([...at, 'downsample_hot'])
    )
      return;
    const fixes: TextFix[] = [
      {
        title: message('Add downsample_hot with the threshold {0}', '1.0e-3'),
        changes: insertPair(document, at, 'downsample_hot', '{threshold: 1.0e-3}', 'events'),
        safe: false,
      },
    ];
    yield {
      at,
      on: 'key',
      fixes,
      message: message('The positives of popular items are not thinned out'),
      details: [
        message('A few items may fill the training, and then the results of everyone. Consider downsample_hot.'),
      ],
    };
  },
  docs: {
    summary: 'The positives of popular items are not thinned out',
    why: `Clicks follow popularity: a small part of the items has most of the positives. A recall model trained on them as they are is paid for returning these few items to
everyone. In the unit positive, \`downsample_hot\` keeps a positive of an item with share f of the positives with the probability min(1, (√(f/t) + 1) · t/f): items below the threshold t
keep nearly all, those far above it lose most of them.

Whether it is needed depends on how long the tail of your log is and on what your channel is for; a channel of popular items wants none of it.`,
    source: `The formula is the one of word2vec's code for frequent words. Its threshold there is 1e-3 by default, and about 1e-5 in the paper (Mikolov et al., NIPS 2013); both are for text. That head items take over
recall is told by many teams; how much thinning is right has to be tested. So this informs.`,
    wrong: { text: changed('recall', ['      downsample_hot: {threshold: 1.0e-3}\n', '']), reportedAt: 'positives' },
    right: { text: changed('recall') },
    valid: [
      { text: changed('recall', ['threshold: 1.0e-3', 'threshold: 1']) },
      {
        text: recallMixing(
          ['exposed_unclicked: 0.3', 'popularity: {share: 0.4, group_by: region}', 'global_random: 0.3'],
          ['      downsample_hot: {threshold: 1.0e-3}\n      max_per_user_per_day: 50\n', ''],
          ['unit: positive', 'unit: request'],
          ['per_positive: 10', 'per_request: 10'],
        ),
      },
      // Half typed.
      { text: changed('recall', ['downsample_hot: {threshold: 1.0e-3}', 'downsample_hot:']) },
    ],
  },
});
