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
    summary: 'A map contains the same key twice',
    why: `YAML and JSON forbid duplicate keys, and readers disagree about them. Some take the first value, some take the
last value, and some reject the file. Two entries of a mix with the same name would also use the same stream of random
numbers. If two entries draw from the same source, give them different names and set \`source\`.`,
    source: `YAML 1.2.2, section 3.2.1.3, requires the keys of a mapping to be unique. RFC 8259 calls any other
behaviour unpredictable.`,
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
  },
});
