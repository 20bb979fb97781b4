import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { quotaColumn } from '../groups/quotas.ts';
import { filledOf } from './drawnGroups.ts';
import type { Script } from '../script.ts';
import { added, cast, col, concatenated, fn, int, sql, sum, text, when } from '../../relation/expression.ts';
import { from, select } from '../../relation/relation.ts';
import type { Expression } from '../../relation/tree.ts';

/**
 * With `on_shortfall: fail`: ends the job if an entry has fewer rows than requested, before a row of the result is
 * written. The error names the entries with their counts.
 */
export function addShortfallCheck(script: Script, { entries, onShortfall }: StagePlan): void {
  if (onShortfall !== 'fail' || entries.length === 0) return;
  const or0 = (value: Expression): Expression => fn('coalesce', value, int(0));
  const columns = entries.flatMap((_, k) => {
    const quota = col(quotaColumn(k), 'g');
    const missing = sql`${quota} - ${col(filledOf(k), 'g')}`;
    return [
      [`asked_${k}`, or0(sum(quota))],
      [`missing_${k}`, or0(sum(missing))],
      [`groups_${k}`, fn('count', when([[sql`${missing} > ${int(0)}`, int(1)]]))],
    ] as const;
  });
  const counted = select(columns, from('drawn_groups', 'g'));
  const count = (name: string): Expression => cast(col(name), 'STRING');
  const texts = entries.map(({ name }, k) =>
    when(
      [
        [
          sql`${col(`missing_${k}`)} > ${int(0)}`,
          concatenated(
            text(`${name} lacks `),
            count(`missing_${k}`),
            text(' of '),
            count(`asked_${k}`),
            text(' rows, in '),
            count(`groups_${k}`),
            text(' groups. '),
          ),
        ],
      ],
      text(''),
    ),
  );
  script.check(
    'check_shortfalls',
    select(
      [
        ['wrong', added(...entries.map((_, k) => col(`missing_${k}`)))],
        ['example', concatenated(...texts)],
      ],
      counted,
    ),
    'shortfalls, and on_shortfall is fail: ',
    'on_shortfall: fail. No row of the result is written.',
  );
}
