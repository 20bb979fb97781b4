import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['share: 0.05, exclude: none', 'share: 0.05']) },
    { text: changed('recall', ['kind: by_owner', 'kind: by_user'], ['share: 0.05, exclude: none', 'share: 0.05']) },
  ],
  invalid: [
    {
      text: changed('recall', ['exclude: {events: [click]', 'exclude: {events: [click, impressions]']),
      reportedAt: 'exposed_unclicked',
    },
    {
      text: changed(
        'recall',
        ['exclude: {events: [click]', 'exclude: {events: [click, impressions]'],
        ['{share: 0.3, seen: viewed, mature_after: 30m}', '0.3'],
      ),
      reportedAt: 'exposed_unclicked',
    },
    {
      text: changed('recall', ['share: 0.05, exclude: none', 'share: 0.05, exclude: {events: [click]}']),
      reportedAt: '{events: [click]}',
    },
    {
      text: changed('recall', ['share: 0.05, exclude: none', 'share: 0.05, exclude: {lookback: 30d}']),
      reportedAt: '{lookback: 30d}',
    },
  ],
};
