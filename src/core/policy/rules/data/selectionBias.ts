import { lowerShare } from '../../../statistics/rate.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import type { Need } from '../../../data/need.ts';
import { message } from '../../../message/message.ts';
import { drawnDatasets, isDrawable } from '../../drawnStage.ts';
import { noChances } from '../../examples/noChances.ts';
import { changed } from '../../examples/example.ts';
import { rateLine } from '../../rateLine.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

type Distances = Answers['item-distances'];

export const distances = (overrides: Partial<Distances>): Pick<Answers, 'item-distances'> => ({
  'item-distances': {
    input: 10_000,
    unreachable: 0,
    observed: 0.21,
    expected: 0.2,
    chance: [0.19, 0.21],
    exposures: 0.5,
    largest: { item: '4820193308562714772', rate: { rows: 20_000, hits: 200, design: 1 } },
    ...overrides,
  },
});

export const selectionBias = defineRule({
  id: 'data/selection-bias',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max_gap: shareOption(
      0.1,
      message(
        'Maximum gap between the bias removed by the negatives and by the worst random sample from the config. Our choice: exclusions and item lifetimes change less.',
      ),
    ),
    max_unreachable: shareOption(
      0.5,
      message(
        'The largest share of the items of the stage that no entry can draw. Our choice: beyond it, most of what the model ranks is never a negative.',
      ),
    ),
    max_item_share: shareOption(
      0.1,
      message(
        'The largest share of the negatives that one item may have. A larger one is reported with 99 % confidence. Our choice.',
      ),
    ),
    min_items: {
      kind: 'number',
      fallback: 100,
      min: 1,
      max: 1e9,
      doc: message(
        'The rule checks neither the distance nor the largest item if the stage ranks fewer items, or the file has fewer negatives.',
      ),
    },
  },
  needs: (context) => {
    const { config, stage, document } = context;
    const needs = isDrawable(stage, document) ? sampleNeeds(context, 'item-distances') : [];
    return needs.length === 0 ? [] : [...drawnDatasets(config).map((dataset): Need => ({ dataset })), ...needs];
  },
  comparesNothing: nothingIn('item-distances', ({ input }) => noRows(input)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'item-distances', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { input, unreachable, observed, expected, chance, exposures, largest } = answer.value;
    const at = samplePathKey(stage.name);
    // Of few items, what the users exclude is a large part; of few negatives, one item always has a large share.
    const hasMany = largest !== null && Math.min(input, largest.rate.rows) >= options.min_items;
    if (hasMany && observed !== null && expected !== null && chance !== null && exposures !== null) {
      // Where exposures are not biased, a share of their distance would be next to nothing.
      if (observed - chance[1] > options.max_gap * Math.max(exposures, chance[1]))
        yield {
          at,
          message: message(
            'The negatives are {0} bits from the items that the stage ranks, but the config leads to {1}',
            observed.toFixed(3),
            expected.toFixed(3),
          ),
          details: [
            message(
              'JS divergence over items: 0 is equal, 1 has nothing in common. Random samples of the mix: {0} to {1}; exposures: {2}.',
              chance[0].toFixed(3),
              chance[1].toFixed(3),
              exposures.toFixed(3),
            ),
          ],
        };
    }
    if (input > 0 && unreachable > options.max_unreachable * input)
      yield {
        at: [...stage.path, 'negatives'],
        on: 'key',
        message: message('No entry can draw {0} of the {1} items that the stage ranks', unreachable, input),
        details: [message('They are never negatives, so the model may recommend them to every user.')],
      };
    if (hasMany && lowerShare(largest.rate) > options.max_item_share)
      yield {
        at,
        message: message(
          'One item, {0}, is {1} of the negatives',
          largest.item,
          percent(largest.rate.hits / largest.rate.rows),
        ),
        details: [rateLine(largest.rate)],
      };
  },
  docs: {
    summary: 'The negatives cover fewer items than expected from the config',
    why: `A recall model ranks the whole corpus, and coarse ranking all results of recall. Exposures are a small,
popular part of these items: this is sample selection bias. The mix of the config removes a part of it. A sampler with
an old or filtered copy of the corpus removes less, although shares, exponents and popularity look right.

The rule reports three faults:

- **A gap.** The bias removed is 1 − JS(negatives, input) / JS(exposures, input), with the Jensen–Shannon divergence
  over items. The rule compares it with 19 random samples from the config. The gap to the farthest sample must exceed
  \`max_gap\`.
- **Items that are never drawn.** More than \`max_unreachable\` of the input items have probability 0 in every entry,
  and are not in-batch negatives.
- **One item** has more than \`max_item_share\` of the negatives, with 99 % confidence, clustered by user.

If the file has entries that the config does not have, only its largest item is checked. The expected value uses the
rows of each entry in the file, and the positives that remain after \`downsample_hot\`, \`max_per_user_per_day\` and
\`min_steps\`. It ignores exclusions and item lifetimes; \`max_gap\` allows for both.`,
    source: `Huang et al., *Embedding-based Retrieval in Facebook Search* (KDD 2020), measure how much worse recall
becomes with exposures as the only negatives. The divergence: Lin (IEEE Trans. Inf. Theory 1991). The limits are our
choice.`,
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      companions: ['data/declared-q'],
      answers: {
        ...distances({ observed: 0.42 }),
        chances: {
          ...noChances,
          entries: [
            {
              name: 'global_random',
              rows: 1000,
              leftOut: 0,
              bins: [340, 260, 0, 0, 0, 200, 100, 100, 0, 0].map((observed) => ({ observed, expected: 100 })),
              exponent: null,
            },
          ],
        },
      },
    },
    right: { text: changed('recall') },
  },
});
