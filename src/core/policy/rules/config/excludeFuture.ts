import { setValue } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const all = ['within: train', 'within: all'] as const;

export const excludeFuture = defineRule({
  id: 'config/exclude-future',
  kind: 'config',
  severity: 'warning',
  stages: 'document',
  options: {},
  *check({ config, stages, document }): Iterable<Report> {
    // Without an end of training, the cut is the end of the log.
    if (config.window?.train?.to === undefined) return;
    const isEvaluated = config.window.eval !== undefined;
    for (const { name: stage, path, draft, entries } of stages) {
      const owners = [
        { at: [...path, 'negatives'], exclude: draft.negatives?.exclude },
        ...entries.map((entry) => ({ at: entry.path, exclude: entry.options.exclude })),
      ];
      for (const { at: owner, exclude } of owners) {
        if (exclude === undefined || exclude === 'none' || exclude.within !== 'all') continue;
        const at = [...owner, 'exclude', 'within'];
        yield {
          at,
          stage,
          ...(isEvaluated ? {} : { severity: 'info' as const }),
          message: isEvaluated
            ? message('within: all reveals to the training file which items users choose in the eval window')
            : message('within: all uses events after the training cut'),
          details: [
            message(
              'An item that a user chooses after the cut is never that user’s negative in training. The model learns this choice.',
            ),
          ],
          fixes: [
            {
              title: message('Change to {0}', 'train'),
              changes: setValue(document, at, written('train', document.language)),
              safe: false,
            },
          ],
        };
      }
    }
  },
  docs: {
    summary: 'Exclusion uses events from after the training cut',
    why: `\`exclude\` keeps items that a user chose out of the negatives. With \`within: all\`, it also uses what the user
chooses after the training cut. Such an item is missing among the user's training negatives because of a choice that
the model must predict later. The model learns this absence, and offline metrics rise.

With \`window.eval\`, the evaluation measures exactly these choices, so the severity is warning. Without \`window.eval\`,
the severity is info: only the metrics of a later time window are affected.

\`within: train\` uses events up to the cut for the training file, and up to the end of the known outcomes for the
eval file.`,
    source: `RecSample's own measurement: with \`within: all\`, NDCG of the eval window rose by 14 to 23 %, with the
same model and the same positives. The direction follows from the order of time. The size depends on the log.`,
    wrong: { text: changed('recall', all), reportedAt: 'all', after: 'within: ' },
    right: { text: changed('recall') },
  },
});
