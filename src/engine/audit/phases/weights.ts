import { weights, type WeightCounts } from '../../../core/audit/metrics/weights.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import type { Phase } from '../phase.ts';

const label = message('Summing weights');

/** Sums of the weights, and rates of the positives. */
export const weightsPhase: Phase = {
  label,
  metrics: ['weights'],
  lacks: ({ sample }) => (sample.hasLabel() ? null : message('there is no label column')),
  async run(world, work) {
    const { sample, request } = world;
    const hasWeights = sample.has('weight');
    const w = hasWeights ? 'weight' : '1.0::DOUBLE';
    const [row] = await world.rows(
      `SELECT count(*), count(*) FILTER (WHERE label), sum(${w}), sum(${w} * ${w}), sum(${w}) FILTER (WHERE label), count(*) FILTER (WHERE ${w} IS NULL OR ${w} < 0) FROM ${sample.sql} WHERE label IS NOT NULL`,
      label,
      work,
    );
    return {
      weights: weights.of({
        rows: numberIn(row, 0),
        positives: numberIn(row, 1),
        sum: numberIn(row, 2),
        squares: numberIn(row, 3),
        positiveSum: numberIn(row, 4),
        odd: hasWeights ? numberIn(row, 5) : 0,
        hasWeights,
        log: await logRate(world, work),
        downsample: request.plan?.exposures?.downsample ?? null,
      }),
    };
  },
};

/** The rate of the log is comparable only if the rows are its exposures. */
async function logRate(world: AuditWorld, work: Work): Promise<WeightCounts['log']> {
  const { inputs, request } = world;
  if (inputs === null || request.plan?.unit !== 'impression') return null;
  const viewed = request.plan.exposures?.seen === 'viewed' ? 'coalesce(viewed, false)' : 'true';
  const positive = world.isPositive();
  const [row] = await world.rows(
    `SELECT count(*) FILTER (WHERE ${positive}), count(*) FROM ${inputs.log()} WHERE ${world.insideSplit('time')} AND (${viewed} OR ${positive})`,
    label,
    work,
  );
  return { positives: numberIn(row, 0), exposures: numberIn(row, 1) };
}
