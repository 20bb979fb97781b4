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
    summary: 'A variable without a value',
    why: `\`\${name}\` stands for the value under \`vars\`, or for that of \`--set name=value\`. Without either, a path would be looked for under the very letters \`\${name}\`,
and a job that runs every day would find nothing or, worse, an old file. Give variables that a pipeline sets a default under \`vars\`, so that the config
can be checked without the pipeline.`,
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
    valid: [
      {
        text: changed(
          'recall',
          ['per_positive: 10', 'per_positive: ${n}'],
          ['seed: demo\n', 'seed: demo\nvars: {n: 10}\n'],
        ),
      },
    ],
  },
});
