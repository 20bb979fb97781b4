import type { Metric } from './metric.ts';
import { by } from './metrics/by.ts';
import { cascade } from './metrics/cascade.ts';
import { concentration } from './metrics/concentration.ts';
import { coverage } from './metrics/coverage.ts';
import { dayHours } from './metrics/dayHours.ts';
import { divergence } from './metrics/divergence.ts';
import { duplicates } from './metrics/duplicates.ts';
import { falseNegatives } from './metrics/falseNegatives.ts';
import { groupSizes } from './metrics/groupSizes.ts';
import { inBatch } from './metrics/inBatch.ts';
import { mix } from './metrics/mix.ts';
import { popularity } from './metrics/popularity.ts';
import { popularityByEntry } from './metrics/popularityByEntry.ts';
import { psi } from './metrics/psi.ts';
import { rows } from './metrics/rows.ts';
import { teacher } from './metrics/teacher.ts';
import { time } from './metrics/time.ts';
import { users } from './metrics/users.ts';
import { weights } from './metrics/weights.ts';

/** Every metric, in the order of reports. Each has its own file. */
export const metrics: readonly Metric[] = [
  rows,
  groupSizes,
  mix,
  popularity,
  popularityByEntry,
  divergence,
  duplicates,
  falseNegatives,
  coverage,
  concentration,
  psi,
  time,
  dayHours,
  users,
  weights,
  cascade,
  teacher,
  inBatch,
  by,
];
