import { removePair } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { removeEntryFix } from '../../shareFix.ts';
import { partsOf } from '../../shares.ts';

const mix = '        exposed_unclicked: {share: 1, seen: viewed, mature_after: 30m}\n';
export const mixing = (...entries: readonly string[]): readonly [string, string] => [
  mix,
  entries.map((entry) => `        ${entry}\n`).join(''),
];

export const sampledNegatives = defineRule({
  id: 'fine/sampled-negatives',
  kind: 'config',
  severity: 'error',
  stages: ['fine_ranking'],
  options: {},
  *check({ stage, config, document }): Iterable<Report> {
    const kind = config.data?.rejections?.kind;
    const parts = partsOf(stage, document) ?? [];
    for (const entry of stage.entries) {
      const { path, name, source, share, quota } = entry;
      if (!source || source.name === 'exposed_unclicked' || share === 0 || quota === 0) continue;
      const part = parts.find((candidate) => candidate.entry === entry);
      const report = {
        at: path,
        on: 'key',
        fixes: part ? removeEntryFix(part, { stage, document, parts }) : [],
      } as const;
      if (source.name === 'rejected') {
        if (kind === 'by_owner')
          yield {
            ...report,
            message: message('{0} draws items whose owner refused the user, but the user wanted these items', name),
            details: [message('Such rows are not negatives for fine ranking. Remove the entry.')],
          };
        continue;
      }
      yield {
        ...report,
        message: message('{0} is drawn, not shown, but fine ranking trains only on exposures', name),
        details: [
          message(
            'Negatives that were never shown make the predicted probabilities wrong. Keep only exposed_unclicked.',
          ),
        ],
      };
    }
    const inBatch = [...stage.path, 'training', 'in_batch'];
    if (!document.has(inBatch)) return;
    yield {
      at: inBatch,
      on: 'key',
      message: message(
        'In-batch negatives were not shown to that user, but fine ranking trains only on exposures. Remove in_batch',
      ),
      fixes: [{ title: message('Remove in_batch'), changes: removePair(document, inBatch), safe: false }],
    };
  },
  docs: {
    summary: 'Fine ranking uses negatives other than unclicked exposures and rejections by the user',
    why: `Fine ranking gives the probability that this user clicks this item when it is shown. Only exposures tell this:
shown and clicked, or shown and not clicked. A drawn item was not shown, so its label is unknown. With such rows as
negatives, the click rate of the training data depends on the sampling ratio. The scores can then no longer be compared
or multiplied with a bid.

The rule allows \`exposed_unclicked\`. It also allows \`rejected\` if users rejected the items (\`kind: by_user\`),
which is a label of a shown item. It does not allow rejections by owners, because the user wanted the item.`,
    source: `This follows from what the model must give: calibrated probabilities, given an exposure. He et al. (ADKDD
2014) is the usual reference for training on exposures with downsampling as the only change. So the severity is error.`,
    wrong: {
      text: changed(
        'fine_ranking',
        mixing('exposed_unclicked: {share: 0.8, seen: viewed, mature_after: 30m}', 'global_random: 0.2'),
      ),
      reportedAt: 'global_random',
    },
    right: { text: changed('fine_ranking') },
  },
});
