import { dataColumn, datasetEntry } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { isDrawable } from '../../drawnStage.ts';
import { changed } from '../../examples/example.ts';
import { nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

export const grouped = ', group_by: region';

export const groups = (low: number): Pick<Answers, 'group-popularity'> => ({
  'group-popularity': {
    entry: 'popularity',
    groups: [
      { attribute: 'region', value: 'north', users: 400, events: 9000, difference: low + 0.05, low },
      { attribute: 'activity', value: 'daily', users: 900, events: 12_000, difference: 0.04, low: 0.02 },
    ],
  },
});

export const popularityGroup = defineRule({
  id: 'data/popularity-group',
  kind: 'data',
  severity: 'info',
  stages: ['recall'],
  supersedes: ['recall/group-popularity'],
  options: {
    max: shareOption(
      0.3,
      message(
        'Maximum total variation between the popularity of a user group and of all users (99 % confidence). Our choice.',
      ),
    ),
  },
  needs: ({ config, stage, document }) =>
    isDrawable(stage, document) &&
    datasetEntry(config, 'users') !== undefined &&
    dataColumn(config, 'users', 'user') !== undefined &&
    (config.data?.users?.columns?.attributes ?? []).length > 0 &&
    stage.entries.some(({ source }) => source?.name === 'popularity') &&
    stage.entries.every(({ path }) => !document.has([...path, 'group_by']))
      ? [
          { dataset: 'impressions' },
          { dataset: 'users' },
          { question: { kind: 'group-popularity', stage: stage.name } },
        ]
      : [],
  comparesNothing: nothingIn('group-popularity', ({ entry, groups }) =>
    entry !== null && groups.length > 0 ? null : message('no group of users has enough events'),
  ),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'group-popularity', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { entry, groups: all } = answer.value;
    const at = stage.entries.find(({ name }) => name === entry)?.path;
    const far = all.filter(({ low }) => low > options.max).sort((a, b) => b.difference - a.difference);
    const [first] = far;
    if (entry === null || at === undefined || first === undefined) return;
    yield {
      at,
      on: 'key',
      message: message(
        '{0} counts all users together, but {1} % of the events of {2} are on other items',
        entry,
        Math.round(100 * first.difference),
        `${first.attribute} = ${first.value}`,
      ),
      details: [
        ...far
          .slice(0, 5)
          .map(({ attribute, value, users, events, difference, low }) =>
            message(
              '{0}: {1} of {2} events of {3} users (99 % bound {4}).',
              `${attribute} = ${value}`,
              percent(difference),
              events,
              users,
              percent(low),
            ),
          ),
        message('Set group_by: {0}, so that each group has a popularity of its own.', first.attribute),
      ],
    };
  },
  docs: {
    summary: 'Some user groups prefer other items than all users together',
    why: `The popularity of all users follows the largest user group. If another group prefers other items, its users
get negatives that are popular elsewhere, and the items that compete for them are drawn too rarely.

For each value of each attribute of \`data.users\`, the rule measures the total variation between the events of the group
and those of all users, in the window of the entry. It reports a group if the lower 99 % bound, clustered by user, is
above \`max\`, and then replaces the finding of \`recall/group-popularity\`.

- **Noise.** Two samples always differ. So the rule finds the items that one half of the users prefers, and counts them
  among the other half.
- **Small groups.** Attributes with more than 50 values are left out, and groups with fewer than 25 users in a half. 25
  users show a group at twice the limit in 19 of 20 logs.`,
    source: `Total variation is the share of the events that would have to move. The split into halves avoids the upward
bias of the plain estimate. The limit is our choice, so the severity is info.`,
    wrong: {
      text: changed('recall', [grouped, '']),
      reportedAt: 'popularity',
      answers: groups(0.42),
    },
    right: { text: changed('recall') },
  },
});
