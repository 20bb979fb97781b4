import { setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { message } from '../../../message/message.ts';
import { recallMixing, withoutInBatch } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { hasInBatch, partsOf, type Part } from '../../shares.ts';

export const city = 'same_city: {source: same_attribute, match: [city], share: 0.2}';

function isSmoothed({ entry: { options } }: Part): boolean {
  return typeof options['smoothing'] === 'number' && options['smoothing'] > 0;
}

/** Entries that can draw every item of the corpus, so that every positive has a correction. */
function drawsEveryItem(part: Part): boolean {
  return part.source.reachesCorpus || (part.source.name === 'popularity' && isSmoothed(part));
}

export const coldPositives = defineRule({
  id: 'recall/cold-positives',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const logq = stage.draft.training?.logq;
    if (logq === undefined || logq === false) return;
    const parts = partsOf(stage, document);
    // In-batch negatives are the positives themselves, so each has a correction.
    if (!parts || hasInBatch(stage, document) || parts.some(drawsEveryItem)) return;
    const popular = parts.filter(({ source }) => source.name === 'popularity');
    const [first] = popular;
    if (!first) return;
    // A shorthand entry cannot have options.
    const fixes = popular
      .filter(({ entry: { path } }) => document.locate(path).value?.kind === 'map')
      .map(({ entry: { name, path } }): TextFix => ({
        title: message('Set smoothing of {0} to 1', name),
        changes: setValue(document, [...path, 'smoothing'], '1'),
        safe: false,
      }));
    yield {
      at: first.entry.path,
      on: 'key',
      fixes,
      message: message(
        '{0} cannot draw positives without earlier events, so they have no correction',
        first.entry.name,
      ),
      details: [
        message(
          'Their logq_correction is NULL, and the trainer must skip them or guess a value. Set smoothing above 0, or add global_random.',
        ),
      ],
    };
  },
  docs: {
    summary: 'The log q correction of positives without earlier events is missing',
    why: `\`logq_correction\` is the log of a probability of the row's item. \`popularity\` without \`smoothing\` gives
an item without counted events the weight 0. If no other entry can draw the item, the probability of a positive with
this item is 0 and its correction is NULL. A trainer then skips the row, or uses 0 and learns from a wrong logit. These
rows are the first events of new items, from which the model should learn most.

Most of them occur with \`as_of: day\`: the first event of an item always comes before its day is counted. A \`window\` has
the same effect on items without events in it.

\`smoothing\` above 0 gives every item a weight. \`global_random\` draws every item. The rule reports nothing for stages with
in-batch negatives, because each positive of training is one of them.`,
    source: `It follows from the formula: log(m/n) does not exist for m = 0
([How negatives are drawn](../../sampling.md#log-q-correction)).`,
    wrong: {
      text: recallMixing(
        ['exposed_unclicked: 0.3', 'popularity: {share: 0.5, as_of: day, window: 7d, group_by: region}', city],
        withoutInBatch,
      ),
      reportedAt: 'popularity',
    },
    right: {
      text: recallMixing(
        [
          'exposed_unclicked: 0.3',
          'popularity: {share: 0.5, smoothing: 1, as_of: day, window: 7d, group_by: region}',
          city,
        ],
        withoutInBatch,
      ),
    },
  },
});
