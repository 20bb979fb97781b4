import { message } from '../../../message/message.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { roleNeeds } from '../../sampleNeeds.ts';
import { shareOption } from '../../shareOption.ts';

export const userSkew = defineRule({
  id: 'data/user-skew',
  kind: 'data',
  severity: 'info',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max: shareOption(
      0.3,
      message('The largest share of the rows that the most frequent 1 % of the users may have. Our choice.'),
    ),
    min_users: {
      kind: 'number',
      fallback: 1000,
      min: 1,
      max: 1e9,
      doc: message('The rule does not check files with fewer users.'),
    },
  },
  needs: (context) => roleNeeds(context, ['user'], 'user-shares'),
  comparesNothing: (context) =>
    nothingIn('user-shares', ({ users }) =>
      users < context.options.min_users
        ? message('fewer users than min_users: {0} of {1}', users, context.options.min_users)
        : null,
    )(context),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'user-shares', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { rows, users, topUsers, topRows } = answer.value;
    if (users < options.min_users || topRows <= options.max * rows) return;
    yield {
      at: samplePathKey(stage.name),
      message: message('{0} of {1} users have {2} % of the rows', topUsers, users, Math.round((100 * topRows) / rows)),
      details: [message('Set max_per_user_per_day under positives to limit what one user contributes.')],
    };
  },
  docs: {
    summary: 'A few users have a large part of the rows',
    why: `Robots, testers and a few very active users can have a large part of the rows. The model then learns their
taste, and an offline metric that averages over rows hides this. \`max_per_user_per_day\` under \`positives\` limits
their rows.

Some skew is natural, and the right limit depends on the product. So the severity is info.`,
    source: `Activity in such logs is heavy-tailed. The limit of 0.3 is our choice: it is well above the skew of the
demo data.`,
    wrong: {
      text: changed('recall', ['      max_per_user_per_day: 50\n', '']),
      reportedAt: '../out/recall.parquet',
      answers: { 'user-shares': { rows: 74_425, users: 2692, topUsers: 27, topRows: 29_770 } },
    },
    right: { text: changed('recall') },
  },
});
