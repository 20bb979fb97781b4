import { probe, type TrialGroups, type TrialLoss } from '../../src/core/trial/probe.ts';
import { u32At } from '../../src/core/valueAt.ts';

/** Scores minus corrections, and what the loss of the group says about them. */
export interface GroupLoss {
  readonly loss: number;
  readonly gradients: readonly number[];
}

/** The loss of a group and its gradient by each score. The first is that of the positive. */
export function groupLoss(loss: TrialLoss, scores: readonly number[]): GroupLoss {
  const [positive = 0, ...negatives] = scores;
  if (loss === 'pairwise') {
    const gradients = negatives.map((score) => 1 / (1 + Math.exp(positive - score)) / negatives.length);
    const sum = negatives.reduce((upTo, score) => upTo + Math.log1p(Math.exp(score - positive)), 0);
    return {
      loss: sum / negatives.length,
      gradients: [-gradients.reduce((upTo, one) => upTo + one, 0), ...gradients],
    };
  }
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((upTo, one) => upTo + one, 0);
  return {
    loss: Math.log(sum) + most - positive,
    gradients: powers.map((power, k) => power / sum - (k === 0 ? 1 : 0)),
  };
}

/** The kernel of the probe in plain TypeScript. */
export class ProbeTwin {
  readonly userSums: Float32Array;
  readonly itemSums: Float32Array;

  constructor(
    readonly users: Float32Array,
    readonly items: Float32Array,
    private readonly groups: TrialGroups,
    private readonly loss: TrialLoss,
    private readonly inBatch: { readonly size: number; readonly maskSameItem: boolean } | null,
  ) {
    this.userSums = new Float32Array(users.length / probe.dimensions).fill(probe.initialSum);
    this.itemSums = new Float32Array(items.length / probe.dimensions).fill(probe.initialSum);
  }

  /** Trains on all groups in this order. @returns the sum of the losses */
  epoch(order: Uint32Array): number {
    let sum = 0;
    order.forEach((group, place) => {
      const { items, corrections } = this.#candidates(order, group, place);
      if (items.length >= 2) sum += this.#train(group, items, corrections);
    });
    return sum;
  }

  #candidates(order: Uint32Array, group: number, place: number): { items: number[]; corrections: number[] } {
    const { offsets, candidates, corrections, batchCorrections } = this.groups;
    const [from, to] = [u32At(offsets, group), u32At(offsets, group + 1)];
    const all = {
      items: [...candidates.subarray(from, to)],
      corrections: Array.from({ length: to - from }, (_, k) => corrections?.[from + k] ?? 0),
    };
    if (this.inBatch === null) return all;
    const start = place - (place % this.inBatch.size);
    order.slice(start, start + this.inBatch.size).forEach((other) => {
      const item = u32At(candidates, u32At(offsets, other));
      if (other === group || (this.inBatch?.maskSameItem === true && item === candidates[from])) return;
      all.items.push(item);
      all.corrections.push(batchCorrections?.[other] ?? 0);
    });
    return all;
  }

  #train(group: number, items: readonly number[], corrections: readonly number[]): number {
    const p = row(this.users, u32At(this.groups.users, group));
    const scores = items.map((item, k) => dot(p, row(this.items, item)) - (corrections[k] ?? 0));
    const { loss, gradients } = groupLoss(this.loss, scores);
    const mean = dot(p, p) / probe.dimensions;
    const before = p.slice();
    const ofUser = new Float64Array(probe.dimensions);
    items.forEach((item, k) => {
      const gradient = (gradients[k] ?? 0) * (this.groups.weights?.[group] ?? 1);
      const q = row(this.items, item);
      this.itemSums[item] = (this.itemSums[item] ?? 0) + gradient * gradient * mean;
      const step = (probe.learningRate * gradient) / Math.sqrt(this.itemSums[item]);
      q.forEach((old, d) => {
        ofUser[d] = (ofUser[d] ?? 0) + gradient * old;
        q[d] = old - step * (before[d] ?? 0);
      });
    });
    const user = u32At(this.groups.users, group);
    this.userSums[user] = (this.userSums[user] ?? 0) + dot(ofUser, ofUser) / probe.dimensions;
    const step = probe.learningRate / Math.sqrt(this.userSums[user]);
    p.forEach((old, d) => {
      p[d] = old - step * (ofUser[d] ?? 0);
    });
    return loss;
  }
}

function row(vectors: Float32Array, number: number): Float32Array {
  return vectors.subarray(probe.dimensions * number, probe.dimensions * (number + 1));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}
