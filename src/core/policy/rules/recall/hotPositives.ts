import { insertPair } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { hotThreshold } from '../../../config/starterStages.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const hotPositives = defineRule({
  id: 'recall/hot-positives',
  kind: 'config',
  severity: 'info',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const at = [...stage.path, 'positives'];
    // Only the unit positive downsamples: with the unit request every click stays.
    if (
      stage.unit === 'request' ||
      stage.unit === 'impression' ||
      !stage.draft.positives ||
      document.has([...at, 'downsample_hot'])
    )
      return;
    const fixes: TextFix[] = [
      {
        title: message('Add downsample_hot with the threshold {0}', hotThreshold),
        changes: insertPair(document, at, 'downsample_hot', `{threshold: ${hotThreshold}}`, 'events'),
        safe: false,
      },
    ];
    yield {
      at,
      on: 'key',
      fixes,
      message: message('The positives of hot items are not downsampled'),
      details: [message("Popular items may dominate training and then everyone's results. Consider downsample_hot.")],
    };
  },
  docs: {
    summary: 'The positives of hot items are not downsampled',
    why: `Clicks follow popularity: a small part of the items has most of the positives. Without downsampling, a recall
model is rewarded for returning these few items to everyone. In the unit \`positive\`, \`downsample_hot\` keeps a
positive with the probability min(1, (√(f/t) + 1) · t/f). Here f is the item's share of the positives, and t is the
threshold. Items below the threshold keep all their positives. Items far above it lose most of them.

Whether you need it depends on how long the tail of your log is, and on the purpose of your channel. A channel for
popular items does not need it.`,
    source: `The formula comes from the code of word2vec, for frequent words. The default threshold is 1e-3 in the code
and about 1e-5 in the paper (Mikolov et al., NIPS 2013); both are for text. Many teams report that hot items dominate
recall. You have to test how much downsampling is right. So the severity is info.`,
    wrong: { text: changed('recall', ['      downsample_hot: {threshold: 1.0e-3}\n', '']), reportedAt: 'positives' },
    right: { text: changed('recall') },
  },
});
