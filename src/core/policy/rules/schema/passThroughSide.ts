import { message } from '../../../message/message.ts';
import { declaredInLog, logSides } from '../../../data/passThrough.ts';
import { changed } from '../../examples/example.ts';
import { files, impressionColumns } from '../../examples/files.ts';
import { passThroughFix, passThroughPath } from '../../passFixes.ts';
import { isPassProblem, passThroughNeeds, resolvedPassThrough } from '../../resolvedPasses.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

/** Impressions of the demo workspace with a column that has no role. */
const withDay = { impressions: files(`${impressionColumns} dt:string`) };

export const passThroughSide = defineRule({
  id: 'schema/pass-through-side',
  kind: 'schema',
  severity: 'warning',
  stages: 'document',
  options: {},
  needs: (context) => (context.stages.some(hasUnshownRows) ? passThroughNeeds(context) : []),
  *check(context): Iterable<Report> {
    const { config, document } = context;
    if (!context.stages.some(hasUnshownRows)) return;
    const declared = declaredInLog(config);
    for (const { resolution, ...entry } of resolvedPassThrough(context)) {
      if (isPassProblem(resolution)) continue;
      const { from, column, isSided } = resolution;
      if (from !== 'impressions' || isSided || declared.has(column)) continue;
      yield {
        at: passThroughPath(entry),
        fixes: logSides.map((side) => passThroughFix(document, entry, { side }, message('Set the side {0}', side))),
        message: message('{0} is a column of the log, but its side is not set', column),
        details: [
          message('Without a side it belongs to the exposure: negatives without an exposure of their own get NULL.'),
          message('Choose exposure, context, user or item, whichever the column describes.'),
        ],
      };
    }
  },
  docs: {
    summary: 'A pass-through column of the exposure log has no `side`',
    why: `A row of the log describes one exposure: this user, this item, this moment. A drawn negative is another item,
which was not shown in this way. So a column of the log is only right for a negative if it is known whose value it is:

- \`exposure\`: of the row's own exposure, such as the position. Negatives without an exposure get NULL.
- \`context\`: of the group, such as the device. All rows of the group get the value of the group's impression.
- \`user\`: of the user, such as the age. All rows of the group get the value of the group's impression.
- \`item\`: of the item, such as its click rate. Each row gets the newest value of its own item up to the time of the
  group, from the impressions of all users.

Without \`side\`, a column of the log belongs to the exposure. If it is NULL exactly for some sources, a model may learn
that NULL means negative. The rule does not report columns with a role (such as \`position\`) and columns of \`events\`,
which clearly belong to the exposure.`,
    source: 'By definition of `output.pass_through`.',
    wrong: {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [city, {column: dt, from: impressions}]',
      ]),
      reportedAt: '{column: dt, from: impressions}',
      datasets: withDay,
    },
    right: {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [city, {column: dt, from: impressions, side: context}]',
      ]),
      datasets: withDay,
    },
  },
});

/** True if a stage has rows that were not shown to the user. */
function hasUnshownRows({ unit, entries }: RuleContext['stage']): boolean {
  return unit !== undefined && unit !== 'impression' && entries.length > 0;
}
