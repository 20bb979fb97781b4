import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { keySeparator, separatorFailure } from '../../core/sampling/key.ts';
import { f64At, u32At, u8At } from '../../core/valueAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { emptyTally, type Tally } from './group.ts';
import { ExposureState, type LogColumns } from './logColumns.ts';
import { NO_EVENT } from './noEvent.ts';

/** The exposures of users that are groups. */
export interface ExposureRows {
  /** Ordered by user, then time, then key, then event. */
  readonly rows: Uint32Array;
  readonly keep: Float64Array;
  /** Groups of each user. */
  readonly offsets: Uint32Array;
  readonly tally: Tally;
  /** Keys of groups, without their user. Missing if no other group of the user has the same time. */
  readonly keys: readonly string[];
}

/**
 * Selects the exposures that become groups of the unit impression, by the rules of `impressionGroups`.
 * @param users offsets of their rows
 * @throws FailureError if a position contains the separator of keys
 */
export function exposureRows({ items }: Pick<LoadedWorld, 'items'>, log: LogColumns, users: Uint32Array): ExposureRows {
  const { state, time, event } = log;
  const tally = emptyTally();
  const rows = new Uint32Array(state.length);
  const offsets = new Uint32Array(users.length);
  const keys: string[] = [];
  const keyOf = (row: number): string =>
    [items.texts.textOf(u32At(log.item, row)), String(f64At(time, row)), log.request(row), log.position(row)].join(
      keySeparator,
    );
  let count = 0;
  for (let user = 0; user + 1 < users.length; user++) {
    let tied = count;
    for (let row = u32At(users, user); row < u32At(users, user + 1); row++) {
      const rowState = u8At(state, row);
      if (rowState === ExposureState.separator) throw separatorFailure(log.position(row) ?? '');
      if (rowState === ExposureState.unseen) tally.unseen++;
      if (rowState === ExposureState.immature) tally.immature++;
      if (rowState !== ExposureState.group) continue;
      if (count > tied && time[row] !== time[u32At(rows, tied)]) {
        sortTied(tied);
        tied = count;
      }
      rows[count++] = row;
    }
    sortTied(tied);
    offsets[user + 1] = count;
  }
  return { rows: rows.subarray(0, count), keep: new Float64Array(count).fill(NaN), offsets, tally, keys };

  /** Orders the newest groups, from the one with the number `first`: they have one user and one time. */
  function sortTied(first: number): void {
    if (count - first < 2) return;
    const groups = Array.from(rows.subarray(first, count), (row) => ({ row, key: keyOf(row) }));
    groups.sort((a, b) => compareTexts(a.key, b.key) || a.row - b.row);
    groups.forEach(({ row, key }, k) => {
      const before = groups[k - 1];
      if (before?.key !== key) return;
      tally.repeated++;
      if ((event[before.row] === NO_EVENT) !== (event[row] === NO_EVENT)) tally.contradictory++;
    });
    groups.sort((a, b) => compareTexts(a.key, b.key) || u8At(event, a.row) - u8At(event, b.row) || a.row - b.row);
    groups.forEach(({ row, key }, k) => {
      rows[first + k] = row;
      keys[first + k] = key;
    });
  }
}
