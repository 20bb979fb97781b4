import { message, type Message } from '../../../message/message.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';

export const unknownItem = defineRule({
  id: 'data/unknown-item',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => (context.config.data?.items ? sampleNeeds(context, 'unknown-items', ['items']) : []),
  comparesNothing: nothingIn('unknown-items', ({ rows }) => noRows(rows)),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'unknown-items', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { rows, gone, early, late, examples } = answer.value;
    // Without any known item, the id column is wrong: nothing has left the corpus.
    const isOther = answer.value.absent + gone === rows;
    const absent = answer.value.absent + (isOther ? gone : 0);
    const unknown = absent + early + late;
    const at = samplePathKey(stage.name);
    if (gone > 0 && !isOther)
      yield {
        at,
        severity: 'warning',
        message:
          gone === 1
            ? message('1 of {0} rows has an item that is no longer in the corpus', rows)
            : message('{0} of {1} rows have an item that is no longer in the corpus', gone, rows),
        details: [
          message(
            'The log has these users with these items, so the corpus had the items then. Features that are joined from data.items are missing in these rows. Keep removed items there, with the time of their removal as data.items.columns.removed.',
          ),
          ...(unknown === 0 ? exampleRows(examples) : []),
        ],
      };
    if (unknown === 0) return;
    const details: Message[] = [
      ...(absent > 0 ? [message('Not in the corpus: {0}', absent)] : []),
      ...(early > 0 ? [message('Created after the event: {0}', early)] : []),
      ...(late > 0 ? [message('Removed before the event: {0}', late)] : []),
    ];
    yield {
      at,
      message:
        unknown === 1
          ? message('1 of {0} rows has an item that the corpus did not have at that time', rows)
          : message('{0} of {1} rows have an item that the corpus did not have at that time', unknown, rows),
      details: [...details, ...exampleRows(examples)],
    };
  },
  docs: {
    summary: 'A sample file contains items that were not in the corpus at the time of the event',
    why: `An item that was not in the corpus could not have been recalled. As a negative, it teaches the model to
recognize dead items by their ids, and its features belong to another time. With a wrong id column, every item is
absent.

An item is in the corpus from \`created\` up to, but not including, \`removed\`. NULL means no bound, and a day means
the whole day. The rule ignores \`where\` of the corpus, because it describes the present. If the impressions,
candidates or rejections contain the pair of user and item, the item existed, whatever its dates. If such an item is
missing from the corpus, this is a warning: the row is right, but its features are lost.`,
    source: 'By definition of an [eligible](../../sampling.md#exclusion-and-eligibility) item.',
    wrong: {
      text: changed('recall', ['item: item_id, created', 'item: reviews, created']),
      reportedAt: '../out/recall.parquet',
      companions: ['data/refused'],
      answers: {
        refusal: {
          code: 'bad-request',
          refusal: 'repeated-item',
          message: message('The corpus has {0} rows of the item {1}', 126, '0'),
          setting: ['data', 'items', 'columns', 'item'],
        },
        'unknown-items': {
          rows: 1567,
          absent: 1567,
          gone: 0,
          early: 0,
          late: 0,
          examples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772' }],
        },
      },
    },
    right: { text: changed('recall') },
  },
});
