import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule } from '../../rule.ts';

export const variable = defineRule({
  id: 'config/variable',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  check: (context) => problemReports('config/variable', context),
  docs: {
    summary: 'A variable has no value',
    why: `RecSample replaces \`\${name}\` with the value under \`vars\`, or with the value of \`--set name=value\`.
Without a value, it would look for a path that contains the characters \`\${name}\`. A daily job would then find nothing
or, worse, an old file. If a pipeline sets a variable, give it a default under \`vars\`. Then the config can be checked
without the pipeline.`,
    source: 'The definition of the config language.',
    wrong: {
      text: changed('recall', ['candidates/dt=*/*', 'candidates/dt=${dt}/*']),
      reportedAt: '../data/candidates/dt=${dt}/*.parquet',
    },
    right: {
      text: changed(
        'recall',
        ['candidates/dt=*/*', 'candidates/dt=${dt}/*'],
        ['seed: demo\n', 'seed: demo\nvars: {dt: 2026-11-20}\n'],
      ),
    },
  },
});
