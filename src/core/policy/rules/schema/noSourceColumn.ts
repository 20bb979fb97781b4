import { insertPair } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { dataColumn, datasetPath, sampleName } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';

export const noSourceColumn = defineRule({
  id: 'schema/no-source-column',
  kind: 'schema',
  severity: 'info',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs({ config, facts, stage }) {
    const name = sampleName(stage.name);
    // With one entry, every negative has the same source.
    return stage.entries.length > 1 && config.data?.samples?.[stage.name]
      ? datasetNeeds({ config, facts }, [name])
      : [];
  },
  *check({ config, facts, stage, document }): Iterable<Report> {
    const name = sampleName(stage.name);
    const file = facts.dataset(name);
    if (file?.state !== 'known' || dataColumn(config, name, 'source') || dataColumn(config, name, 'entry')) return;
    const at = [...datasetPath(name), 'columns'];
    const guess = file.columns.find(({ role }) => role?.role === 'source');
    const fixes: TextFix[] = guess
      ? [
          {
            title: message('Add {0}', `source: ${guess.name}`),
            changes: insertPair(document, at, 'source', written(guess.name, document.language)),
            safe: false,
          },
        ]
      : [];
    yield {
      at,
      on: 'key',
      fixes,
      message: message('The columns of the sample file do not say which entry drew a row'),
      details: [message('The mix cannot be compared with the {0} entries.', stage.entries.length)],
    };
  },
  docs: {
    summary: 'A sample file of several entries has no column `entry` or `source`',
    why: `Without a column \`source\` or \`entry\`, the observed mix cannot be compared with the configured mix. False
negatives cannot be reported by entry, and the same item from two entries looks like a duplicate. The rules that need
the column do not run.

Files of other samplers often have such a column under another name; map it. A file without the column is still useful,
so the severity is info.`,
    source: 'The data rules need the column.',
    wrong: {
      text: changed('recall', ['source: source, ', '']),
      reportedAt: 'columns',
      after: '../out/recall.parquet\n      ',
    },
    right: { text: changed('recall') },
  },
});
