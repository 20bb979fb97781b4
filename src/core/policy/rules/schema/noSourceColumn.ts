import { insertPair } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../report/message.ts';
import { dataColumn, datasetPath, sampleName } from '../../dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { looks } from '../../looks.ts';
import { defineRule, type Report } from '../../rule.ts';

export const noSourceColumn = defineRule({
  id: 'schema/no-source-column',
  kind: 'schema',
  severity: 'info',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs({ config, facts, stage }) {
    const name = sampleName(stage.name);
    // One entry needs no name.
    return stage.entries.length > 1 && config.data?.samples?.[stage.name] ? looks({ config, facts }, [name]) : [];
  },
  *check({ config, facts, stage, document }): Iterable<Report> {
    const name = sampleName(stage.name);
    const known = facts.dataset(name);
    if (known?.state !== 'known' || dataColumn(config, name, 'source') || dataColumn(config, name, 'entry')) return;
    const at = [...datasetPath(name), 'columns'];
    const guess = known.columns.find(({ role }) => role?.role === 'source');
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
      message: message('The columns of the sample file do not say which entry a row was drawn by'),
      details: [message('The mix cannot be held against the {0} entries.', stage.entries.length)],
    };
  },
  docs: {
    summary: 'A sample file of several entries that does not say which one a row was drawn by',
    why: `Without a column \`source\` or \`entry\` the observed mix cannot be compared with the one that is configured, false negatives cannot be told by entry, and the same item drawn by two entries looks like a
duplicate. The rules that need it do not run.

Samplers of other makes often have such a column under another name; map it. A file that has none is still of use, so this only informs.`,
    source: 'What the data rules need; there is no number in it.',
    wrong: {
      text: changed('recall', ['source: source, ', '']),
      reportedAt: 'columns',
      after: '../out/recall.parquet\n      ',
    },
    right: { text: changed('recall') },
    valid: [
      { text: changed('recall', ['source: source, ', 'entry: source, ']) },
      { text: changed('recall', ['source: source, ', '']), datasets: { 'samples.recall': { state: 'missing' } } },
      {
        text: changed('fine_ranking', ['source: source, ', '']),
        datasets: {
          'samples.fine_ranking': files(
            'user_id:int64 item_id:int64 label:int8 request:int64 time:timestamp position:int32 weight:double',
          ),
        },
      },
    ],
  },
});
