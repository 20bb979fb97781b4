import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule } from '../../rule.ts';

export const type = defineRule({
  id: 'config/type',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  check: (context) => problemReports('config/type', context),
  docs: {
    summary: 'A value has the wrong type, is not one of the allowed words, or is empty',
    why: `Examples of wrong values:

- \`share: "0.3"\` is a string because of its quotes, and \`share: 30%\` because of its percent sign.
- \`per_positive: ten\` is not a number.
- \`approach: distilation\` is not an approach.

RecSample leaves such a value out, and it cannot check anything that depends on the value. Durations (\`30m\`), days
(\`2026-11-20\`) and time zones must also have the right form.

Words that YAML 1.1 reads as true and false, such as \`yes\` and \`off\`, are strings in YAML 1.2.

The rule also checks the types of rule options in a policy.`,
    source: 'The definition of the config language. No number is involved.',
    wrong: {
      text: changed('recall', ['max_per_user_per_day: 50', 'max_per_user_per_day: fifty']),
      reportedAt: 'fifty',
    },
    right: { text: changed('recall') },
    valid: [
      { text: changed('recall', ['seed: demo', 'seed: 7']) },
      { text: changed('recall', ['seed: demo', 'seed: "9007199254740993"']) },
    ],
    invalid: [
      { text: changed('coarse_ranking', ['approach: mixed', 'approach: mixd']), reportedAt: 'mixd' },
      { text: changed('recall', ['global_random: 0.2', 'global_random: "0.2"']), reportedAt: '"0.2"' },
      { text: changed('recall', ['global_random: 0.2', 'global_random: 20%']), reportedAt: '20%' },
      { text: changed('recall', ['batch_size: 1024', 'batch_size: 1024, mask_same_item: yes']), reportedAt: 'yes' },
      { text: changed('recall', ['match: [city]', 'match: city']), reportedAt: 'city', after: 'match: ' },
      { text: changed('recall', ['seed: demo', 'seed: true']), reportedAt: 'true', after: 'seed: ' },
      { text: changed('recall', ['seed: demo', 'seed:']), reportedAt: 'seed' },
      { text: changed('recall', ['global_random: 0.2', 'global_random: share:0.2']), reportedAt: 'share:0.2' },
      { text: changed('recall', ['mature_after: 30m', 'mature_after: 30 minutes']), reportedAt: '30 minutes' },
      { text: changed('recall', ['seen: viewed', 'seen: above_last_click']), reportedAt: 'above_last_click' },
      { text: changed('recall', ['from: 2026-11-01', 'from: 2026-11-31']), reportedAt: '2026-11-31' },
      { text: changed('recall', ['window:\n', 'timezone: Mars/Olympus\nwindow:\n']), reportedAt: 'Mars/Olympus' },
      {
        text: changed('recall', [
          'policy: recommended',
          'policy: {rules: {recall/exposed-share: [warning, {max: half}]}}',
        ]),
        reportedAt: 'half',
      },
      {
        text: changed('recall', ['policy: recommended', 'policy: {rules: {recall/exposed-share: loud}}']),
        reportedAt: 'loud',
      },
    ],
  },
});
