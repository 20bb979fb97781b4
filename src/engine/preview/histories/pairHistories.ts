import type { Sequence } from '../../../core/data/sequences.ts';
import { isoTime } from '../../../core/sampling/isoTime.ts';
import { firstIndex, Histories, type LeftOut } from '../../../core/sampling/kernel/histories.ts';
import type { ItemLeftOut, LeftOutGroups, PairHistory } from '../../../core/sampling/shownHistories.ts';
import { requestKey, type UserSteps } from '../../../core/sampling/userHistories.ts';
import type { Groups } from '../../../core/sampling/world/world.ts';
import { f64At, valueAt } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { runInSlices } from '../../draw/runInSlices.ts';
import type { Sampling } from '../openSamplingData.ts';
import { cutOffsOf } from '../../sequences/cutOffs.ts';
import { shownSequences } from './shownHistories.ts';
import { loadSteps } from './userSteps.ts';

/**
 * For each sequence, the groups of a user that have an item in their history, and why others do not. Empty if there are
 * no groups.
 */
export async function pairHistories(
  { user, item }: { readonly user: string; readonly item: string },
  groups: Groups,
  sequences: readonly Sequence[],
  { data, sampled }: Sampling,
  work: Work,
): Promise<PairHistory[]> {
  if (groups.count === 0) return [];
  const histories: PairHistory[] = [];
  const shown = shownSequences(sequences);
  for (const [k, sequence] of sequences.entries()) {
    const cutOffs = await cutOffsOf(sampled, sequence, groups.readTime, work);
    const steps = (await loadSteps({ sampled, cache: data.steps }, sequence, [user], work))(user);
    const counted = await runInSlices(groupsWith(item, steps, sequence, groups, cutOffs), groups.count, work);
    histories.push({ sequence: valueAt(shown, k), groups: groups.count, ...counted });
  }
  return histories;
}

function* groupsWith(
  item: string,
  steps: UserSteps,
  sequence: Sequence,
  { time, readTime, requestText }: Groups,
  cutOffs: Float64Array,
): Generator<number, Pick<PairHistory, 'within' | 'leftOut'>, void> {
  const ofItem = [...steps.items.keys()].filter((step) => steps.items[step] === item);
  const histories = new Histories(steps, sequence);
  const leftOut: Partial<Record<ItemLeftOut, LeftOutGroups>> = {};
  let within = 0;
  for (const [group, cutOff] of cutOffs.entries()) {
    if (ofItem.length === 0) break;
    yield group;
    const row = { cutOff, readTime: f64At(readTime, group) };
    const history = histories.of(row);
    const own = requestKey(requestText[group] ?? null, row.readTime);
    const reasonOf = (step: number): LeftOut | null =>
      histories.reason(row, history, step, requestKey(steps.requests[step] ?? null, f64At(steps.time, step)) === own);
    // If a step of the item is in the history, its newest visible step is.
    const newest = ofItem[firstIndex(ofItem.length, (k) => valueAt(ofItem, k) >= history.visible) - 1];
    if (newest !== undefined && reasonOf(newest) === null) {
      within++;
      continue;
    }
    const isEarlier = (step: number): boolean => f64At(steps.time, step) < row.readTime;
    const earlier = firstIndex(ofItem.length, (k) => !isEarlier(valueAt(ofItem, k)));
    const step = ofItem[earlier - 1] ?? valueAt(ofItem, 0);
    const named = reasonOf(step) ?? 'repeated';
    const reason = named === 'afterCutOff' && !isEarlier(step) ? 'later' : named;
    const first = leftOut[reason]?.first ?? {
      time: isoTime(f64At(time, group)),
      requestTime: isoTime(row.readTime),
      cutOff: isoTime(cutOff),
      step: isoTime(f64At(steps.time, step)),
    };
    leftOut[reason] = { groups: (leftOut[reason]?.groups ?? 0) + 1, first };
  }
  return { within, leftOut };
}
