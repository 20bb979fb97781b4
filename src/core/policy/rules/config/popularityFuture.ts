import { insertPair, setValue } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const withoutWindow = [
  'window:\n  train: {from: 2026-11-01, to: 2026-11-20}\n  eval: {from: 2026-11-21, to: 2026-11-21}\n',
  '',
] as const;

export const popularityFuture = defineRule({
  id: 'config/popularity-future',
  kind: 'config',
  severity: 'info',
  stages: 'document',
  options: {},
  *check({ config, stages, document }): Iterable<Report> {
    if (config.window !== undefined || config.data?.impressions?.columns?.time === undefined) return;
    // One finding for a config: one window is the remedy for all of its entries.
    for (const stage of stages)
      for (const { path, source, options, quota, share } of stage.entries) {
        if (source === undefined || !('as_of' in source.options) || (options.as_of ?? 'cut') !== 'cut') continue;
        const [amountKey, amount] = stage.amounts === 'shares' ? ['share', share] : ['count', quota];
        const isMap = document.locate(path).value?.kind === 'map';
        yield {
          at: path,
          on: 'key',
          stage: stage.name,
          message: message('Popularity counts the events of the whole log, because there is no window'),
          details: [
            message(
              'Early rows are then sampled with what becomes popular later. Add window.train with the end of training, or as_of: day.',
            ),
          ],
          fixes: [
            {
              title: message('Add {0}', 'as_of: day'),
              changes:
                isMap || amount === null
                  ? insertPair(document, path, 'as_of', written('day', document.language))
                  : setValue(document, path, written({ [amountKey]: amount, as_of: 'day' }, document.language)),
              safe: false,
            },
          ],
        };
        return;
      }
  },
  docs: {
    summary: 'Popularity counts events up to the end of the log, because there is no window',
    why: `Popularity counts the events up to the training cut. Without \`window\`, the cut is the end of the log, so
every row is sampled with the popularity of the last day. A model that trains on such rows learns which items become
popular later. If you split the file yourself, training also learns from the days that you evaluate on.

\`window.train\` sets the cut: counts end there, for training and eval rows. \`as_of: day\` counts only the days before
the group.`,
    source: `Data from the future leaks into training. Ji et al., *A Critical Study on Data Leakage in Recommender
System Offline Evaluation* (TOIS 2023), show the effect of such leaks. Many teams train on all days of their log, so the
severity is info.`,
    wrong: { text: changed('recall', withoutWindow), reportedAt: 'popularity' },
    right: { text: changed('recall') },
  },
});
