import { message } from '../../../message/message.ts';
import { typeName } from '../../../table/type.ts';
import { columnNamed } from '../../../data/columnKinds.ts';
import { dataColumn } from '../../../data/dataColumns.ts';
import { recallMixing } from '../../examples/mixes.ts';
import { files } from '../../examples/files.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';
import { ownValue } from '../../../ownValue.ts';

export const hard = [
  'exposed_unclicked: 0.3',
  'popularity: {share: 0.4, group_by: region}',
  'global_random: 0.2',
  'hard_rank: {share: 0.1, ranks: [101, 500]}',
];
export const candidates =
  'user_id:int64 item_id:int64 request_id:int64 ts:timestamp channel:string recall_rank:int32 reached:string coarse_score:double fine_score:double';

export const noRank = defineRule({
  id: 'schema/no-rank',
  kind: 'schema',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: ({ config, facts, stage }) =>
    stage.entries.some(({ source }) => source?.name === 'hard_rank') && dataColumn(config, 'candidates', 'rank')
      ? datasetNeeds({ config, facts }, ['candidates'])
      : [],
  *check({ config, facts }): Iterable<Report> {
    const candidates = facts.dataset('candidates');
    const rank = dataColumn(config, 'candidates', 'rank');
    const column = candidates?.state === 'known' && rank ? columnNamed(candidates, rank.name) : undefined;
    if (candidates?.state !== 'known' || !rank || !column) return;
    const min = ownValue(candidates.ranges, rank.name)?.min;
    if (column.type.kind !== 'integer')
      yield {
        at: rank.path,
        message: message(
          'Column {0} has the type {1}; hard_rank needs ranks: whole numbers from 1',
          rank.name,
          typeName(column.type),
        ),
      };
    else if (min !== undefined && BigInt(min) < 1n)
      yield {
        at: rank.path,
        message: message(
          'Column {0} starts at {1}, but ranks must start at 1: every window of hard_rank would be shifted',
          rank.name,
          min,
        ),
      };
  },
  docs: {
    summary: 'Hard negatives by rank use candidates whose ranks are not whole numbers from 1',
    why: `\`hard_rank\` takes the results whose rank is in a window. A score in place of a rank falls into no window, or
into all of them. If ranks count from 0, every window is shifted by one. A window that begins at 1 then loses the best
result. Add 1 to the column when you write the log.

\`config/missing-input\` reports a config without the column.`,
    source: `How the config language defines the source \`hard_rank\`: ranks are 1-based and inclusive.`,
    wrong: {
      text: recallMixing(hard, ['rank: recall_rank', 'rank: coarse_score']),
      datasets: { candidates: files(candidates) },
      reportedAt: 'coarse_score',
    },
    right: { text: recallMixing(hard) },
  },
});
