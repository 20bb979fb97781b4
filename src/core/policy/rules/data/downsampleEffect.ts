import type { Answers } from '../../../data/facts.ts';
import type { Need } from '../../../data/need.ts';
import { message } from '../../../message/message.ts';
import { drawnDatasets, isDrawable } from '../../drawnStage.ts';
import { changed } from '../../examples/example.ts';
import { nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

export const effect = (thinned: number, kept: number): Pick<Answers, 'hot-effect'> => ({
  'hot-effect': { positives: 10_000, items: 900, thinned, kept },
});

export const downsampleEffect = defineRule({
  id: 'data/downsample-effect',
  kind: 'data',
  severity: 'warning',
  stages: ['recall'],
  options: {
    max: shareOption(
      0.5,
      message(
        'Maximum share of the positives that downsample_hot may drop. Our choice: beyond it, most positives are lost.',
      ),
    ),
    min_positives: {
      kind: 'number',
      fallback: 1000,
      min: 1,
      max: 1e9,
      doc: message('With fewer positives, any share may be dropped.'),
    },
  },
  needs: ({ config, stage, document }): readonly Need[] =>
    isDrawable(stage, document) &&
    stage.unit === 'positive' &&
    stage.draft.positives?.downsample_hot?.threshold !== undefined
      ? [
          ...drawnDatasets(config).map((dataset): Need => ({ dataset })),
          { question: { kind: 'hot-effect', stage: stage.name } },
        ]
      : [],
  comparesNothing: nothingIn('hot-effect', ({ positives }) =>
    positives > 0 ? null : message('the log has no positives'),
  ),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'hot-effect', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { positives, items, thinned, kept } = answer.value;
    if (positives === 0) return;
    const at = [...stage.path, 'positives', 'downsample_hot', 'threshold'];
    const dropped = 1 - kept / positives;
    if (thinned === 0)
      yield {
        at,
        message: message('downsample_hot drops no positive: none of the {0} items is above its threshold', items),
        details: [
          message(
            'An item loses positives if its share of them is more than 2.6 times the threshold. Lower the threshold, or remove downsample_hot.',
          ),
        ],
      };
    else if (positives >= options.min_positives && dropped > options.max)
      yield {
        at,
        message: message('downsample_hot drops {0} of the {1} positives', percent(dropped), positives),
        details: [
          message('{0} of {1} items lose positives. Raise the threshold to keep more of them.', thinned, items),
        ],
      };
  },
  docs: {
    summary: '`downsample_hot` drops no positive, or most of them',
    why: `The right threshold depends on how large the shares of the hot items are, and thus on the size of the corpus
and the length of the log. A threshold from another corpus often does nothing, or drops most positives.

The rule counts the positives of the training window by item. An item with the share f keeps a positive with the
probability min(1, (√(f/t) + 1) · t/f), so it loses positives if f is above about 2.6 times the threshold t. The rule
reports a threshold that no item exceeds, and a threshold that drops more than \`max\` of the positives on average. It
needs no sample file. With fewer than \`min_positives\` positives, it reports only a threshold that no item exceeds.`,
    source: `The formula comes from the code of word2vec; see \`recall/hot-positives\`. The limit is our choice.`,
    wrong: {
      text: changed('recall', ['threshold: 1.0e-3', 'threshold: 0.5']),
      reportedAt: '0.5',
      answers: effect(0, 10_000),
    },
    right: { text: changed('recall') },
  },
});
