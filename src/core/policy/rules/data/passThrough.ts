import { message, type Message } from '../../../message/message.ts';
import { dataColumns, sampleName, samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { passThroughEntries } from '../../../data/passThrough.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { passThroughNeeds } from '../../resolvedPasses.ts';
import { defineRule, type Report } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';

type Column = Answers['passed-values']['columns'][number];

export const passThrough = defineRule({
  id: 'data/pass-through',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => {
    const { config, stage } = context;
    const needs = sampleNeeds(context, 'passed-values');
    const roles = dataColumns(config, sampleName(stage.name)).map(({ role }) => role);
    return needs.length > 0 && roles.includes('item') && passThroughEntries(config).length > 0
      ? [...passThroughNeeds(context), ...needs]
      : [];
  },
  comparesNothing: nothingIn('passed-values', ({ columns }) => noRows(...columns.map(({ compared }) => compared))),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'passed-values', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { rows, columns } = answer.value;
    for (const column of columns) {
      const { name, wrong, foreign, examples } = column;
      if (wrong + foreign === 0) continue;
      yield {
        at: samplePathKey(stage.name),
        message:
          wrong === 0
            ? message(
                '{0} of {1} rows have an exposure’s value of {2}, but no exposure of their own',
                foreign,
                rows,
                name,
              )
            : message('{0} of {1} rows have a value of {2} that is not their own', wrong, rows, name),
        details: [...reasons(column), ...exampleRows(examples)],
      };
    }
  },
  docs: {
    summary: 'Pass-through columns have values of other items, users or exposures',
    why: `A join by the wrong key gives a negative the features of the positive of its group, or of another user. The
model then learns from features that it will never see together. Training does not fail, and no metric of the file shows
it.

The rule compares each column of \`output.pass_through\` that the file has with its data set:

| column of | must equal |
| --- | --- |
| items, users | the row of the same item or user |
| impressions, side \`item\` | the newest row of the item before the request |
| impressions, side \`exposure\` | an exposure of the user and item, or NULL without one |
| impressions, side \`context\` or \`user\` | an impression of the same request or user |
| candidates | a row of the same request and item |

- A value that an item got only with or after the request is from the future. If the log has requests, the file needs
  the columns \`user\` and \`request\`, or \`user\` and \`positive_item\`, for this.
- If several rows of the data set qualify, any of their values is accepted. Numbers of different types compare in single
  precision. List columns are skipped, and as-of values if the file has only whole seconds.
- If the items or users were replaced after the file was written, write the file again, or turn the rule off for it.`,
    source: 'How the config language defines the sides of output columns.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: {
        'passed-values': {
          rows: 1567,
          columns: [
            {
              name: 'city',
              compared: 1567,
              wrong: 1287,
              later: 0,
              foreign: 0,
              examples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772', source: 'popularity' }],
            },
            { name: 'category', compared: 1567, wrong: 0, later: 0, foreign: 0, examples: [] },
          ],
        },
      },
    },
    right: { text: changed('recall') },
  },
});

function reasons({ wrong, later, foreign }: Column): Message[] {
  return [
    ...(later > 0 ? [message('From the future: {0} of these values come from after the event.', later)] : []),
    ...(wrong > 0 && foreign > 0 ? [message('Without an exposure of their own, but with a value: {0}.', foreign)] : []),
    ...(foreign > 0
      ? [message('Only positives and exposed_unclicked rows have an exposure. The column gives the label away.')]
      : []),
  ];
}
