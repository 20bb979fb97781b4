import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { EntryPools, UserBlock } from '../../../core/sampling/world/world.ts';
import { idOrder } from '../inputs/idOrder.ts';
import type { UserRows } from '../inputs/users/userRows.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { chosenOf, excludedOf } from './excluded.ts';
import { emptyTally, groupsOf, type Grouping, type MakeGroups, type Origins, type Tally } from './group.ts';
import { impressionGroups } from './impressionGroups.ts';
import { NO_EVENT } from './noEvent.ts';
import { JudgedLog } from './judgedLog.ts';
import { listsOf } from './lists.ts';
import { OwnExposures } from './ownExposures.ts';
import { positiveGroups } from './positiveGroups.ts';
import { requestGroups } from './requestGroups.ts';
import { TeacherValues } from './teacherValues.ts';
import { Requests } from './requests.ts';

const units: { readonly [U in StagePlan['unit']]: MakeGroups } = {
  positive: positiveGroups,
  request: requestGroups,
  impression: impressionGroups,
};

/** A block, and what the user must know about how it was built. */
export interface LoadedBlock {
  readonly block: UserBlock;
  readonly origins: Origins;
  /** Null if the stage has no teacher. */
  readonly teacher: TeacherValues | null;
  /** By user of the block. */
  readonly users: readonly UserFigures[];
  readonly tally: Tally;
  /** By entry: number of users with the overall pool, because there is no pool for their attribute value. */
  readonly standIns: readonly number[];
}
export interface UserFigures {
  readonly known: boolean;
  /** Impressions in the window of the split; `chosen` counts those with a positive event. */
  readonly shown: number;
  readonly chosen: number;
}

export interface Blocking extends Pick<Grouping, 'hot' | 'candidates'> {
  /** How user ids compare. */
  readonly kind: 'integer' | 'string';
  /** Whether the exposures of drawn rows are needed. */
  readonly exposures?: boolean;
}

/**
 * The rows of some users in the form that a sampler needs. The result for a user does not depend on the other users.
 */
export function blockOf(
  plan: StagePlan,
  world: LoadedWorld,
  users: readonly UserRows[],
  { hot, candidates, kind, exposures = false }: Blocking,
): LoadedBlock {
  const order = idOrder(kind);
  const sorted = [...users].sort((a, b) => order(a.user, b.user));
  const logs = sorted.map((rows) => new JudgedLog(rows, plan, world));
  const requests = new Requests();
  const tally = emptyTally();
  const { groups, origins } = groupsOf(
    logs.map((log, user) => units[plan.unit](log, user, { plan, world, requests, hot, candidates, tally })),
  );
  const pools = plan.entries.map((entry, k) => poolOfUser(entry.draws, world.pools[k], sorted));
  const block: UserBlock = {
    users: sorted.map(({ user }) => user),
    poolOfUser: pools.map((one) => one?.pools ?? null),
    groups,
    ...excludedOf(plan, logs, world),
    chosen: chosenOf(logs, world),
    lists: plan.entries.map((entry) => listsOf(entry, logs, requests, world)),
  };
  const ofLog = plan.teacher?.from === 'impressions';
  const drawn = plan.entries.map((entry) => (exposures || ofLog ? OwnExposures.of(entry, logs, requests) : null));
  return {
    block,
    origins: { ...origins, drawn },
    teacher: TeacherValues.of(plan, { logs, requests, world }),
    users: logs.map(figuresOf),
    tally,
    standIns: pools.map((one) => one?.standIns ?? 0),
  };
}

/** The pool of each user, for an entry whose pools depend on a user attribute. Null for other entries. */
export function poolOfUser(
  draws: StagePlan['entries'][number]['draws'],
  pools: EntryPools | undefined,
  users: readonly Pick<UserRows, 'attributes'>[],
): { readonly pools: Int32Array; readonly standIns: number } | null {
  if (draws.kind !== 'pool' || draws.partition?.by !== 'user') return null;
  const { attribute } = draws.partition;
  const numbers = new Map(pools?.pools.map(({ name }, k) => [name, k]));
  const own = Int32Array.from(users, ({ attributes }) => numbers.get(attributes[attribute] ?? null) ?? 0);
  return { pools: own, standIns: own.filter((pool) => pool === 0).length };
}

function figuresOf(log: JudgedLog): UserFigures {
  let [shown, chosen] = [0, 0];
  for (let row = 0; row < log.rows; row++) {
    if (!log.inSplit(row)) continue;
    shown++;
    if (log.event[row] !== NO_EVENT) chosen++;
  }
  return { known: log.rows > 0 || log.unmatched.rows > 0 || log.rowsOfUser.candidates.item.length > 0, shown, chosen };
}
