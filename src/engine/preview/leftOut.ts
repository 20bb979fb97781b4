import type { LeftOut } from '../../core/sampling/answers.ts';
import { isoTime } from '../../core/sampling/isoTime.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { DroppedPositive } from '../groups/group.ts';

/** What an answer says of the chosen positives that `min_steps` leaves out. */
export function leftOutOf(
  { positives: { minSteps = [] } }: Pick<StagePlan, 'positives'>,
  dropped: readonly DroppedPositive[],
  isChosen: (positive: DroppedPositive) => boolean = () => true,
): { readonly leftOut?: LeftOut } {
  const chosen = dropped.filter(isChosen);
  const [first] = chosen.sort((a, b) => a.time - b.time);
  if (!first) return {};
  const { name, length } = valueAt(minSteps, first.sequence);
  const history = { time: isoTime(first.time), sequence: name, steps: first.steps, required: length };
  return { leftOut: { groups: chosen.length, ...history } };
}
