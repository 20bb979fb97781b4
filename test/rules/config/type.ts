import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
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
};
