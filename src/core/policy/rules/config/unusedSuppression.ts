import { changed } from '../../examples/example.ts';
import { defineRule } from '../../rule.ts';

export const unusedSuppression = defineRule({
  id: 'config/unused-suppression',
  kind: 'config',
  severity: 'info',
  stages: 'document',
  options: {},
  // Which comments suppress nothing is known only when all rules have run: `lint` reports it for this rule.
  check: () => [],
  docs: {
    summary: 'A suppression comment that suppresses nothing, or names a rule that does not exist',
    why: `A comment such as \`# recsample-disable-next-line recall/no-global -- agreed in the review\` keeps a finding away that is known and meant. When the config
changes and the finding is gone, the comment would hide the next one of its kind. So comments that suppress nothing are told; an editor shows them
greyed, with a fix that takes them out.

A comment for a rule that could not run, because the data was not looked at, is not told. This finding and \`config/syntax\` cannot be suppressed by
a comment; a policy can turn this one off.`,
    source: 'Ours, as in linters of program text. No number is involved.',
    wrong: {
      text: changed('recall', [
        '      per_positive: 10\n',
        '      # recsample-disable-next-line config/unit\n      per_positive: 10\n',
      ]),
      reportedAt: '# recsample-disable-next-line config/unit',
    },
    right: {
      text: changed('recall', [
        '      per_positive: 10\n',
        '      # recsample-disable-next-line config/unit -- counted per request on purpose\n      per_request: 10\n',
      ]),
    },
    valid: [
      {
        text: changed('recall', ['seed: demo\n', '']).replace(
          'version: 1',
          'version: 1 # recsample-disable-line config/no-seed',
        ),
      },
      {
        text: changed(
          'recall',
          ['version: 1\nseed: demo\n', '# recsample-disable config/no-seed, config/share-sum\nversion: 1\n'],
          ['global_random: 0.2', 'global_random: 0.3'],
        ),
      },
      { text: changed('recall', ['seed: demo', 'seed: "# recsample-disable"']) },
      { text: changed('recall', ['seed: demo', 'seed: |\n  # recsample-disable config/unit']) },
    ],
    invalid: [
      {
        text: changed('recall', ['per_positive: 10', 'per_request: 10 # recsample-disable-line config/unot']),
        reportedAt: '# recsample-disable-line config/unot',
        companions: ['config/unit'],
      },
      {
        text: changed('recall', [
          'per_positive: 10',
          'per_request: 10 # recsample-disable-line config/unit, config/range -- a reason',
        ]),
        reportedAt: 'config/range',
      },
      {
        text: changed('recall', ['per_positive: 10', 'per_positive: 10 # recsample-disable-line']),
        reportedAt: '# recsample-disable-line',
      },
      { text: changed('recall', ['output:', '# recsample-enable\noutput:']), reportedAt: '# recsample-enable' },
      {
        text: changed('recall', ['per_positive: 10', 'per_positive: 10 # recsample-disable-line config/syntax']),
        reportedAt: '# recsample-disable-line config/syntax',
      },
    ],
  },
});
