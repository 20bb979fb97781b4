import { message } from '../../../message/message.ts';
import { datasetPath, sampleName } from '../../../data/dataColumns.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { impressionKey } from '../../sampleKeys.ts';
import { keyNeeds, sampleRoles } from '../../sampleNeeds.ts';

export const contradiction = defineRule({
  id: 'data/contradiction',
  kind: 'data',
  alone: true,
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => keyNeeds(context, impressionKey(context.stage, sampleRoles(context)), 'contradictions'),
  comparesNothing: nothingIn('contradictions', ({ rows }) => noRows(rows)),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'contradictions', stage: stage.name });
    if (!answer || !('value' in answer) || answer.value.pairs === 0) return;
    const { pairs, examples } = answer.value;
    const unit =
      stage.unit === 'impression'
        ? pairs === 1
          ? message('1 impression is both positive and negative')
          : message('{0} impressions are both positive and negative', pairs)
        : pairs === 1
          ? message('1 item is positive and negative in the same request')
          : message('{0} items are positive and negative in the same request', pairs);
    yield { at: [...datasetPath(sampleName(stage.name)), 'path'], message: unit, details: exampleRows(examples) };
  },
  docs: {
    summary: 'Items are positive and negative within one impression or request',
    why: `Contradicting rows pull the model both ways and set a lower bound for its loss. They come from joins that lose
or duplicate clicks, and from draws that do not exclude what the user chose.

The rule compares rows with the same request and item. If the file has no request, it compares rows with the same user,
item and time. For fine ranking, the position and the time count too, because a request may be a session. So an item
that is shown again and then chosen is not a contradiction. An audit without a config does not know the unit of the
file, so the time counts there too. Rows of entries that exclude nothing are also allowed, such as refusals by owners of an item that the
user wanted. Files that have neither a request nor an exact time are not checked.`,
    source: 'Logic: an item cannot be both positive and negative in one impression; no number is involved.',
    wrong: {
      text: changed('recall', ['      exclude: {events: [click], within: train}\n', '']),
      reportedAt: '../out/recall.parquet',
      answers: {
        contradictions: {
          rows: 1567,
          pairs: 12,
          examples: [
            { user_id: '7203685477500600529', item_id: '4820193308562714772', ts: '2026-11-20 09:36:17.074517' },
          ],
        },
      },
    },
    right: { text: changed('recall') },
  },
});
