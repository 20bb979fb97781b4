import { lateRows } from '../../../audit/lateness.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clickLists, withClicks } from '../../examples/sequences.ts';
import { defineRule, type Report } from '../../rule.ts';
import { areMany, comparesNoTimes, latenessOf, lateNeeds, maxOption, sequencesAt } from '../../sequenceNeeds.ts';

export const sequenceFuture = defineRule({
  id: 'data/sequence-future',
  kind: 'data',
  severity: 'error',
  alone: true,
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: { max: maxOption },
  needs: lateNeeds,
  comparesNothing: comparesNoTimes,
  *check(context): Iterable<Report> {
    for (const { name, lateness, byContact } of latenessOf(context)) {
      const rows = lateRows(lateness);
      if (!areMany(rows, lateness.compared, context.options.max)) continue;
      yield {
        at: sequencesAt(context),
        message: message('{0}: {1} of {2} rows have a step at or after their time', name, rows, lateness.compared),
        details: [
          ...(byContact ? [message('By the log, the first contact with the newest item came later.')] : []),
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

The rule compares the times of the steps with the time of their row. It then needs neither a config nor a log. A step at the
very time of the row counts, because it may be the row's own outcome. If the times of the rows are rounded to seconds or
days, and those of the steps are not, only steps after the end of that second or day count.

Lists without times are compared with the log of the config. If the user had no contact with the newest item before the
row, neither an exposure nor an event, the list is from the future. Only users with a step at least two days older
count (eight days, if the log is long enough): so neither a daily batch nor a log that begins later looks like a fault.

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
