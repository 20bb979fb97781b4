import { exceeds } from '../../../statistics/rate.ts';
import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { message } from '../../../message/message.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { groupKey } from '../../sampleKeys.ts';
import { keyNeeds, sampleRoles } from '../../sampleNeeds.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

export const groups = (alone: number, orphans = 0, design = 1): Pick<Answers, 'empty-groups'> => ({
  'empty-groups': {
    alone: { rows: 1460, hits: alone, design },
    orphans: { rows: 1460, hits: orphans, design },
    examples: [{ user_id: '7203685477500600529', positive_item: '4820193308562714772' }],
  },
});

export const emptyGroups = defineRule({
  id: 'data/empty-groups',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max: shareOption(
      0.01,
      message(
        'The largest share of groups without negatives, or without their positive. A larger share is reported with 99 % confidence. Our choice.',
      ),
    ),
  },
  needs: (context) => {
    const { stage } = context;
    const draws = (stage.total ?? 0) > 0 && stage.unit !== 'impression';
    return draws ? keyNeeds(context, groupKey(stage, sampleRoles(context)), 'empty-groups') : [];
  },
  comparesNothing: nothingIn('empty-groups', ({ alone, orphans }) => noRows(alone.rows, orphans.rows)),
  *check(context): Iterable<Report> {
    const { facts, stage, options } = context;
    const answer = facts.answer({ kind: 'empty-groups', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    const { alone, orphans, examples } = answer.value;
    const at = samplePathKey(stage.name);
    if (exceeds(orphans, options.max))
      yield {
        at,
        message: message('{0} of {1} groups lack their positive', orphans.hits, orphans.rows),
        details: [message('Limit: {0} of the groups.', percent(options.max)), ...exampleRows(examples)],
      };
    if (exceeds(alone, options.max))
      yield {
        at,
        message: message('{0} of {1} groups have no negatives', alone.hits, alone.rows),
        details: [message('Limit: {0} of the groups.', percent(options.max)), ...exampleRows(examples)],
        ...(mayBeShort(context) ? { severity: 'info' } : {}),
      };
  },
  docs: {
    summary: 'Groups have no negatives, or lack their positive',
    why: `A positive without negatives teaches nothing with a softmax or a pairwise loss, and pushes every score up with a
pointwise loss. Negatives without their positive push down only. Both come from joins and filters after sampling, and
from lists that are empty for many groups.

The rule counts groups by user, positive item and request or time, or by request in the unit request. There, requests
without a click are normal, so it counts only missing negatives. It reports a share if its lower 99 % bound is above
\`max\`; the bound is clustered by user.

If the mix has only lists and \`on_shortfall\` is not \`refill\`, the log decides how many groups have negatives. Then the
severity is info.`,
    source: 'The limit is our choice.',
    wrong: { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: groups(90) },
    right: { text: changed('recall') },
  },
});

/** True if groups may have no negatives although every entry is drawn as configured. */
function mayBeShort({ stage }: RuleContext): boolean {
  return (
    stage.draft.negatives?.on_shortfall !== 'refill' &&
    stage.entries.every(({ source }) => source !== undefined && source.draws === 'list')
  );
}
