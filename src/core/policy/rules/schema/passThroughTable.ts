import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { files, impressionColumns } from '../../examples/files.ts';
import { passThroughFix, passThroughPath } from '../../passFixes.ts';
import { passThroughReport } from '../../passProblem.ts';
import { isPassProblem, passThroughNeeds, resolvedPassThrough } from '../../resolvedPasses.ts';
import { defineRule, type Report } from '../../rule.ts';

const withDays = {
  impressions: files(`${impressionColumns} dt:string`),
  candidates: files(
    'user_id:int64 item_id:int64 request_id:int64 ts:timestamp channel:string recall_rank:int32 reached:string dt:string',
  ),
};

export const passThroughTable = defineRule({
  id: 'schema/pass-through-table',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: passThroughNeeds,
  *check(context): Iterable<Report> {
    const { document } = context;
    for (const { resolution, ...entry } of resolvedPassThrough(context)) {
      if (!isPassProblem(resolution) || resolution.kind === 'missing') continue;
      if (resolution.kind === 'several')
        yield {
          at: passThroughPath(entry),
          message: message(
            '{0} is a column of several data sets: {1}',
            entry.keys.column,
            resolution.tables.join(', '),
          ),
          details: [message('Choose one with the key from.')],
          fixes: resolution.tables.map((from) =>
            passThroughFix(
              document,
              entry,
              // Written, so that schema/pass-through-side does not ask for it.
              { from, side: entry.keys.side ?? (from === 'impressions' ? 'exposure' : undefined) },
              message('Take it from data.{0}', from),
            ),
          ),
        };
      // With the key from, the config alone shows the problem.
      else if (entry.keys.from === undefined) yield passThroughReport(resolution, entry, document);
    }
  },
  docs: {
    summary: 'A pass-through column is in several data sets, or its data set cannot have its side',
    why: `Several data sets may have a column of the same name, with different values: the city of an item today, and
its city when it was shown. RecSample does not guess. Name the data set with the key \`from\`.

The data set decides which sides are possible. \`data.items\` knows items, \`data.users\` knows users,
\`data.candidates\` knows candidates of a request. Columns of \`data.impressions\` can describe the exposure, the
context, the user, or the item.

A column with a role in \`data.impressions\`, or in an event, is always taken from the log.`,
    source: 'By definition of `output.pass_through`.',
    wrong: {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, dt]']),
      reportedAt: 'dt',
      after: 'pass_through: [city, ',
      datasets: withDays,
    },
    right: {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [city, {column: dt, from: impressions, side: context}]',
      ]),
      datasets: withDays,
    },
  },
});
