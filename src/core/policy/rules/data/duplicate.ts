import { unnamed } from '../../chanceNeeds.ts';
import type { StageView } from '../../../config/entries.ts';
import { message, type Message } from '../../../message/message.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { distinctFixes } from '../../distinctFixes.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { duplicateKey, groupKey } from '../../sampleKeys.ts';
import { keyNeeds, sampleRoles } from '../../sampleNeeds.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

export const duplicate = defineRule({
  id: 'data/duplicate',
  kind: 'data',
  alone: true,
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max_shared: shareOption(
      0.01,
      message(
        'The largest share of the negatives of lists that may be in their group under another entry, too. Our choice; 1 allows all.',
      ),
    ),
  },
  needs: (context) => {
    const { stage } = context;
    const roles = sampleRoles(context);
    return keyNeeds(context, duplicateKey(stage, roles), 'duplicates', groupKey(stage, roles) ? unnamed : undefined);
  },
  comparesNothing: nothingIn('duplicates', ({ rows }) => noRows(rows)),
  *check(context): Iterable<Report> {
    const { facts, stage, document } = context;
    const answer = facts.answer({ kind: 'duplicates', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { repeated, rows, examples, shared } = answer.value;
    const isCorrected = (stage.draft.training?.logq ?? false) !== false;
    const at = samplePathKey(stage.name);
    if (repeated > 0) yield { at, message: repeatedText(stage, repeated, rows), details: exampleRows(examples) };
    if (shared && shared.repeated > context.options.max_shared * shared.rows)
      yield {
        at,
        message: message(
          '{0} of {1} negatives of lists are in their group under another entry, too ({2})',
          shared.repeated,
          shared.rows,
          percent(shared.repeated / shared.rows),
        ),
        details: [
          ...shared.entries.map(({ names, repeated }) => message('{0}: {1}', names, repeated)),
          isCorrected
            ? message(
                'logq_correction counts both rows, so keep them. To give each entry its share, separate the entries by ranks, skip or top.',
              )
            : stage.draft.negatives?.distinct === true
              ? message('The config has distinct: true, so the file is of another config. Write it again.')
              : message(
                  'The loss uses them twice. distinct: true drops the second rows. To give each entry its share, separate the entries by ranks, skip or top.',
                ),
        ],
        fixes: distinctFixes(document, stage),
        ...(isCorrected ? { severity: 'info' } : {}),
      };
  },
  docs: {
    summary: 'A sample file contains rows twice',
    why: `If a negative is drawn twice for one group, the loss uses it twice. A file that was appended twice repeats
everything. The totals of the file show neither.

The rule compares group, item and entry; for fine ranking, it compares request, item,
position and time. The same item for another positive is no duplicate. The file must name its groups by a
request or an exact time, and in the unit \`positive\` also by the positive item. If the mix has several entries, it
must also name the entry or the source. Otherwise the file is not checked, because equal rows may belong to different
groups.

Two lists of a mix may bring the same item, such as \`hard_rank\` and \`ranked_unexposed\`. The rule reports such
negatives, by the entries that have them, if they are more than \`max_shared\` of the negatives of these lists.
\`distinct: true\` drops the second rows. With \`training.logq\`, it is not allowed, because the correction needs them
([Overlap](../../sampling.md#overlap)), and the finding is an info. Pools may draw an item of another entry, too; the
rule does not count these rows, and the metric [Duplicates](../../audit.md#duplicates-duplicates) does.`,
    source: `By definition, the negatives of a group are drawn without repetition. Turn the rule off for samplers that
draw with replacement.`,
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

function repeatedText({ unit }: StageView, repeated: number, rows: number): Message {
  if (unit === 'impression')
    return repeated === 1
      ? message('1 of {0} rows repeats an impression', rows)
      : message('{0} of {1} rows repeat an impression', repeated, rows);
  return repeated === 1
    ? message('1 of {0} rows repeats an item that the same entry drew for the same group', rows)
    : message('{0} of {1} rows repeat an item that the same entry drew for the same group', repeated, rows);
}
