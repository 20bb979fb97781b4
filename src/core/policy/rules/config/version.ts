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
    summary: 'The version of the config language is unknown',
    why: `The version decides how a config is read. In an unknown version the same keys may have other meanings, so the
rows could differ from those of the author. There is one version so far: 1.`,
    source: 'The definition of the config language.',
    wrong: { text: changed('recall', ['version: 1', 'version: 2']), reportedAt: '2', after: 'version: ' },
    right: { text: changed('recall') },
  },
});
