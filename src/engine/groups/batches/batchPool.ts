import { message } from '../../../core/message/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { BatchPool } from '../../../core/sampling/world/world.ts';
import type { Work } from '../../database/connections.ts';
import { positiveSql } from '../../inputs/positiveSql.ts';
import { itemNumbers } from '../../inputs/sampledTables.ts';
import { byItem } from '../../inputs/world/counts.ts';
import type { Batched } from './batching.ts';
import { dropsShort } from '../shortHistories.ts';
import { keptSql, loadPositives } from './batchPositives.ts';

/** True if the corrections of a plan need the positives of its batches. */
export function needsBatchPool({ logq, inBatch }: StagePlan): boolean {
  return logq !== undefined && inBatch !== null;
}

/** The batches that the trainer forms, whatever the split: an eval file is corrected for what the trainer drew. */
export function trainBatching<T extends Batched>(batching: T): T {
  const { plan, world } = batching;
  if (plan.split === 'train') return batching;
  return {
    ...batching,
    plan: { ...plan, split: 'train', positives: { ...plan.positives, ...plan.trainPositives } },
    world: { ...world, split: world.train, knownUntil: world.train.to },
  };
}

/** The pool of positives with these numbers by item. */
export function batchPoolOf(counts: Float64Array): BatchPool {
  let [positives, items] = [0, 0];
  for (const count of counts) {
    positives += count;
    if (count > 0) items++;
  }
  return { counts, positives, items };
}

/** Counts the train positives of a plan by item, after `downsample_hot`, the cap and `min_steps`, without their order. */
export async function loadBatchPool(batching: Batched, work: Work): Promise<BatchPool> {
  const { sampled, plan, world } = trainBatching(batching);
  const { hotThreshold, maxPerUserPerDay } = plan.positives;
  const areAllKept = hotThreshold === null && maxPerUserPerDay === null && !dropsShort(plan);
  if (!areAllKept) await loadPositives({ sampled, plan, world }, false, work);
  const kept = areAllKept
    ? `SELECT n.number AS number FROM (${positiveSql(sampled, plan, world)}) p JOIN ${itemNumbers} n ON n.item = p.item`
    : keptSql(sampled, plan, world);
  const rows = await sampled.tables.columnar(
    `SELECT number, CAST(count(*) AS DOUBLE) FROM (${kept}) GROUP BY number`,
    message('Reading the positives'),
    work,
  );
  return batchPoolOf(byItem(rows.unsigned(0), rows.numbers(1), world.items.count));
}
