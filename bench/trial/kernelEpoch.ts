import { performance } from 'node:perf_hooks';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { ProbeModel } from '../../src/engine/trial/probeModel.ts';

/** Output of the process. */
export interface KernelTaken {
  /** Of each epoch, its order of groups included: by the clock, and of processors. */
  readonly epochs: readonly { readonly seconds: number; readonly cpuSeconds: number }[];
}

const EPOCHS = 3;

/** Trains groups of random users and items on one thread. Arguments: positives, negatives, users, items. */
const [positives = 0, negatives = 0, users = 0, items = 0] = process.argv.slice(2).map(Number);
const generator = new BulkGenerator('kernel epoch');
const wordsOf = (count: number): Uint32Array => Uint32Array.from({ length: 2 * count }, () => generator.word());
const width = negatives + 1;
const model = new ProbeModel(
  {
    count: positives,
    users: Uint32Array.from({ length: positives }, () => generator.integerBelow(users)),
    words: wordsOf(positives),
    offsets: Uint32Array.from({ length: positives + 1 }, (_, k) => k * width),
    candidates: Uint32Array.from({ length: positives * width }, () => generator.integerBelow(items)),
    corrections: null,
    batchCorrections: null,
    weights: null,
  },
  { seed: 'kernel epoch', loss: 'sampled_softmax', inBatch: null },
  wordsOf(users),
  wordsOf(items),
);
// Before the clock: the first groups compile the kernel.
model.startEpoch(1);
model.train(0, Math.min(positives, 1000));
const epochs = Array.from({ length: EPOCHS }, (_, epoch) => {
  const [started, used] = [performance.now(), process.cpuUsage()];
  model.startEpoch(epoch + 2);
  model.train(0, positives);
  const { user, system } = process.cpuUsage(used);
  return { seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 };
});
const result: KernelTaken = { epochs };
process.stdout.write(JSON.stringify(result));
