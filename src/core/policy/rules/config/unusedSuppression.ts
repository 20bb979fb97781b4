import { changed } from '../../examples/example.ts';
import { defineRule } from '../../rule.ts';

export const unusedSuppression = defineRule({
  id: 'config/unused-suppression',
  kind: 'config',
  severity: 'info',
  stages: 'document',
  options: {},
  // Unused comments are known only after all rules have run, so `lint` reports them for this rule.
  check: () => [],
  docs: {
    summary: 'A suppression comment suppresses nothing, or names a rule that does not exist',
    why: `A comment such as \`# recsample-disable-next-line recall/no-global -- agreed in the review\` hides a finding
that you know and accept. When the config changes and the finding disappears, the comment would hide the next finding of
the same rule. So RecSample reports comments that suppress nothing. An editor shows them grey and offers a fix that
removes them.

If a rule could not run because its data was not read, a comment for this rule is not reported. A comment cannot
suppress this finding or \`config/syntax\`. A policy can turn this rule off.`,
    source: 'As in linters for program code.',
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
  },
});
