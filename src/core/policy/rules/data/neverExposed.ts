import { message } from '../../../message/message.ts';
import { dataColumns, sampleName, samplePathKey } from '../../../data/dataColumns.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { defineRule, type Report } from '../../rule.ts';
import { joinKey } from '../../sampleKeys.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';

export const samples = {
  'samples.fine_ranking': files(
    'user_id:int64 item_id:int64 label:int8 source:string request:int64 time:timestamp position:int32 weight:double',
  ),
};

export const neverExposed = defineRule({
  id: 'data/never-exposed',
  kind: 'data',
  severity: 'error',
  stages: ['fine_ranking'],
  options: {},
  needs: (context) => {
    const { config, stage } = context;
    const roles = (name: Parameters<typeof dataColumns>[1]): string[] =>
      dataColumns(config, name).map(({ role }) => role);
    return joinKey(roles(sampleName(stage.name)), roles('impressions'))
      ? sampleNeeds(context, 'never-exposed', ['impressions'])
      : [];
  },
  comparesNothing: nothingIn('never-exposed', ({ rows }) => noRows(rows)),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'never-exposed', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { rows, unexposed, lostClicks, examples } = answer.value;
    const at = samplePathKey(stage.name);
    if (unexposed > 0)
      yield {
        at,
        message:
          unexposed === 1
            ? message('1 of {0} rows was never shown: the impressions do not contain it', rows)
            : message('{0} of {1} rows were never shown: the impressions do not contain them', unexposed, rows),
        details: exampleRows(examples),
      };
    if (lostClicks > 0)
      yield {
        at,
        message:
          lostClicks === 1
            ? message('1 click is missing: the file covers its time, but has no row of its request')
            : message(
                '{0} clicks are missing: the file covers their time, but has no row of their requests',
                lostClicks,
              ),
      };
  },
  docs: {
    summary: 'A fine-ranking file contains rows that were never shown, or lacks clicks',
    why: `Fine ranking predicts the probability of a click for what is shown. A row that was never shown has no label:
its 0 is invented, and the predicted rate falls below the real one. A join, or a sampler that keeps parts of the log,
can lose requests with their clicks. This distorts the rate as well.

The rule looks up rows in the impressions by request and item. If the file or the log has no request, it uses user and
item. It looks for missing clicks only between the first end and the last start of requests in the file, and inside the
windows of the config. So a file of one day is complete, even if a session began before it or ends after it. It does not
check clicks without a request, or if positives are downsampled or capped.`,
    source: `How the config language defines the unit \`impression\`.`,
    wrong: {
      text: changed('fine_ranking'),
      datasets: samples,
      reportedAt: '../out/fine_ranking.parquet',
      answers: {
        'never-exposed': {
          rows: 6000,
          unexposed: 903,
          lostClicks: 0,
          examples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772' }],
        },
      },
    },
    right: { text: changed('fine_ranking'), datasets: samples },
  },
});
