import { isExposed } from '../../distillation.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { coarseCounting } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { isSome, largest, partsOf } from '../../shares.ts';

export const exposedOnly = defineRule({
  id: 'coarse/exposed-only',
  kind: 'config',
  severity: 'warning',
  stages: ['coarse_ranking'],
  supersedes: ['coarse/no-approach'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const { approach } = stage.draft;
    if (approach !== 'cascade' && approach !== 'mixed') return;
    const parts = partsOf(stage, document);
    if (!parts || !isSome(parts) || !parts.every(isExposed)) return;
    yield {
      at: largest(parts).entry.path,
      on: 'key',
      message: message('The approach is {0}, but all negatives were shown', approach),
      details: [
        message(
          'The model never sees the candidates that coarse ranking must drop. Add coarse_filtered and ranked_unexposed.',
        ),
      ],
    };
  },
  docs: {
    summary: 'All negatives of a cascade for coarse ranking are exposures',
    why: `An exposed item has already won twice, in coarse ranking and in fine ranking. A cascade that trains only on
exposures learns to order the winners. The many candidates that coarse ranking has to drop look like nothing that it has
seen, so it passes the wrong ones. Metrics over exposures do not show this.

With \`approach: distillation\`, samples of fine ranking are correct, so the rule reports nothing.`,
    source: `Zhang et al., *Rethinking the Role of Pre-ranking in Large-scale E-Commerce Searching System* (ASMOL, arXiv
2305.13647): exposures alone do not match the task of coarse ranking. Adding candidates of fine and coarse ranking
improved the hit rate of what coarse ranking passes on. This is one search engine. The cause, sample selection, is
general, so the severity is warning.`,
    wrong: {
      text: coarseCounting(
        ['exposed_unclicked: 10'],
        ['approach: mixed', 'approach: cascade'],
        ['    teacher: {column: teacher, kind: probability, on: exposed}\n', ''],
      ),
      reportedAt: 'exposed_unclicked',
    },
    right: { text: changed('coarse_ranking') },
  },
});
