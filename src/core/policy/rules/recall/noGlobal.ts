import { message } from '../../../report/message.ts';
import { changed } from '../../examples/example.ts';
import { recallCounting, recallMixing, withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { adding } from '../../shareFix.ts';
import { hasInBatch, mixAt, partsOf, type Part } from '../../shares.ts';

/** Popularity draws from the corpus as a whole too; that items without events stay outside is told by `recall/cold-items`. */
const drawsFromCorpus = ({ source }: Part): boolean => source.reachesCorpus || source.name === 'popularity';

export const noGlobal = defineRule({
  id: 'recall/no-global',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {},
  *check({ stage, document, config }): Iterable<Report> {
    const parts = partsOf(stage, document);
    const at = mixAt(stage);
    if (!parts || !at || parts.length === 0 || hasInBatch(stage, document) || parts.some(drawsFromCorpus)) return;
    // Beside global_random it would be superfluous (config/overlap): which of the two goes is for the author to say.
    const drawsExposed = parts.some(({ source }) => source.name === 'exposed_random');
    yield {
      at,
      on: 'key',
      message: message('No entry draws from the whole corpus, which is what recall ranks'),
      details: [message('Most items never get a low score from training. Add global_random or popularity.')],
      fixes: config.data?.items && !drawsExposed ? adding('global_random', 0.5, { stage, document, parts }) : [],
    };
  },
  docs: {
    summary: 'None of the negatives of recall comes from the whole corpus',
    why: `Recall compares the user with every item that can be returned. Items that no entry can draw are never negatives; where training puts them is an
accident, and in a large corpus some of them land near every user.

Sources that draw from the whole corpus are \`global_random\` and \`popularity\`. Exposures, rejections, candidates of a request and items that share an attribute with the
positive are parts of it, each picked by something that the model should learn. In-batch negatives together with another source are accepted in their
place: the items of many positives spread over everything that is clicked.`,
    source: `The principle that training must hold what serving ranks; Huang et al. (KDD 2020) show for one search engine what its breach costs. How much of the
mix must be global is not known in general, so only its absence is reported.`,
    wrong: {
      text: recallMixing(
        [
          'exposed_unclicked: {share: 0.4, seen: viewed, mature_after: 30m}',
          'same_city: {source: same_attribute, match: [city], share: 0.5}',
          'host_refused: {source: rejected, share: 0.1, exclude: none}',
        ],
        withoutInBatch,
      ),
      reportedAt: 'mix',
    },
    right: { text: changed('recall') },
    valid: [
      {
        text: recallMixing(
          ['exposed_unclicked: 0.5', 'popularity: {share: 0.5, smoothing: 1, group_by: region}'],
          withoutInBatch,
        ),
      },
      {
        text: recallMixing(['exposed_unclicked: 0.5', 'anything: {source: global_random, share: 0.5}'], withoutInBatch),
      },
      {
        text: recallMixing([
          'exposed_unclicked: 0.4',
          'same_city: {source: same_attribute, match: [city], share: 0.6}',
        ]),
      },
      { text: recallMixing(['exposed_unclicked: 0.5', 'global_randm: 0.5'], withoutInBatch) },
    ],
    invalid: [
      {
        text: recallCounting(
          ['exposed_unclicked: 4', 'same_city: {source: same_attribute, match: [city], count: 6}'],
          withoutInBatch,
        ),
        reportedAt: 'per_positive',
      },
      // What somebody was shown is not the corpus.
      {
        text: recallMixing(['exposed_unclicked: 0.4', 'exposed_random: 0.6'], withoutInBatch),
        reportedAt: 'mix',
        companions: ['recall/cold-items'],
      },
    ],
  },
});
