import type { Metric } from './metric.ts';
import { by } from './metrics/by.ts';
import { cascade } from './metrics/cascade.ts';
import { concentration } from './metrics/concentration.ts';
import { coverage } from './metrics/coverage.ts';
import { divergence } from './metrics/divergence.ts';
import { duplicates } from './metrics/duplicates.ts';
import { falseNegatives } from './metrics/falseNegatives.ts';
import { inBatch } from './metrics/inBatch.ts';
import { mix } from './metrics/mix.ts';
import { popularity } from './metrics/popularity.ts';
import { psi } from './metrics/psi.ts';
import { rows } from './metrics/rows.ts';
import { teacher } from './metrics/teacher.ts';
import { time } from './metrics/time.ts';
import { users } from './metrics/users.ts';
import { weights } from './metrics/weights.ts';

/** Every metric, in the order of reports. Each has its own file. */
export const metrics: readonly Metric[] = [
  rows,
  mix,
  popularity,
  divergence,
  duplicates,
  falseNegatives,
  coverage,
  concentration,
  psi,
  time,
  users,
  weights,
  cascade,
  teacher,
  inBatch,
  by,
];
