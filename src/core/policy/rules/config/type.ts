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
    source: 'The definition of the config language.',
    wrong: {
      text: changed('recall', ['max_per_user_per_day: 50', 'max_per_user_per_day: fifty']),
      reportedAt: 'fifty',
    },
    right: { text: changed('recall') },
  },
});
