import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { dailyCount } from '../../core/source/options.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { SerialQueue } from '../../core/queue/serialQueue.ts';
import { Batches } from '../groups/batches/batches.ts';
import { blockOf, type LoadedBlock } from '../groups/block.ts';
import { PastItems } from '../groups/history/pastItems.ts';
import { Facts } from '../inputs/facts/facts.ts';
import { Kept } from '../inputs/kept.ts';
import { MaterializedTable } from '../inputs/materializedTable.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { StepsCache } from './histories/userSteps.ts';
import { SourceCache } from './passed/sourceCache.ts';
import { shortHistoriesOf, storeShortHistories } from '../sequences/shortHistories.ts';
import { loadUsers } from '../inputs/users/loadUsers.ts';
import { rowCount, type UserRows } from '../inputs/users/userRows.ts';
import { Worlds, type LoadedWorld } from '../inputs/world/loadedWorld.ts';

/** Most rows of users that are cached, about 100 bytes each. */
const MAX_ROWS = 2_000_000;

/** Number of cached blocks: those of a comparison, and the one shown before it. */
const MAX_BLOCKS = 3;

/** The data sets of a config, open together, with what was read from them. Runs one task at a time. */
export class SampledData {
  readonly queue = new SerialQueue();
  readonly worlds = new Worlds();
  /** Tracks the plan to which the table of users belongs. */
  readonly userTable = new MaterializedTable();
  readonly batches = new Batches(async ({ sampled, plan, world }, work) => {
    await storeShortHistories(sampled, plan, world, work);
  });
  readonly facts = new Facts(this.worlds, (input, work) => this.batches.remaining(input, work));
  /** Rows that copied columns of earlier previews came from. */
  readonly passed = new SourceCache();
  /** Steps of the users of earlier previews. */
  readonly steps = new StepsCache();
  /** Numbers of events without a time; see `untimedSteps`. */
  readonly untimed = new Kept<number>(64);
  readonly #blocks = new Kept<LoadedBlock>(MAX_BLOCKS);
  readonly #users = new Kept<UserRows>(MAX_ROWS, (rows) => rowCount(rows) + 1);

  constructor(readonly tables: Tables) {}

  /** The rows of users. Only unknown users are read. */
  async users(sampled: SampledTables, users: readonly string[], work: Work): Promise<UserRows[]> {
    // The plan decides which events the rows contain.
    const key = (user: string): string => JSON.stringify([user, sampled.data.log.events]);
    const known = new Map(users.map((user) => [user, this.#users.peek(key(user))]));
    const missing = [...known].flatMap(([user, rows]) => (rows ? [] : [user]));
    const loaded = missing.length === 0 ? [] : await loadUsers(sampled, missing, work);
    for (const rows of loaded) {
      known.set(rows.user, rows);
      this.#users.keep(key(rows.user), rows);
    }
    return users.flatMap((user) => known.get(user) ?? []);
  }

  /**
   * The block of users. Plans that differ only in amounts share one block.
   * @param exposures whether the exposures of drawn rows are needed
   */
  async block(
    sampled: SampledTables,
    plan: StagePlan,
    world: LoadedWorld,
    users: readonly string[],
    work: Work,
    exposures = false,
  ): Promise<LoadedBlock> {
    return await this.#blocks.get(`${blockKey(sampled, plan, users)} ${exposures}`, async () => {
      const rows = await this.users(sampled, users, work);
      const past = await PastItems.load(sampled, plan, world, users, work);
      return blockOf(plan, world, rows, {
        past,
        short: await shortHistoriesOf(users, sampled, plan, world, work),
        hot: await this.facts.hot(sampled, plan, world, work),
        candidates: sampled.data.candidates !== undefined,
        kind: sampled.userKind(),
        exposures,
      });
    });
  }

  async close(): Promise<void> {
    await this.queue.ended();
    await this.tables.close();
  }
}

/** Everything that a block depends on besides the data. For pools, this is which pool a user draws from. */
function blockKey(
  {
    data: {
      log: { events },
    },
  }: SampledTables,
  plan: StagePlan,
  users: readonly string[],
): string {
  const { unit, split, window, positives, exposures, entries, stage, seed, epoch, teacher, outcomes } = plan;
  const keyed = positives.hotThreshold !== null || positives.maxPerUserPerDay !== null ? [stage, seed, epoch] : null;
  return JSON.stringify([
    users,
    events,
    unit,
    split,
    window,
    positives,
    exposures,
    teacher,
    outcomes,
    keyed,
    entries.map(({ exclude, draws }) => [
      exclude,
      draws.kind === 'list' || draws.partition?.by === 'user' || dailyCount({ draws }) !== null ? draws : null,
    ]),
  ]);
}
