import { removePair, setValue } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

const order = ['output', 'order'];
const layout = ['output', 'layout'];
const groupId = ['output', 'group_id'];

export const outputOrder = defineRule({
  id: 'config/output-order',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check({ config: { output }, document, stages }): Iterable<Report> {
    if (output?.layout === 'wide')
      for (const { name: stage, draft } of stages) {
        if (draft.unit === undefined || draft.unit === 'positive') continue;
        yield {
          at: layout,
          stage,
          severity: 'warning',
          message: message('The layout wide needs unit: positive, but {0} has the unit {1}', stage, draft.unit),
          fixes: [
            {
              title: message('Change to {0}', 'layout: grouped'),
              changes: setValue(document, layout, 'grouped'),
              safe: false,
            },
          ],
        };
      }
    if (output?.order !== 'shuffled_rows') return;
    if (output.layout !== undefined && output.layout !== 'long')
      yield {
        at: order,
        message: message(
          'shuffled_rows takes samples out of their groups, but a row of the layout {0} holds whole groups',
          output.layout,
        ),
        fixes: [
          {
            title: message('Change to {0}', 'order: shuffled'),
            changes: setValue(document, order, 'shuffled'),
            safe: false,
          },
          {
            title: message('Change to {0}', 'layout: long'),
            changes: setValue(document, layout, 'long'),
            safe: false,
          },
        ],
      };
    if (output.group_id === false)
      yield {
        at: groupId,
        on: 'key',
        message: message('shuffled_rows always writes group_id: without it, the rows of a group cannot be found again'),
        fixes: [{ title: message('Remove {0}', 'group_id'), changes: removePair(document, groupId), safe: true }],
      };
  },
  docs: {
    summary: '`order` or `unit` does not fit the layout, or `group_id` is off although `order` needs it',
    why: `\`order: shuffled_rows\` mixes the rows of all groups. A row of the layouts \`wide\`,
\`grouped\`, \`request\` and \`user\` holds whole groups, so they cannot be taken apart. \`order: shuffled\` mixes the rows
of the file and works with every layout.

The layout \`wide\` has the positive of a group as single values, so RecSample does not write stages of
other units than \`positive\`. This finding is a warning, because other stages of the config are written.

After shuffling, pairwise losses, sampled softmax and NDCG need \`group_id\` to find the rows of a group. So
\`shuffled_rows\` writes this column.`,
    source: 'How RecSample orders rows.',
    wrong: {
      text: changed('recall', [
        'output: {layout: long, order: shuffled,',
        'output: {layout: wide, order: shuffled_rows,',
      ]),
      reportedAt: 'shuffled_rows',
    },
    right: { text: changed('recall', ['order: shuffled,', 'order: shuffled_rows,']) },
  },
});
