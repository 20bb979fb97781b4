import { exceeds } from '../../../statistics/rate.ts';
import { dataColumns, sampleName, samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { rateLine } from '../../rateLine.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';
import { shareOption } from '../../shareOption.ts';

export const rows = (unseen: number, young = 0, design = 1): Pick<Answers, 'unseen-rows'> => ({
  'unseen-rows': {
    unseen: { rows: 3000, hits: unseen, design },
    young: { rows: 3000, hits: young, design },
    examples: [{ user_id: '7203685477500600529', item_id: '4820193308562714772', source: 'exposed_unclicked' }],
  },
});

export const unseen = defineRule({
  id: 'data/unseen',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    max: shareOption(
      0.001,
      message(
        'The largest share of unclicked rows that were not seen, or are too young. A larger share is reported with 99 % confidence. Our choice.',
      ),
    ),
  },
  needs: (context) => (hasLimits(context) ? sampleNeeds(context, 'unseen-rows', ['impressions']) : []),
  comparesNothing: nothingIn('unseen-rows', ({ unseen, young }) => noRows(unseen.rows, young.rows)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'unseen-rows', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { unseen: never, young, examples } = answer.value;
    const at = samplePathKey(stage.name);
    if (exceeds(never, options.max))
      yield {
        at,
        message: message('{0} of {1} unclicked rows were not seen by their users', never.hits, never.rows),
        details: [rateLine(never), ...exampleRows(examples)],
      };
    if (exceeds(young, options.max))
      yield {
        at,
        message: message('{0} of {1} unclicked rows are too young for mature_after', young.hits, young.rows),
        details: [rateLine(young), ...exampleRows(examples)],
      };
  },
  docs: {
    summary: 'Negatives were never in view, or are too young to be unclicked',
    why: `An exposure that never came into view says nothing about the item. As a negative, it punishes items for their
position. An exposure at the end of the data may still be clicked, so it is often a positive.

The rule applies if the entry of \`exposed_unclicked\` sets \`seen\` or \`mature_after\`. Each unclicked row needs an
exposure that is both seen and old enough. Fine ranking looks it up by user, request and item, other stages by user and
item. [data/never-exposed](never-exposed.md) reports rows without an exposure. A share is reported if its lower 99 %
bound, clustered by user, is above \`max\`.`,
    source: 'By definition of `seen` and `mature_after`. The limit is our choice.',
    wrong: {
      text: changed('fine_ranking'),
      reportedAt: '../out/fine_ranking.parquet',
      datasets: {
        'samples.fine_ranking': files(
          'user_id:int64 item_id:int64 label:int8 source:string request:int64 time:timestamp position:int32 weight:double',
        ),
      },
      answers: rows(300),
    },
    right: { text: changed('fine_ranking') },
  },
});

/** True if the config drops unclicked exposures, and the sample file marks its exposures. */
function hasLimits({ config, stage }: RuleContext): boolean {
  const roles = dataColumns(config, sampleName(stage.name)).map(({ role }) => role);
  const isNamed = stage.entries.length === 1 || roles.includes('entry') || roles.includes('source');
  return (
    isNamed &&
    roles.includes('user') &&
    roles.includes('time') &&
    config.window?.train?.to !== undefined &&
    stage.entries.some(
      ({ source, options }) =>
        source?.name === 'exposed_unclicked' &&
        ((options.seen !== undefined && options.seen !== 'all') || options.mature_after !== undefined),
    )
  );
}
