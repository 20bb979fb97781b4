import { message } from '../../../message/message.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
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
    yield { at: samplePathKey(stage.name), message: unit, details: exampleRows(examples) };
  },
  docs: {
    summary: 'The same item is positive and negative in one impression or request',
    why: `Contradicting rows pull the model both ways, so the loss cannot fall below a bound. They come from joins that
lose or duplicate clicks, and from draws that do not exclude clicked items.

The rule compares rows with the same request and item. If the file has no request, it compares rows with the same user,
item and time. For fine ranking, the rule also compares position and time, because a request id may cover a session in
which an item is shown twice. Without a config, the audit always compares the time too. Entries with \`exclude: none\`
are not checked, such as rejections by owners. Files without requests and exact times are not checked either.`,
    source: 'By definition. No threshold.',
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
