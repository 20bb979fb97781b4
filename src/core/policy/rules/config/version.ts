import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule } from '../../rule.ts';

export const version = defineRule({
  id: 'config/version',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  check: (context) => problemReports('config/version', context),
  docs: {
    summary: 'The version of the config language is not one that is known here',
    why: `The version says by which rules a config is read. One that is not known may mean other things by the same keys, so its rows could differ from what its
author saw. There is one version so far: 1.`,
    source: 'The definition of the config language.',
    wrong: { text: changed('recall', ['version: 1', 'version: 2']), reportedAt: '2', after: 'version: ' },
    right: { text: changed('recall') },
    invalid: [{ text: changed('recall', ['version: 1', 'version: "1"']), reportedAt: '"1"' }],
  },
});
