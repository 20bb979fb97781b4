import { grown } from '../../core/sampling/kernel/grown.ts';
import type { DrawnRows, RowCounts } from '../../core/sampling/kernel/rowCounts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { UserBlock } from '../../core/sampling/world/world.ts';
import { missingOf } from '../../core/sampling/requested.ts';
import type { TrialGroups, TrialLoss } from '../../core/trial/probe.ts';
import { f64At, u32At, valueAt } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import { emptyTally } from '../groups/group.ts';
import { drawerOf, refuseShortfall } from '../write/drawAll.ts';
import { batches, begun, blocks, type BlockSource } from '../write/drawBatches.ts';
import { idsOf } from '../inputs/ids.ts';

/** The groups of one run, and what was left out. */
export interface DrawnGroups {
  readonly groups: TrialGroups;
  readonly rows: number;
  readonly shortfall: number;
  readonly withoutRows: number;
  readonly withoutLogQ: number;
}

/** Draws the rows of a plan, as for a sample file, and keeps them in memory as groups to train on. */
export async function drawGroups(
  source: BlockSource,
  loss: TrialLoss,
  options: DatasetOptions,
  work: Work,
): Promise<DrawnGroups> {
  const { plan, world } = source;
  const first = begun(0, source);
  const { texts, sqlType } = world.items;
  const drawer = drawerOf(plan, { ...source, ids: { items: idsOf(texts, sqlType) } }, null, options);
  try {
    const collector = new GroupCollector({
      isCorrected: plan.logq !== undefined && loss === 'sampled_softmax',
      isInBatch: plan.inBatch !== null,
    });
    const standIns = plan.entries.map(() => 0);
    for await (const { rows, made, range } of batches(blocks(source, first, emptyTally(), standIns), drawer, plan)) {
      if (work.signal?.aborted) throw cancelled();
      refuseShortfall(plan, made, rows);
      collector.add(rows, made.block, range.first);
    }
    const { counts } = await drawer.totals();
    return { ...collector.result(), shortfall: missing(plan, counts) };
  } finally {
    await drawer.close();
  }
}

/**
 * Rows that the entries were asked for and that none could draw. The rows that other entries miss were asked of
 * `refillFrom` too.
 */
function missing({ refillFrom }: StagePlan, { entries }: RowCounts): number {
  const last = refillFrom === null ? entries : [valueAt(entries, refillFrom)];
  return last.reduce((sum, entry) => sum + missingOf(entry), 0);
}

/** Turns rows into groups whose first candidate is the positive. */
class GroupCollector {
  #groups = 0;
  #candidates = 0;
  #withoutRows = 0;
  #withoutLogQ = 0;
  #users = new Uint32Array(1024);
  #words = new Uint32Array(2048);
  #offsets = new Uint32Array(1024);
  #weights = new Float64Array(1024);
  #batch = new Float32Array(1024);
  #items = new Uint32Array(4096);
  #corrections = new Float32Array(4096);

  constructor(private readonly kind: { readonly isCorrected: boolean; readonly isInBatch: boolean }) {}

  /** @param firstUser number of the first user of the block */
  add(rows: DrawnRows, { groups }: UserBlock, firstUser: number): void {
    let user = 0;
    for (let from = 0, to = 0; from < rows.count; from = to) {
      const group = u32At(rows.group, from);
      while (to < rows.count && rows.group[to] === group) to++;
      while (u32At(groups.offsets, user + 1) <= group) user++;
      this.#add(rows, from, to, firstUser + user, groups.keyWords.subarray(2 * group, 2 * group + 2));
    }
  }

  #add(rows: DrawnRows, from: number, to: number, user: number, words: Uint32Array): void {
    const { isCorrected, isInBatch } = this.kind;
    let positive = from;
    while (positive < to && rows.label[positive] !== 1) positive++;
    if (positive === to) return;
    if (to - from < 2 && !isInBatch) {
      this.#withoutRows++;
      return;
    }
    // Without them, the scores of the whole group, or of its batch, would not be numbers.
    const { correction, batchCorrection } = rows;
    if (
      isCorrected &&
      (Number.isNaN(f64At(correction, positive)) || (isInBatch && Number.isNaN(f64At(batchCorrection, positive))))
    ) {
      this.#withoutLogQ++;
      return;
    }
    const group = this.#groups++;
    this.#reserve(this.#candidates + to - from);
    this.#users[group] = user;
    this.#words.set(words, 2 * group);
    this.#offsets[group] = this.#candidates;
    this.#weights[group] = f64At(rows.weight, positive);
    if (isCorrected && isInBatch) this.#batch[group] = f64At(rows.batchCorrection, positive);
    this.#push(rows, positive);
    for (let row = from; row < to; row++) if (row !== positive) this.#push(rows, row);
  }

  #push({ item, correction }: DrawnRows, row: number): void {
    const at = this.#candidates++;
    this.#items[at] = u32At(item, row);
    if (this.kind.isCorrected) this.#corrections[at] = f64At(correction, row);
  }

  #reserve(candidates: number): void {
    if (this.#groups >= this.#users.length) {
      const length = this.#groups + 1;
      this.#users = grown(this.#users, length);
      this.#words = grown(this.#words, 2 * this.#users.length);
      this.#offsets = grown(this.#offsets, length);
      this.#weights = grown(this.#weights, length);
      this.#batch = grown(this.#batch, length);
    }
    if (candidates > this.#items.length) {
      this.#items = grown(this.#items, candidates);
      this.#corrections = grown(this.#corrections, candidates);
    }
  }

  result(): Omit<DrawnGroups, 'shortfall'> {
    const { isCorrected, isInBatch } = this.kind;
    const count = this.#groups;
    const offsets = new Uint32Array(count + 1);
    offsets.set(this.#offsets.subarray(0, count));
    offsets[count] = this.#candidates;
    return {
      groups: {
        count,
        users: this.#users.slice(0, count),
        words: this.#words.slice(0, 2 * count),
        offsets,
        candidates: this.#items.slice(0, this.#candidates),
        corrections: isCorrected ? this.#corrections.slice(0, this.#candidates) : null,
        batchCorrections: isCorrected && isInBatch ? this.#batch.slice(0, count) : null,
        weights: relativeWeights(this.#weights.subarray(0, count)),
      },
      rows: this.#candidates - count,
      withoutRows: this.#withoutRows,
      withoutLogQ: this.#withoutLogQ,
    };
  }
}

/** Weights over their mean; null if all are equal. */
function relativeWeights(weights: Float64Array): Float32Array | null {
  const [first = 1] = weights;
  if (weights.every((weight) => weight === first)) return null;
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return Float32Array.from(weights, (weight) => weight / mean);
}
