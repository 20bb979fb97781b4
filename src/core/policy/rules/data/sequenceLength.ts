import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { clickLists, withClicks } from '../../examples/sequences.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { defineRule, type Report } from '../../rule.ts';
import { listCounts, sequenceNeeds, sequencesAt } from '../../sequenceNeeds.ts';

export const sequenceLength = defineRule({
  id: 'data/sequence-length',
  kind: 'data',
  severity: 'warning',
  alone: true,
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => sequenceNeeds(context, 'sequence-lists'),
  comparesNothing: nothingIn('sequence-lists', ({ lists }) => noRows(...lists.map(({ rows }) => rows))),
  *check(context): Iterable<Report> {
    const at = sequencesAt(context);
    for (const { name, rows, longest, length, tooLong, uneven } of listCounts(context)) {
      if (length !== null && tooLong > 0)
        yield {
          at,
          message: message('{0}: up to {1} steps, but the config says {2}', name, longest, length),
          details: [
            message('Rows with more steps: {0}. A trainer cuts them, at the end that it likes.', tooLong),
            message('Write the file again with this config, or set length to what the file has.'),
          ],
        };
      if (uneven > 0)
        yield {
          at,
          message: message('{0}: the lists of {1} of {2} rows differ in length', name, uneven, rows),
          details: [message('A missing value shifts the attributes of all steps after it to other items.')],
        };
    }
  },
  docs: {
    summary: 'Histories are longer than declared, or their lists differ in length',
    why: `If the lists of a sequence differ in length, attributes stand next to other items: the category of the third step
next to the item of the fourth. One such row shows that the lists were built apart.

If lists are longer than \`length\` of the config, the trainer cuts them. Several keep the first elements, which are the
oldest ones.`,
    source: 'A step is one row, so it has a value in each list.',
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      datasets: withClicks,
      answers: clickLists({ uneven: 3 }),
    },
    right: { text: changed('recall'), datasets: withClicks, answers: clickLists({ length: 20 }) },
  },
});
