import { unnamed } from '../../chanceNeeds.ts';
import { message } from '../../../message/message.ts';
import { datasetPath, sampleName } from '../../../data/dataColumns.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { duplicateKey, groupKey } from '../../sampleKeys.ts';
import { keyNeeds, sampleRoles } from '../../sampleNeeds.ts';

export const duplicate = defineRule({
  id: 'data/duplicate',
  kind: 'data',
  alone: true,
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => {
    const { stage } = context;
    const roles = sampleRoles(context);
    return keyNeeds(context, duplicateKey(stage, roles), 'duplicates', groupKey(stage, roles) ? unnamed : undefined);
  },
  comparesNothing: nothingIn('duplicates', ({ rows }) => noRows(rows)),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'duplicates', stage: stage.name });
    if (!answer || !('value' in answer) || answer.value.repeated === 0) return;
    const { repeated, rows, examples } = answer.value;
    const text =
      stage.unit === 'impression'
        ? repeated === 1
          ? message('1 of {0} rows repeats an impression', rows)
          : message('{0} of {1} rows repeat an impression', repeated, rows)
        : repeated === 1
          ? message('1 of {0} rows repeats an item that the same entry drew for the same group', rows)
          : message('{0} of {1} rows repeat an item that the same entry drew for the same group', repeated, rows);
    yield { at: [...datasetPath(sampleName(stage.name)), 'path'], message: text, details: exampleRows(examples) };
  },
  docs: {
    summary: 'A sample file contains rows twice',
    why: `A negative that is drawn twice for one group counts twice in the loss. A file that was appended to twice
counts everything twice. The totals of the file show neither.

The rule compares group, item and entry; for fine ranking, it compares request, item,
position and time. The same item from
two entries is not a duplicate, and neither is the same item for another positive. The file must name its groups by a
request or an exact time, and in the unit \`positive\` also by the positive item. If the mix has several entries, it
must also name the entry or the source. Otherwise the file is not checked, because equal rows may belong to different
groups.`,
    source: `In this language, the negatives of one group are drawn without repetition. Samplers that draw with
replacement repeat rows rightly; turn the rule off for them.`,
    wrong: {
      text: changed('recall', ['../out/recall.parquet', '../out/recall*.parquet']),
      reportedAt: '../out/recall*.parquet',
      answers: {
        duplicates: {
          rows: 3134,
          repeated: 1567,
          examples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772' }],
        },
      },
    },
    right: { text: changed('recall') },
  },
});
