import { chanceRoles } from '../../../data/chanceRoles.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { chanceNeeds, chancesUnknown } from '../../chanceNeeds.ts';
import { exampleRows } from '../../exampleRows.ts';
import { noChances } from '../../examples/noChances.ts';
import { changed } from '../../examples/example.ts';
import { nothingIn } from '../../nothingIn.ts';
import { outputColumn } from '../../outputColumn.ts';
import { defineRule, type Report } from '../../rule.ts';

export const compared = (
  columns: Answers['chances']['columns'],
  users: Pick<Answers['chances'], 'users' | 'allUsers'> = { users: 78, allUsers: 78 },
): Pick<Answers, 'chances'> => ({ chances: { ...noChances, ...users, columns } });

export const logQ = defineRule({
  id: 'data/log-q',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking'],
  options: {},
  needs: (context) => (chanceRoles.some((role) => outputColumn(context, role) !== null) ? chanceNeeds(context) : []),
  comparesNothing: (context) =>
    nothingIn('chances', ({ foreign }) =>
      foreign === 'sampler'
        ? message('the file has no lock file, and the sampler would draw most of its negatives otherwise')
        : null,
    )(context) ?? chancesUnknown(context, ({ columns }) => columns.map(({ rows }) => rows)),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'chances', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { users, allUsers, columns } = answer.value;
    for (const { name, rows, wrong, largest, examples } of columns) {
      if (wrong === 0) continue;
      yield {
        at: samplePathKey(stage.name),
        message:
          wrong === 1
            ? message('1 of {0} rows has another {1} than the counts give', rows, name)
            : message('{0} of {1} rows have another {2} than the counts give', wrong, rows, name),
        details: [
          message(
            'The largest difference is {0}: this item counts {1} times as much or as little as it should.',
            largest.toPrecision(3),
            Math.exp(Math.min(largest, 50)).toPrecision(3),
          ),
          ...(users < allUsers
            ? [message('Compared for {0} of {1} users, chosen at random by their ids.', users, allUsers)]
            : []),
          ...exampleRows(examples),
        ],
      };
    }
  },
  docs: {
    summary: 'log q in the sample file differs from the recomputed log q',
    why: `A trainer with a softmax loss subtracts \`log_q\` or \`logq_correction\` from the logits. A wrong value
changes which items the model prefers, and no metric of the training shows it. Typical causes: counts from another day,
another \`exponent\` or \`smoothing\`, exclusions ignored, or a join on the wrong item.

The rule draws the groups of the file again, and computes \`log_q\`, \`log_q_mix\` and \`logq_correction\` from the counts.
Values that differ by more than 0.001 are wrong. It compares at most a thousand users, chosen at random by their ids.

The file must name the user, the positive item and the exact time of each group, and the entry or source of each
negative. Some rows are not compared:

- Empty values, and items that their entry cannot draw. Other rules report these items.
- List entries of a group whose number of rows in the file differs from the redraw.
- Files of other tools, if most of their negatives differ from the redraw. [data/declared-q](declared-q.md) checks them.
- Everything, if the config was changed after the file was written ([data/digest](digest.md)).

If nothing is compared, the rule is _not run_ and names the reason. If the log grew after the file was written,
popularity counts may have changed. Write the file again.`,
    source: `The definition in [How negatives are drawn](../../sampling.md#log-q). The tolerance of 0.001 is our choice:
it is far above the error of single precision, and far below any difference that matters.`,
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: compared([
        {
          name: 'log_q',
          rows: 1100,
          wrong: 584,
          largest: 2.71,
          examples: [
            {
              user_id: '7203685477500600529',
              item_id: '4820193308562714772',
              source: 'popularity',
              log_q: '-6.1',
              recomputed: '-3.390000',
            },
          ],
        },
      ]),
    },
    right: { text: changed('recall') },
  },
});
