import { message } from '../../../core/message/message.ts';
import { Batch, expectedInBatch, InBatch } from '../../../core/sampling/inBatch.ts';
import { isByDay } from '../../../core/sampling/placement.ts';
import type { PairInBatch } from '../../../core/sampling/drawn.ts';
import type { BatchPool, UserBlock } from '../../../core/sampling/world/world.ts';
import { f64At, u32At } from '../../../core/valueAt.ts';
import type { Columnar } from '../../database/columnar.ts';
import { cancelled } from '../../../core/queue/cancelled.ts';
import type { Work } from '../../database/connections.ts';
import type { Popularity } from '../../inputs/facts/bins.ts';
import { groupKey } from '../../inputs/facts/groupFacts.ts';
import { Kept } from '../../inputs/kept.ts';
import { MaterializedTable } from '../../inputs/materializedTable.ts';
import { byItem } from '../../inputs/world/counts.ts';
import { extractedCounts } from '../../inputs/world/extracted.ts';
import type { LoadedWorld } from '../../inputs/world/loadedWorld.ts';
import type { Batched, Batching } from './batching.ts';
import { batchPoolOf, needsBatchPool, trainBatching } from './batchPool.ts';
import { dropsShort, shortKey } from '../shortHistories.ts';
import { batchOrder, loadPositives, orderPositives } from './batchPositives.ts';

/** Most positives that are read at once, in complete batches. */
const MAX_POSITIVES = 500_000;
/** Number of cached results: those of a comparison, and the one shown before it. */
const MAX_ANSWERS = 3;

/** All positives that form batches. */
interface Positives {
  readonly count: number;
  /** Number of positives by item. */
  readonly times: Float64Array;
}

/**
 * The batches of a trainer that reads the file from its beginning: the positives of all users in the order of the file.
 * Plans without in-batch negatives load nothing. SQL computes the order, so memory only holds the batches of the chosen
 * users, a few at a time. Allows one call at a time.
 */
export class Batches {
  readonly #all = new MaterializedTable();
  readonly #order = new MaterializedTable();
  readonly #positives = new Kept<Positives>(4);
  readonly #answers = new Kept<InBatch>(MAX_ANSWERS);
  readonly #pools = new Kept<BatchPool>(4);

  /** @param storeShort stores the short histories of a plan with `min_steps` */
  constructor(private readonly storeShort: (batched: Batched, work: Work) => Promise<void>) {}

  /** In-batch facts of the groups of a block. `users`: the users of the block, as the caller named them. */
  async inBatch(
    batching: Batching,
    block: UserBlock,
    users: readonly string[],
    popularity: Popularity,
    work: Work,
  ): Promise<InBatch | null> {
    const { plan, world } = batching;
    const { inBatch } = plan;
    // An extract has no positives of other users.
    if (inBatch === null || batching.sampled.data.extract) return null;
    const key = JSON.stringify([orderKey(batching), inBatch, users, String(world.train.from), String(world.train.to)]);
    const known = this.#answers.peek(key);
    if (known) return known;
    const { count, times } = await this.#ordered(batching, work);
    const found = new InBatch({
      ...inBatch,
      order: batching.placement.order,
      positives: count,
      times,
      texts: world.items.texts,
      bins: { count: popularity.to.length, ofItem: popularity.ofItem },
    });
    const byBatch = await groupsByBatch(batching, block, inBatch.batchSize, work);
    await eachBatch(batching, [...byBatch.keys()], inBatch.batchSize, work, (batch) => {
      for (const [user, groups] of byBatch.get(batch.number) ?? []) found.add(batch, user, block.positiveItems, groups);
    });
    this.#answers.keep(key, found);
    return found;
  }

  /** Number of positives by item, which is the distribution of in-batch negatives. Equal `key` means equal numbers. */
  times(batching: Batching, work: Work): { readonly key: string; readonly load: () => Promise<Float64Array> } {
    return { key: orderKey(batching), load: async () => (await this.#ordered(batching, work)).times };
  }

  /** The world of a plan, with the train positives if its corrections need them. */
  async withPool(batching: Batching, work: Work): Promise<LoadedWorld> {
    const { plan, world } = batching;
    if (!needsBatchPool(plan)) return world;
    const { sampled } = batching;
    const { extract } = sampled.data;
    if (extract)
      return { ...world, batchPool: await extractedCounts(sampled, extract.batchItems, world.items.count, work) };
    const trained = trainBatching(batching);
    const batchPool = await this.#pools.get(orderKey(trained), async () =>
      batchPoolOf((await this.#ordered(trained, work)).times),
    );
    return { ...world, batchPool };
  }

  /** In-batch facts of an item and the user of a block. `item`: -1 for an unknown item. */
  async pair(batching: Batching, block: UserBlock, item: number, work: Work): Promise<PairInBatch | null> {
    const { inBatch } = batching.plan;
    if (inBatch === null) return null;
    const { batchSize, maskSameItem } = inBatch;
    const { count, times: timesOf } = await this.#ordered(batching, work);
    const times = item < 0 ? 0 : f64At(timesOf, item);
    const rows =
      item < 0
        ? null
        : await batching.sampled.tables.columnar(
            `SELECT CAST(rowid // ${batchSize} AS INTEGER) AS batch, CAST(count(*) AS DOUBLE) FROM ${batchOrder} WHERE number = ${item} GROUP BY batch`,
            making,
            work,
          );
    const inBatches = new Map(
      rows ? [...rows.unsigned(0)].map((batch, row) => [batch, f64At(rows.numbers(1), row)]) : [],
    );
    let [groups, drawn, expected] = [0, 0, 0];
    for (const [batch, users] of await groupsByBatch(batching, block, batchSize, work)) {
      for (const one of users.values()) {
        for (const group of one) {
          const own = group.item === item;
          if (own && maskSameItem) continue;
          const there = (inBatches.get(batch) ?? 0) - (own ? 1 : 0);
          if (there > 0) groups++;
          drawn += there;
          expected += expectedInBatch(times - (own ? 1 : 0), count, batchSize);
        }
      }
    }
    return { order: batching.placement.order, times, positives: count, groups, drawn, expected };
  }

  async #ordered(batching: Batching, work: Work): Promise<Positives> {
    const { sampled, world } = batching;
    const key = orderKey(batching);
    await this.#order.ensure(key, async () => {
      await this.#all.ensure(positivesKey(batching), async () => {
        if (dropsShort(batching.plan)) await this.storeShort(batching, work);
        await loadPositives(batching, isByDay(batching.placement), work);
      });
      await orderPositives(batching, work);
    });
    return await this.#positives.get(key, async () => {
      const rows = await sampled.tables.columnar(
        `SELECT number, CAST(count(*) AS DOUBLE) FROM ${batchOrder} GROUP BY number`,
        making,
        work,
      );
      const counts = rows.numbers(1);
      return {
        count: counts.reduce((sum, one) => sum + one, 0),
        times: byItem(rows.unsigned(0), counts, world.items.count),
      };
    });
  }
}

const making = message('Making the batches');

function positivesKey(batching: Batching): string {
  const { sampled, plan, world } = batching;
  return JSON.stringify([
    groupKey(sampled, plan, world),
    isByDay(batching.placement),
    plan.positives.events.map(({ name }) => name),
    plan.positives.maxPerUserPerDay,
    dropsShort(plan) ? shortKey(sampled, plan.positives.minSteps) : null,
    // Evaluation data has the frequencies of the training window.
    plan.positives.hotThreshold === null ? null : [String(world.train.from), String(world.train.to)],
  ]);
}

function orderKey(batching: Batching): string {
  const {
    stage,
    seed,
    epoch,
    positives: { hotThreshold, maxPerUserPerDay },
  } = batching.plan;
  const { order } = batching.placement;
  return JSON.stringify([positivesKey(batching), order, stage, seed, epoch, hotThreshold, maxPerUserPerDay]);
}

/** The groups of a block by batch number, then by user. */
async function groupsByBatch(
  { sampled }: Batching,
  { groups, users }: UserBlock,
  batchSize: number,
  work: Work,
): Promise<Map<number, Map<number, { group: number; item: number }[]>>> {
  const { keyWords, offsets, positives } = groups;
  const byBatch = new Map<number, Map<number, { group: number; item: number }[]>>();
  if (groups.count === 0) return byBatch;
  const first = Array.from({ length: groups.count }, (_, g) => u32At(keyWords, 2 * g));
  const rows = await sampled.tables.columnar(
    `SELECT CAST(rowid // ${batchSize} AS INTEGER), k0, k1 FROM ${batchOrder} WHERE k0 IN (${[...new Set(first)].join(', ')})`,
    making,
    work,
  );
  const batchOf = batchByWords(rows);
  for (let user = 0; user < users.length; user++) {
    for (let group = u32At(offsets, user); group < u32At(offsets, user + 1); group++) {
      const batch = batchOf.get(wordsText(u32At(keyWords, 2 * group), u32At(keyWords, 2 * group + 1)));
      if (batch === undefined) throw new Error(`the group ${JSON.stringify(groups.keys[group])} is in no batch`);
      const ofBatch = byBatch.get(batch) ?? new Map<number, { group: number; item: number }[]>();
      const own = ofBatch.get(user) ?? [];
      own.push({ group, item: u32At(positives.items, u32At(positives.offsets, group)) });
      byBatch.set(batch, ofBatch.set(user, own));
    }
  }
  return byBatch;
}

/** Batch number by words. Different keys with equal words (64 bits of a hash) are treated as one. */
function batchByWords(rows: Columnar): Map<string, number> {
  const [batches, k0, k1] = [rows.unsigned(0), rows.unsigned(1), rows.unsigned(2)];
  return new Map(Array.from(batches, (batch, row) => [wordsText(u32At(k0, row), u32At(k1, row)), batch]));
}

const wordsText = (k0: number, k1: number): string => `${k0} ${k1}`;

/** Reads batches, a few at a time. */
async function eachBatch(
  { sampled }: Batching,
  numbers: readonly number[],
  batchSize: number,
  work: Work,
  take: (batch: Batch) => void,
): Promise<void> {
  const atOnce = Math.max(1, Math.floor(MAX_POSITIVES / batchSize));
  for (let from = 0; from < numbers.length; from += atOnce) {
    const rows = await sampled.tables.columnar(
      `SELECT CAST(rowid // ${batchSize} AS INTEGER) AS batch, number, CAST(count(*) AS UINTEGER) FROM ${batchOrder}
        WHERE rowid // ${batchSize} IN (${numbers.slice(from, from + atOnce).join(', ')}) GROUP BY batch, number ORDER BY batch, number`,
      making,
      work,
    );
    if (work.signal?.aborted) throw cancelled();
    const [batches, items, counts] = [rows.unsigned(0), rows.unsigned(1), rows.unsigned(2)];
    for (let start = 0, end = 0; start < rows.rows; start = end) {
      while (end < rows.rows && batches[end] === batches[start]) end++;
      take(new Batch(u32At(batches, start), items.subarray(start, end), counts.subarray(start, end)));
    }
  }
}
