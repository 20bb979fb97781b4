import type { Entry } from '../../../config/entries.ts';
import { message } from '../../../message/message.ts';
import { distinctFixes } from '../../distinctFixes.ts';
import { areLists, overlappingEntries } from '../../overlappingEntries.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const overlap = defineRule({
  id: 'config/overlap',
  kind: 'config',
  severity: 'info',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  *check({ stage: { entries, unit, path, draft }, document }): Iterable<Report> {
    // With `distinct`, the config has decided about the second rows.
    if (unit === 'impression' || draft.negatives?.distinct === true) return;
    const reported = new Set<Entry>();
    for (const { earlier, later } of overlappingEntries(entries)) {
      if (reported.has(later)) continue;
      reported.add(later);
      yield {
        at: later.path,
        on: 'key',
        message: message('{0} and {1} draw from the same items', earlier.name, later.name),
        details: areLists(earlier, later)
          ? [message('An item that both draw for a group is in the file twice: once for each entry.')]
          : [],
        fixes: distinctFixes(document, { path, draft }),
      };
    }
  },
  docs: {
    summary: 'Two entries draw from the same items under two names',
    why: `If two entries of a mix reach the same items, their shares are misleading. One entry then draws
items that you meant for the other. Both entries can also draw the same item for one group. The file then has the item twice,
once for each entry, and it counts twice in the loss. Lists are short, so this happens far more often than for pools.
\`distinct: true\` drops the second row. It is not allowed with \`training.logq\`, because \`logq_correction\` counts both
([Overlap](../../sampling.md#overlap)).

The rule reports cases that are easy to overlook:

- \`exposed_random\` next to an unrestricted \`global_random\`: exposed items are part of the corpus.
- \`hard_rank\` or \`hard_score\` next to another of them, \`ranked_unexposed\` or \`coarse_filtered\`: all of them draw from
  the candidates of the request.
- \`hard_score\` next to \`exposed_unclicked\`: what was shown had a high score.
- Two entries of one list, such as \`coarse_filtered\` with and without \`by: channel\`.

For \`hard_score\`, \`exclude: {events: [click, impressions]}\` leaves out what was shown. \`skip\`, \`top\` and \`ranks\`
separate two hard entries. [data/duplicate](../data/duplicate.md) counts the negatives of a file that are there twice. If
you want the overlap, suppress the finding and give the reason.`,
    source: 'The definitions of the sources. No number and no measurement is involved, so the severity is info.',
    wrong: {
      text: changed('recall', [
        '{share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}\n',
        '{share: 0.3, exponent: 0.75, count: click, window: 7d, group_by: region}\n        exposed_random: 0.1\n',
      ]),
      reportedAt: 'global_random',
      after: 'mix:',
    },
    right: {
      text: changed('recall', [
        'same_city: {source: same_attribute, match: [city], share: 0.05}',
        'near: {source: hard_rank, ranks: [101, 300], share: 0.025}\n        far: {source: hard_rank, ranks: [301, 500], share: 0.025}',
      ]),
    },
  },
});
