import { hashWords } from '../../core/sampling/words.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { u32At } from '../../core/valueAt.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { loadBatchPool, needsBatchPool } from '../groups/batches/batchPool.ts';
import { storedHistories, storeHistories } from '../groups/history/storeHistories.ts';
import { isColumnar } from '../groups/columnarBlock.ts';
import { emptyTally } from '../groups/group.ts';
import { userRanges, type UserRange } from '../groups/userRanges.ts';
import { kindOfIds, type Ids } from '../inputs/ids.ts';
import { Facts } from '../inputs/facts/facts.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { storedLog, StoredTables } from '../inputs/storedTables.ts';
import type { LoadedWorld, Worlds } from '../inputs/world/loadedWorld.ts';
import { storeShortOfFile } from '../sequences/shortHistories.ts';
import { begun, blocks, type BlockSource } from '../write/drawBatches.ts';

const BLOCK_ROWS = 200_000;

/** Distinct pairs of a user and an item, ascending. */
export interface UserPairs {
  readonly users: Uint32Array;
  readonly items: Uint32Array;
}

/** The data of a trial, read once for all arms and seeds. */
export class TrialData {
  readonly facts: Facts;

  private constructor(
    readonly sampled: SampledTables,
    readonly stored: StoredTables,
    readonly worlds: Worlds,
    /** True if the stored tables have all users. */
    private readonly isWhole: boolean,
    private readonly ranges: readonly UserRange[],
    /** Two words for each user. */
    readonly users: Uint32Array,
  ) {
    this.facts = new Facts(worlds);
  }

  /**
   * @param users exact text of ids; null: all
   * @param carried columns of the impressions that are stored too
   */
  static async load(
    sampled: SampledTables,
    worlds: Worlds,
    users: readonly string[] | null,
    carried: readonly string[],
    work: Work,
  ): Promise<TrialData> {
    const stored = await StoredTables.make(sampled, users, carried, work);
    const { ranges } = await userRanges(stored, BLOCK_ROWS, work);
    return new TrialData(sampled, stored, worlds, users === null, ranges, wordsOf(ranges));
  }

  get tables(): Tables {
    return this.sampled.tables;
  }

  /** Everything that a plan draws from. Equal plans get equal sources. */
  async source(plan: StagePlan, work: Work): Promise<BlockSource> {
    const { sampled, stored, worlds } = this;
    const loaded = await worlds.world(sampled, plan, work);
    await storeShortOfFile({ sampled, plan, world: loaded }, null, work);
    const world = needsBatchPool(plan)
      ? {
          ...loaded,
          batchPool: await loadBatchPool({ sampled: this.isWhole ? stored : sampled, plan, world: loaded }, work),
        }
      : loaded;
    const histories = await storeHistories(sampled, plan, world, work);
    // Blocks with long histories are as small as those of a sample file.
    const ranges =
      histories.length === 0 ? this.ranges : (await userRanges(stored, BLOCK_ROWS, work, [storedHistories])).ranges;
    return {
      plan,
      world,
      stored,
      ranges,
      ids: { requests: await this.#requests(plan, work) },
      grouping: {
        hot: await this.facts.hot(sampled, plan, world, work),
        candidates: sampled.data.candidates !== undefined,
        kind: stored.userKind(),
        exposures: false,
      },
      work: { ...(work.signal ? { signal: work.signal } : {}) },
    };
  }

  /** Distinct positives of the split of a plan, before it drops any of them. */
  async positives(plan: StagePlan, work: Work): Promise<UserPairs & { readonly world: LoadedWorld }> {
    const source = await this.source(withoutDraws(plan), work);
    const [users, items]: [number[], number[]] = [[], []];
    const standIns: number[] = [];
    for await (const { made, range } of blocks(source, begun(0, source), emptyTally(), standIns)) {
      const { groups } = made.block;
      for (let user = 0; user < made.block.users.length; user++) {
        const own = groups.positives.items.slice(u32At(groups.offsets, user), u32At(groups.offsets, user + 1)).sort();
        own.forEach((item, k) => {
          if (k > 0 && item === own[k - 1]) return;
          users.push(range.first + user);
          items.push(item);
        });
      }
    }
    return { users: Uint32Array.from(users), items: Uint32Array.from(items), world: source.world };
  }

  async #requests(plan: StagePlan, work: Work): Promise<Ids['kind']> {
    return isColumnar(plan, this.stored) && this.sampled.data.log.impressions.columns.request
      ? await kindOfIds(this.tables, storedLog, 'request', work)
      : 'text';
  }
}

/** The plan with the groups of all positives and no draws. */
function withoutDraws({ logq: _logq, outcomes: _outcomes, teacher: _teacher, ...plan }: StagePlan): StagePlan {
  const { minSteps: _minSteps, ...positives } = plan.positives;
  return {
    ...plan,
    positives: { ...positives, hotThreshold: null, maxPerUserPerDay: null, hasKeepProbability: false },
    amounts: { kind: 'counts' },
    entries: [],
    onShortfall: 'keep',
    refillFrom: null,
    inBatch: null,
  };
}

function wordsOf(ranges: readonly UserRange[]): Uint32Array {
  const count = ranges.reduce((sum, { users }) => sum + users.length, 0);
  const all = new Uint32Array(2 * count);
  for (const { first, users } of ranges) users.forEach((user, k) => all.set(hashWords(user), 2 * (first + k)));
  return all;
}
