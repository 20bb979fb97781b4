import { setImmediate } from 'node:timers/promises';
import { ChanceDivergence } from '../../../core/statistics/chanceDivergence.ts';
import { sumOf } from '../../../core/statistics/itemCounts.ts';
import { jsDivergence } from '../../../core/statistics/jsDivergence.ts';
import { concentration } from '../../../core/audit/metrics/concentration.ts';
import { inBatch } from '../../../core/audit/metrics/inBatch.ts';
import { coverage } from '../../../core/audit/metrics/coverage.ts';
import { divergence } from '../../../core/audit/metrics/divergence.ts';
import { popularity } from '../../../core/audit/metrics/popularity.ts';
import { psi } from '../../../core/audit/metrics/psi.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { attributeShares } from '../attributeShares.ts';
import { itemCounts } from '../itemCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting items');
/** With 19 random samples, a distance above all of them happens by chance in 1 of 20 cases. */
const samples = 19;
/** Larger inputs have fewer random samples, because each item is drawn in each of them. */
const drawnItems = 40e6;

/** The items of the sample and of its inputs, and every metric that compares their distributions. */
export const itemsPhase: Phase = {
  label,
  metrics: ['popularity', 'divergence', 'coverage', 'concentration', 'psi', 'in_batch'],
  needs: ['label'],
  async run(world, work) {
    const { counts, idAt, missingReason } = await itemCounts(world, work);
    const { input, inputName, negatives, entries } = counts;
    const batchSize = world.request.plan?.inBatch?.batchSize ?? null;
    const hits = inBatch.measure({ positives: counts.positives, batchSize });
    if (input === null || inputName === null) {
      const because = missingReason ?? message('it needs a config: give {0}', '--config');
      return {
        popularity: popularity.measure(counts),
        divergence: { because },
        coverage: { because },
        concentration: concentration.measure(counts),
        psi: { because },
        in_batch: hits,
      };
    }
    const compared = { popularity: counts.popularity, negatives, input, inputName };
    // What the config implies is computed in other threads during the draws by chance. `await expected` reports its
    // failure. If a draw fails, it is cancelled.
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, ...(work.signal ? [work.signal] : [])]);
    const expected = world.part === null ? world.expected({ ...work, signal }) : null;
    expected?.catch(() => undefined);
    const repeats = Math.floor(drawnItems / Math.max(1, input.length * (1 + entries.length)));
    try {
      const ofEntries = [];
      for (const { entry, negatives: own } of entries.length > 1 ? entries : [])
        ofEntries.push({
          entry,
          rows: sumOf(own),
          observed: jsDivergence(own, input),
          chance: await byChance(input, sumOf(own), repeats, work),
        });
      return {
        popularity: popularity.measure(counts),
        divergence: divergence.measure({
          observed: jsDivergence(negatives, input),
          chance: await byChance(input, sumOf(negatives), repeats, work),
          exposures: counts.exposures && inputName !== 'exposures' ? jsDivergence(counts.exposures, input) : null,
          entries: ofEntries,
          expected: await expected,
          inputName,
        }),
        coverage: coverage.measure({ ...compared, idAt }),
        concentration: concentration.measure(counts),
        psi: psi.measure({ ...compared, attributes: world.part === null ? await attributeShares(world, work) : [] }),
        in_batch: hits,
      };
    } finally {
      stop.abort();
    }
  },
};

async function byChance(input: Float64Array, size: number, repeats: number, { signal }: Work): Promise<number[]> {
  const found: number[] = [];
  const chance = new ChanceDivergence(input, size);
  for (let seed = 0; seed < Math.max(1, Math.min(samples, repeats)); seed++) {
    await setImmediate();
    signal?.throwIfAborted();
    const distance = chance.divergence(seed);
    if (distance !== null) found.push(distance);
  }
  return found;
}
