import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { u32At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { anyUnmatched, unmatchedWithin } from '../inputs/events/unmatchedSql.ts';
import { storedUsers, type StoredTables } from '../inputs/storedTables.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { microseconds } from '../inputs/world/within.ts';
import { distinctExcludes, excludingTime } from './distinctExcludes.ts';
import type { UserRange } from './userRanges.ts';

/** Events without an impression of a range of users, as columns, ordered by user. */
export interface UnmatchedColumns {
  /** By user of the range. */
  readonly offsets: Uint32Array;
  readonly item: Uint32Array;
  /** Infinity for an event without a time. */
  readonly time: Float64Array;
  /** By distinct `exclude`: 1 if the event excludes its item. */
  readonly excludes: readonly Uint8Array[];
}

/** Null if every event has an impression. */
export async function unmatchedColumns(
  { first, users }: UserRange,
  plan: StagePlan,
  world: LoadedWorld,
  stored: StoredTables,
  work: Work,
): Promise<UnmatchedColumns | null> {
  const unmatched = stored.unmatched();
  if (unmatched === null) return null;
  const { distinct } = distinctExcludes(plan);
  const excludes = distinct.map(
    (exclude, k) =>
      `${anyUnmatched(stored, exclude.events)} AND ${unmatchedWithin(excludingTime(exclude, world))} AS e${k}`,
  );
  const rows = await stored.tables.columnar(
    `SELECT user_number, number, coalesce(${microseconds('time')}, 'Infinity'::DOUBLE), ${['true', ...excludes].join(', ')}
      FROM (SELECT e.*, CAST(u.number - ${first} AS UINTEGER) AS user_number FROM ${unmatched} e JOIN ${storedUsers} u ON u."user" = e."user"
        WHERE u.number >= ${first} AND u.number < ${first + users.length}) ORDER BY user_number`,
    message('Reading the rows of the users'),
    work,
  );
  const owner = rows.unsigned(0);
  const offsets = new Uint32Array(users.length + 1);
  for (let row = 0, user = 0; user < users.length; user++) {
    while (row < owner.length && u32At(owner, row) === user) row++;
    offsets[user + 1] = row;
  }
  return {
    offsets,
    item: rows.unsigned(1),
    time: rows.numbers(2),
    excludes: distinct.map((_, k) => rows.flags(4 + k)),
  };
}
