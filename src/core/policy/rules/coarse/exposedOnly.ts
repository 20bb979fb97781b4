import { isExposed } from '../../distillation.ts';
import { message } from '../../../report/message.ts';
import { changed } from '../../examples/example.ts';
import { coarseCounting, coarseMixing } from '../../examples/mixes.ts';
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
        message('The model never meets what coarse ranking must drop. Add coarse_filtered and ranked_unexposed.'),
      ],
    };
  },
  docs: {
    summary: 'A cascade for coarse ranking that holds exposures alone',
    why: `What was shown has won twice already, in coarse and in fine ranking. A cascade that trains on it alone learns to order the winners; the many candidates that coarse ranking has to
drop look like nothing it has seen, so it lets the wrong ones pass. Metrics over exposures do not show that.

For \`approach: distillation\` the samples of fine ranking are what is wanted, so the rule is silent there.`,
    source: `Zhang et al., *Rethinking the Role of Pre-ranking in Large-scale E-Commerce Searching System* (ASMOL, arXiv 2305.13647): exposures alone are not what coarse ranking is for, and adding
candidates of fine and of coarse ranking improved the hit rate of what it passes on. One search engine; the cause is the general one of sample selection, so this warns.`,
    wrong: {
      text: coarseCounting(
        ['exposed_unclicked: 10'],
        ['approach: mixed', 'approach: cascade'],
        ['    teacher: {column: teacher, kind: probability, on: exposed}\n', ''],
      ),
      reportedAt: 'exposed_unclicked',
    },
    right: { text: changed('coarse_ranking') },
    valid: [
      { text: coarseCounting(['exposed_unclicked: 10'], ['approach: mixed', 'approach: distillation']) },
      {
        text: coarseCounting(
          ['exposed_unclicked: 10', 'ranked_unexposed: 10', 'coarse_filtered:'],
          ['approach: mixed', 'approach: cascade'],
        ),
      },
    ],
    invalid: [
      { text: coarseMixing(['shown: {source: exposed_unclicked, share: 1}']), reportedAt: 'shown' },
      {
        text: coarseCounting(['exposed_unclicked: 10', 'coarse_filtered: 0']),
        reportedAt: 'exposed_unclicked',
        companions: ['config/zero-quota'],
      },
    ],
  },
});
