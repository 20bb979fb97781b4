import type { StageView } from '../../../config/entries.ts';
import { lowerShare, upperShare, type Rate } from '../../../statistics/rate.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import type { Need } from '../../../data/need.ts';
import { message, type Message } from '../../../message/message.ts';
import { drawnDatasets, isDrawable } from '../../drawnStage.ts';
import { changed } from '../../examples/example.ts';
import { rateLine } from '../../rateLine.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

/** A corpus of 10,000 items, and how many of the rows have one of the 100 most popular. */
export const heads = (positives: number, negatives: number, design = 1): Pick<Answers, 'head-shares'> => ({
  'head-shares': {
    items: 10_000,
    head: 100,
    eventShare: 0.3,
    positives: { rows: 2000, hits: positives, design },
    negatives: { rows: 20_000, hits: negatives, design },
  },
});

export const hotRatio = defineRule({
  id: 'data/hot-ratio',
  kind: 'data',
  severity: 'warning',
  stages: ['recall'],
  options: {
    min: shareOption(
      0.5,
      message(
        'Minimum share of the head among the negatives, relative to its share of the corpus (99 % confidence). Our choice: excluded clicks lower the share of the head.',
      ),
    ),
    cap: shareOption(0.5, message('Maximum share of the head among the positives (99 % confidence). Our choice.')),
    min_items: {
      kind: 'number',
      fallback: 500,
      min: 1,
      max: 1e9,
      doc: message('The rule does not check a smaller corpus: its head would be only a few items.'),
    },
  },
  needs: (context) => {
    const { config, stage, document } = context;
    const needs = isDrawable(stage, document) ? sampleNeeds(context, 'head-shares') : [];
    return needs.length === 0 ? [] : [...drawnDatasets(config).map((dataset): Need => ({ dataset })), ...needs];
  },
  comparesNothing: (context) =>
    nothingIn('head-shares', ({ items, positives, negatives }) =>
      items < context.options.min_items
        ? message('fewer items in the corpus than min_items: {0} of {1}', items, context.options.min_items)
        : noRows(positives.rows, negatives.rows),
    )(context),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'head-shares', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { items, head, eventShare, positives, negatives } = answer.value;
    if (items < options.min_items) return;
    const at = samplePathKey(stage.name);
    const uniform = head / items;
    if (negatives.rows > 0 && upperShare(negatives) < options.min * uniform)
      yield {
        at,
        message: message(
          'The {0} most popular items are {1} of the negatives, but {2} of the corpus',
          head,
          shareOf(negatives),
          percent(uniform),
        ),
        details: [
          rateLine(negatives),
          message('The model hardly ever sees popular items as negatives, and may recommend them to every user.'),
        ],
      };
    if (lowerShare(positives) > options.cap)
      yield {
        at,
        message: message('The {0} most popular items are {1} of the positives', head, shareOf(positives)),
        details: [
          rateLine(positives),
          ...(eventShare === null ? [] : [message('They have {0} of the events of the log.', percent(eventShare))]),
          ...capAdvice(stage),
        ],
      };
  },
  docs: {
    summary: 'Popular items are too rare among the negatives, or dominate the positives',
    why: `The rule compares the head (the top 1 % of items by events until the training cut) among negatives, positives
and corpus. It looks for two faults of a recall file:

- The head is rarer among the negatives than in the corpus. Then the model sees popular items as positives only, and
  returns them to everyone. Typical causes: a filter that drops "too easy" or "too popular" negatives, or an exclusion
  that also uses other users' clicks.
- The head has most of the positives. Then the model learns a few items, and returns them to everyone as well.
  \`downsample_hot\` under \`positives\` limits this.

The rule reports only what a 99 % bound confirms. The bound is clustered by user. If no negative is in the head, the
clustering is estimated from the next most popular items. A wrong exponent is reported only by
[data/exponent](exponent.md).`,
    source: `\`min\` compares with a uniform draw. It is below 1 because excluded clicks lower the share of the head.
Huang et al., *Embedding-based Retrieval in Facebook Search* (KDD 2020), and many teams report that recall models favour
the head if it is rare among the negatives. The figures are our choice.`,
    wrong: {
      text: changed('recall', ['      downsample_hot: {threshold: 1.0e-3}\n', '']),
      reportedAt: '../out/recall.parquet',
      companions: ['recall/hot-positives'],
      answers: heads(1400, 900),
    },
    right: { text: changed('recall') },
  },
});

function capAdvice({ unit, draft: { positives } }: StageView): Message[] {
  // With the unit request, every click stays.
  if (unit !== 'positive') return [];
  return [
    positives?.downsample_hot === undefined
      ? message(
          'Add downsample_hot under positives to limit their share, or leave them if the channel is for popular items.',
        )
      : message('Lower the threshold of downsample_hot under positives to limit their share.'),
  ];
}

function shareOf({ rows, hits }: Rate): string {
  return percent(rows === 0 ? 0 : hits / rows);
}
