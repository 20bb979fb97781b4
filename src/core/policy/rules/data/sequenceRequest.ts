import { lateRows } from '../../../audit/lateness.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clickLists, clicksInLog, withClicks } from '../../examples/sequences.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { areMany, latenessOf, loggedLists, logNeeds, maxOption, sequencesAt } from '../../sequenceNeeds.ts';

export const sequenceRequest = defineRule({
  id: 'data/sequence-request',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: { max: maxOption },
  needs: logNeeds,
  comparesNothing: nothingIn('sequence-log', ({ lists }) => noRows(...lists.map(({ requests }) => requests.compared))),
  *check(context): Iterable<Report> {
    const { max } = context.options;
    // A history from the future also has steps of its request.
    const isLate = (sequence: string): boolean =>
      latenessOf(context).some(
        ({ name, lateness }) => name === sequence && areMany(lateRows(lateness), lateness.compared, max),
      );
    for (const { name, requests } of loggedLists(context)) {
      if (!areMany(requests.rows, requests.compared, max) || isLate(name)) continue;
      yield {
        at: sequencesAt(context),
        message: message(
          '{0}: {1} of {2} rows have steps of their own request',
          name,
          requests.rows,
          requests.compared,
        ),
        details: [
          message('They were not known when the request was scored.'),
          message('Cut each history strictly before the request of its row.'),
        ],
      };
    }
  },
  docs: {
    summary: 'Histories have steps of the request of their row',
    why: `An item that scrolls into view minutes after the others belongs to the same request. All items of a request are
scored at its beginning, so what the user did with the first of them is not known when the last one is scored. A history
that ends at the time of the row has these steps; serving does not.

The rule looks up the request of each row in the log: by its id, or by the user and the time of the row. The request
begins at its earliest time in the impressions and in the tables of events. A step from then on, before the time of the
row, counts. Lists without times are compared by first contacts, as in \`data/sequence-future\`. If that rule reports
the sequence, this one does not.`,
    source: 'A history has no step of the request that it is made for. The limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: { ...clickLists(), ...clicksInLog({ requests: { compared: 1400, rows: 209 } }) },
    },
    right: { text: changed('recall'), datasets: withClicks, answers: { ...clickLists(), ...clicksInLog() } },
  },
});
