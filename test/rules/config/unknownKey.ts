import { changed } from '../../../src/core/policy/examples/example.ts';
import { keepingShortfalls } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [
        'policy: recommended',
        'policy: {rules: {recall/exposed-share: [warning, {max: 0.6}]}}',
      ]),
    },
  ],
  invalid: [
    // Reserved for later: the finding says what for.
    {
      text: changed('recall', [
        'columns: {user: user_id, attributes: [region, activity]}',
        'columns: {user: user_id, attributes: [region, activity]}\n    snapshot: dt',
      ]),
      reportedAt: 'snapshot',
    },
    {
      text: changed('recall', ['stages:\n', 'stages:\n  home:\n    stage: recall\n    where: {scene: home}\n']),
      reportedAt: 'home',
      after: 'stages:\n  ',
    },
    {
      text: changed('recall', ['global_random: 0.2', 'globl_random: 0.2'], keepingShortfalls),
      reportedAt: 'globl_random',
    },
    {
      text: changed('recall', [
        'same_city: {source: same_attribute, match: [city], share: 0.05}',
        'near_by: {share: 0.05}',
      ]),
      reportedAt: 'near_by',
    },
    {
      text: changed('recall', [
        'exposed_unclicked: {share: 0.3, seen: viewed',
        'exposed_unclicked: {share: 0.3, exponent: 0.5, seen: viewed',
      ]),
      reportedAt: 'exponent',
      after: 'exposed_unclicked: {share: 0.3, ',
    },
    {
      text: changed('recall', ['policy: recommended', 'policy: {rules: {recall/exposed-shares: warning}}']),
      reportedAt: 'recall/exposed-shares',
    },
    {
      text: changed('recall', [
        'policy: recommended',
        'policy: {rules: {recall/exposed-share: [warning, {maxi: 0.6}]}}',
      ]),
      reportedAt: 'maxi',
    },
  ],
};
