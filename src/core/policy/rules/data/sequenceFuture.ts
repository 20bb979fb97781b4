import { holdsLabel, type TimedCounts } from '../../../audit/metrics/sequences.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clickLists, withClicks } from '../../examples/sequences.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { areMany, listCounts, maxOption, sequenceNeeds, sequencesAt } from '../../sequenceNeeds.ts';

export const sequenceFuture = defineRule({
  id: 'data/sequence-future',
  kind: 'data',
  severity: 'error',
  alone: true,
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: { max: maxOption },
  needs: (context) => sequenceNeeds(context, 'sequence-lists'),
  comparesNothing: nothingIn('sequence-lists', ({ lists }) =>
    noRows(...lists.map(({ times }) => times?.compared ?? 0)),
  ),
  *check(context): Iterable<Report> {
    for (const { name, times } of listCounts(context)) {
      if (times === null) continue;
      const rows = lateRows(times);
      if (!areMany(rows, times.compared, context.options.max)) continue;
      yield {
        at: sequencesAt(context),
        message: message('{0}: {1} of {2} rows have a step at or after their time', name, rows, times.compared),
        details: [
          message('The model reads outcomes. Offline metrics rise, online metrics do not.'),
          message('Cut each history strictly before the request of its row.'),
        ],
      };
    }
  },
  docs: {
    summary: 'Histories have steps at or after the time of their row',
    why: `A history holds what the user did before the request. If it also holds what came later, the model reads
outcomes: offline metrics rise, and online metrics do not, because serving does not have these steps.

The rule compares the times of the steps with the time of their row. It needs neither a config nor a log. A step at the
very time of the row counts, because it may be the row's own outcome. If the times of the rows are rounded to seconds or
days, and those of the steps are not, only steps after the end of that second or day count.

Lists are found by their names: \`clicks__item_id\` and \`clicks__ts\` are the sequence \`clicks\`. Other forms are
\`hist_item_id\`, \`click_seq\` and, in the layout long, \`item_id_list\`. If the steps that are too late are the events
of the rows themselves, \`data/sequence-target\` reports them instead.`,
    source: 'A history has no step at or after the request that it is made for. The limits are our choice.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clickLists({}, { late: 400, lateOthers: 398 }),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clickLists() },
  },
});

/** Rows with a late step; without those whose only such step is their label, which is another fault. */
function lateRows({ late, lateOthers, own }: TimedCounts): number {
  return holdsLabel(own) ? lateOthers : late;
}
