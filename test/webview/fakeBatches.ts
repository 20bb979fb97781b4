import type { PreviewAnswer } from '../../src/protocol/preview.ts';
import type { InBatchGroup } from '../../src/core/sampling/drawn.ts';
import type { PreviewGroup } from '../../src/protocol/sampling.ts';

/**
 * The same draws for a config with in-batch negatives: batches of 1,024 whose most frequent items are those of the
 * rows.
 */
export function withBatches({ sampler, preview }: PreviewAnswer): PreviewAnswer {
  const users = preview.users.map((user) => ({
    ...user,
    groups: user.groups.map((group, k) => ({ ...group, inBatch: batchOf(group, k) })),
  }));
  const batches = users.flatMap(({ groups }) => groups.map(({ inBatch }) => inBatch));
  const sum = (of: (batch: InBatchGroup) => number): number => batches.reduce((all, batch) => all + of(batch), 0);
  const inBatch = {
    order: 'shuffled' as const,
    positives: 1_864_207,
    batches: 1821,
    negatives: sum(({ others, masked }) => others - masked),
    masked: sum(({ masked }) => masked),
    falseNegatives: sum(({ falseNegatives }) => falseNegatives),
    bins: preview.facts.bins.to.map((_, k) => 9000 - k * 80),
    distance: 0.485,
  };
  return {
    sampler: sampler.plan
      ? { ...sampler, plan: { ...sampler.plan, inBatch: { batchSize: 1024, maskSameItem: true } } }
      : sampler,
    preview: { ...preview, users, inBatch },
  };
}

function batchOf({ rows }: PreviewGroup, k: number): InBatchGroup {
  return {
    batch: (k * 977) % 1821,
    others: 1023,
    masked: k % 3 === 0 ? 14 : 0,
    distinct: 812,
    falseNegatives: k % 4 === 0 ? 3 : 0,
    items: rows.slice(1, 6).map(({ item }, place) => ({ item, count: 9 - place, logQ: -5.25 - place })),
  };
}
