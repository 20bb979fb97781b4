import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

const evalWindow = 'eval: {from: 2026-11-21, to: 2026-11-21}';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['window: 7d', 'window: 7d, as_of: 2026-11-20']) },
    { text: changed('recall', ['window: 7d', 'window: 7d, as_of: cut']) },
    { text: changed('recall', ['window: 7d', 'window: 36h, as_of: cut']) },
    { text: changed('recall', ['window: 7d', 'window: 7d, as_of: day']) },
    { text: changed('recall', ['window: 7d', 'window: 48h, as_of: day']) },
    { text: changed('recall', [evalWindow, `${evalWindow}\n  known_until: 2026-11-21T12:00:00`]) },
    {
      text: changed(
        'recall',
        ['to: 2026-11-20}', 'to: 2026-11-20T12:00:00}'],
        ['eval: {from: 2026-11-21', 'eval: {from: 2026-11-20T12:00:01'],
      ),
    },
    {
      text: changed(
        'recall',
        [
          '  train: {from: 2026-11-01, to: 2026-11-20}\n  eval: {from: 2026-11-21, to: 2026-11-21}\n',
          '  eval: {from: 2026-11-21, to: 2026-11-21}\n',
        ],
        ['window: 7d', 'window: 7d, as_of: 2026-11-30'],
      ),
    },
    // Times with and without a zone are comparable only if the zone of the config is UTC.
    {
      text: changed(
        'recall',
        ['window:\n', 'timezone: Asia/Shanghai\nwindow:\n'],
        ['eval: {from: 2026-11-21,', 'eval: {from: "2026-11-20T16:00:00Z",'],
      ),
    },
  ],
  invalid: [
    {
      text: changed('recall', ['train: {from: 2026-11-01', 'train: {from: 2026-11-28']),
      reportedAt: '2026-11-20',
      after: 'to: ',
    },
    {
      text: changed('recall', ['eval: {from: 2026-11-21, to: 2026-11-21}', 'eval: {from: 2026-11-22, to: 2026-11-21}']),
      reportedAt: '2026-11-21',
      after: 'to: ',
    },
    {
      text: changed('recall', ['eval: {from: 2026-11-21, to: 2026-11-21}', 'eval: {from: 2026-10-01, to: 2026-10-31}']),
      reportedAt: '2026-10-01',
    },
    {
      text: changed('recall', ['window: 7d', 'window: 7d, as_of: 2026-11-21']),
      reportedAt: '2026-11-21',
      after: 'as_of: ',
    },
    { text: changed('recall', ['window: 7d', 'as_of: day, window: 36h']), reportedAt: '36h' },
    { text: changed('recall', ['window: 7d', 'as_of: day, window: 0d']), reportedAt: '0d' },
    {
      text: changed('recall', [evalWindow, `${evalWindow}\n  known_until: 2026-11-19`]),
      reportedAt: '2026-11-19',
    },
    {
      text: changed('recall', [`  ${evalWindow}`, '  known_until: 2026-11-25']),
      reportedAt: '2026-11-25',
    },
  ],
};
