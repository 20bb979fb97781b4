import { stepColumnName, type Sequence } from '../../../core/data/sequences.ts';
import type { DrawnUser, PreviewGroup } from '../../../core/sampling/drawn.ts';
import type { ShownHistory, ShownSequence, ShownStep } from '../../../core/sampling/shownHistories.ts';
import { historiesOfRows, type ShownRow } from '../../../core/sampling/userHistories.ts';
import type { Groups } from '../../../core/sampling/world/world.ts';
import { f64At, u32At, valueAt } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { runInSlices } from '../../draw/runInSlices.ts';
import type { LoadedBlock } from '../../groups/block.ts';
import type { Sampling } from '../openSamplingData.ts';
import { cutOffsOf } from '../../sequences/cutOffs.ts';
import { loadSteps, valueColumns } from './userSteps.ts';

/** A drawn user with the steps that its histories refer to, by sequence. */
export type UserWithSteps = DrawnUser & { readonly steps?: readonly (readonly ShownStep[])[] };

/** Adds the histories of the shown groups. Without sequences, nothing changes. */
export async function withHistories(
  users: readonly DrawnUser[],
  { block: { groups } }: Pick<LoadedBlock, 'block'>,
  sequences: readonly Sequence[],
  { data, sampled }: Sampling,
  work: Work,
): Promise<readonly UserWithSteps[]> {
  if (sequences.length === 0) return users;
  const numbers = users.map((user, u) => numbersOf(user.groups, groups, u));
  const readTimes = Float64Array.from(numbers.flat(), (group) => f64At(groups.readTime, group));
  const ids = users.map(({ user }) => user);
  const shown: { readonly history: ShownHistory[]; readonly steps: ShownStep[] }[][] = users.map(() => []);
  for (const sequence of sequences) {
    const cutOffs = await cutOffsOf(sampled, sequence, readTimes, work);
    const stepsOf = await loadSteps({ sampled, cache: data.steps }, sequence, ids, work);
    let next = 0;
    for (const [u, user] of users.entries()) {
      const rows = user.groups.map((_, k): ShownRow => ({
        readTime: f64At(readTimes, next),
        cutOff: f64At(cutOffs, next++),
        request: groups.requestText[valueAt(valueAt(numbers, u), k)] ?? null,
      }));
      const histories = historiesOfRows(stepsOf(user.user), sequence, rows);
      valueAt(shown, u).push(await runInSlices(histories, rows.length, work));
    }
  }
  return users.map((user, u) => ({
    ...user,
    steps: valueAt(shown, u).map(({ steps }) => steps),
    groups: user.groups.map((group, k) => ({
      ...group,
      histories: valueAt(shown, u).map(({ history }) => valueAt(history, k)),
    })),
  }));
}

/** The sequences as a preview names them. */
export function shownSequences(sequences: readonly Sequence[]): ShownSequence[] {
  return sequences.map((sequence) => ({
    name: sequence.name,
    ...(sequence.value === undefined ? {} : { value: sequence.value }),
    availableAfter: sequence.availableAfter,
    asOf: sequence.asOf,
    isNewestFirst: sequence.isNewestFirst,
    length: sequence.length,
    lookback: sequence.lookback,
    session: sequence.session,
    dedup: sequence.dedup,
    columns: valueColumns(sequence).map(stepColumnName),
  }));
}

/** The numbers of shown groups of user `u`. `downsample` may have dropped others. */
function numbersOf(shown: readonly PreviewGroup[], { offsets, keys }: Groups, u: number): number[] {
  let group = u32At(offsets, u);
  return shown.map(({ key }) => {
    while (keys[group] !== key) group++;
    return group++;
  });
}
