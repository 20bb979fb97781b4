import { removePair } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

const events = '      events: {click: 1}\n';

export const hotResampling = defineRule({
  id: 'fine/hot-resampling',
  kind: 'config',
  severity: 'error',
  stages: ['fine_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const at = [...stage.path, 'positives', 'downsample_hot'];
    if (!document.has(at)) return;
    yield {
      at,
      on: 'key',
      message: message('downsample_hot drops clicks of hot items and keeps their other rows'),
      details: [message('The click rates of these items become too low. Remove downsample_hot.')],
      fixes: [{ title: message('Remove downsample_hot'), changes: removePair(document, at), safe: false }],
    };
  },
  docs: {
    summary: 'Fine ranking downsamples the positives of hot items',
    why: `For recall it is sound to downsample the positives of hot items: only the order matters, and hot items should
not fill everyone's results. Fine ranking predicts probabilities. If the clicks of hot items are dropped and their
unclicked rows are kept, their click rate falls. The amount differs from item to item, so no single formula can correct
it afterwards.

To show hot items less often, change the score after the model, or the re-ranking.`,
    source: `This follows from counting: a click rate is clicks divided by impressions, and dropping a part of the
clicks scales it. This is true for any threshold that affects an item. So the severity is error.`,
    wrong: {
      text: changed('fine_ranking', [events, `${events}      downsample_hot: {threshold: 1.0e-3}\n`]),
      reportedAt: 'downsample_hot',
    },
    right: { text: changed('fine_ranking') },
  },
});
