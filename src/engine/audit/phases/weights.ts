import { weights, type WeightCounts } from '../../../core/audit/metrics/weights.ts';
import { message } from '../../../core/message/message.ts';
import { countExposures } from '../../answers/exposureRates.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { overviewOf } from '../overview.ts';
import type { Phase } from '../phase.ts';

const label = message('Summing weights');

/** Sums of the weights, and rates of the positives. */
export const weightsPhase: Phase = {
  label,
  metrics: ['weights'],
  needs: ['label'],
  async run(world, work) {
    const { sample, request } = world;
    const hasWeights = sample.has('weight');
    const { rows, positives, negatives } = await overviewOf(world, work);
    const labelled = positives + negatives;
    // A condition on each row takes as long as a sum.
    const where = labelled === rows ? '' : ' WHERE label IS NOT NULL';
    const [row] = hasWeights
      ? await world.rows(
          `SELECT count(weight), sum(weight), sum(weight * weight), sum(weight) FILTER (WHERE label), min(weight) < 0 FROM ${sample.sql}${where}`,
          label,
          work,
        )
      : [[labelled, labelled, labelled, positives, false]];
    const [below] =
      row?.[4] === true
        ? await world.rows(`SELECT count(*) FROM ${sample.sql} WHERE label IS NOT NULL AND weight < 0`, label, work)
        : [[0]];
    return {
      weights: weights.measure({
        rows: labelled,
        positives,
        sum: numberIn(row, 1),
        squares: numberIn(row, 2),
        positiveSum: numberIn(row, 3),
        invalid: labelled - numberIn(row, 0) + numberIn(below),
        hasWeights,
        log: await logRate(world, work),
        downsample: request.plan?.exposures?.downsample ?? null,
        calibration: request.plan?.exposures?.calibration ?? null,
      }),
    };
  },
};

/** The rate of the log is comparable only if the rows are its exposures. */
async function logRate(world: AuditWorld, work: Work): Promise<WeightCounts['log']> {
  const { inputs, sample, request } = world;
  const { plan } = request;
  if (inputs === null || plan?.unit !== 'impression' || !sample.has('user', 'time') || world.differentIds('user'))
    return null;
  const rows = { sql: sample.sql, hasWeight: sample.has('weight') };
  const counts = await countExposures(rows, plan, inputs, work);
  world.share('exposure-rates', { params: plan, counts });
  const { positives, negatives } = counts.log;
  return { positives, exposures: positives + negatives };
}
