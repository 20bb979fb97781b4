import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { recallMixing, withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { addEntryFix } from '../../shareFix.ts';
import { hasInBatch, mixAt, partsOf, type Part } from '../../shares.ts';

/** Popularity also draws from the whole corpus. `recall/cold-items` reports that it misses items without events. */
const drawsFromCorpus = ({ source }: Part): boolean => source.reachesCorpus || source.name === 'popularity';

export const noGlobal = defineRule({
  id: 'recall/no-global',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const parts = partsOf(stage, document);
    const at = mixAt(stage);
    if (!parts || !at || parts.length === 0 || hasInBatch(stage, document) || parts.some(drawsFromCorpus)) return;
    // Next to global_random, exposed_random would overlap (config/overlap). The author decides which one to remove.
    const drawsExposed = parts.some(({ source }) => source.name === 'exposed_random');
    yield {
      at,
      on: 'key',
      message: message('No entry draws from the whole corpus, but recall ranks the whole corpus'),
      details: [message('Training never lowers the scores of most items. Add global_random or popularity.')],
      fixes: drawsExposed ? [] : addEntryFix('global_random', 0.5, { stage, document, parts }),
    };
  },
  docs: {
    summary: 'No negatives of recall come from the whole corpus',
    why: `Recall compares the user with every item that can be returned. Items that no entry can draw are never
negatives. Their position in the embedding space is random, and in a large corpus some of them lie near every user.

\`global_random\` and \`popularity\` draw from the whole corpus. Exposures, rejections, candidates of a request and
items that share an attribute with the positive are only parts of it. Each of these parts was selected by something that
the model should learn. In-batch negatives together with another source also satisfy the rule. The items of many
positives spread over everything that is clicked.`,
    source: `The principle that training must contain what serving ranks. Huang et al. (KDD 2020) show for one search
engine what happens otherwise. In general it is not known how much of the mix must be global, so the rule reports only
its absence.`,
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
  },
});
