import { message } from '../../../message/message.ts';
import { valueAt } from '../../../valueAt.ts';
import { changed } from '../../examples/example.ts';
import { coarseCounting } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { isAbove, mixAt, partsOf, shareOf } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

const steps = ['exposed_unclicked', 'ranked_unexposed', 'coarse_filtered'] as const;

export const cascadeMix = defineRule({
  id: 'coarse/cascade-mix',
  kind: 'config',
  severity: 'info',
  stages: ['coarse_ranking'],
  options: {
    ratio: {
      kind: 'numbers',
      fallback: [10, 10, 40],
      length: 3,
      min: 0,
      max: 1e6,
      doc: message(
        'Exposed-unclicked : ranked-unexposed : coarse-filtered. ASMOL (arXiv 2305.13647) uses 10 : 10 : 40 per request.',
      ),
    },
    max: shareOption(
      0.3,
      message(
        'The largest distance from the ratio: the share of these negatives that would have to change their source. 0.3 is a convention: 20 : 20 : 20 (0.33) is reported, 15 : 15 : 30 (0.17) is not.',
      ),
    ),
  },
  *check({ stage, document, options }): Iterable<Report> {
    const at = mixAt(stage);
    const parts = partsOf(stage, document) ?? [];
    // Distillation masks the rows that it does not trust, so their number does not matter for the cascade.
    if (!at || stage.draft.approach === 'distillation' || !parts.some(({ source }) => source.family === 'cascade'))
      return;
    const shares = steps.map((step) => shareOf(parts.filter(({ source }) => source.name === step)));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const ratioSum = options.ratio.reduce((sum, part) => sum + part, 0);
    // Half the sum of the differences: the share that would have to change its source.
    const movedShare =
      shares.reduce((sum, share, k) => sum + Math.abs(share / total - valueAt(options.ratio, k) / ratioSum), 0) / 2;
    if (ratioSum === 0 || !isAbove(movedShare, options.max)) return;
    const [exposed = 0, ranked = 0, filtered = 0] = shares.map(
      (share) => Math.round((share / total) * ratioSum * 10) / 10,
    );
    yield {
      at,
      on: 'key',
      message: message(
        'Exposed : ranked : filtered is {0} : {1} : {2}, far from the recommended {3}',
        exposed,
        ranked,
        filtered,
        options.ratio.join(' : '),
      ),
    };
  },
  docs: {
    summary: 'The mix of a cascade is far from the published one',
    why: `A cascade has three kinds of negatives: exposed but not chosen, ranked but not exposed, and dropped by coarse
ranking. When serving, coarse ranking meets far more candidates of the last kind than of the others. It must tell the
first two kinds from the last. If the last kind is a small part of the mix, or the only one, the model trains for
another task.

The rule compares the three kinds with one another and ignores other sources. It reports nothing without one of the two
cascade sources, and nothing for \`approach: distillation\`.`,
    source: `Zhang et al. (ASMOL, arXiv 2305.13647) train on 10 exposures, 10 candidates of fine ranking and 40 of
coarse ranking per request. This is one search engine. It was not published how sharp its optimum is, and your funnel
has other widths. So the severity is info, and the rule reports only if more than \`max\` (0.3) of the negatives would
have to change their kind.`,
    wrong: {
      text: coarseCounting([
        'exposed_unclicked: 40',
        'ranked_unexposed: 10',
        'coarse_filtered: {count: 10, by: channel}',
      ]),
      reportedAt: 'per_request',
    },
    right: { text: changed('coarse_ranking') },
  },
});
