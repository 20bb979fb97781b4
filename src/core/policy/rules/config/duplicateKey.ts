import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule } from '../../rule.ts';

export const duplicateKey = defineRule({
  id: 'config/duplicate-key',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  check: (context) => problemReports('config/duplicate-key', context),
  docs: {
    summary: 'The same key twice in one map',
    why: `YAML and JSON forbid it, and readers disagree about it: some take the first value, some the last, some refuse the file. Two entries of a mix with one
name would also draw from one stream of random numbers. Entries that draw from the same source get names of their own and say \`source\`.`,
    source:
      'YAML 1.2.2, section 3.2.1.3: the keys of a mapping are unique. RFC 8259 calls other behaviour unpredictable.',
    wrong: {
      text: changed('recall', [
        '        global_random: 0.2\n',
        '        global_random: 0.2\n        popularity: 0.1\n',
      ]),
      reportedAt: 'popularity',
      after: 'global_random: 0.2',
    },
    right: {
      text: changed('recall', [
        '        global_random: 0.2\n',
        '        global_random: 0.1\n        city_random: {source: global_random, share: 0.1, where: {city: Paris}}\n',
      ]),
    },
    invalid: [
      { text: changed('recall', ['seed: demo', 'seed: demo\nseed: other']), reportedAt: 'seed', after: 'seed: demo' },
    ],
  },
});
