import type { Metric } from './metric.ts';
import { by } from './metrics/by.ts';
import { cascade } from './metrics/cascade.ts';
import { concentration } from './metrics/concentration.ts';
import { coverage } from './metrics/coverage.ts';
import { difficulty } from './metrics/difficulty.ts';
import { dayHours } from './metrics/dayHours.ts';
import { divergence } from './metrics/divergence.ts';
import { drift } from './metrics/drift.ts';
import { duplicates } from './metrics/duplicates.ts';
import { effectiveShare } from './metrics/effectiveShare.ts';
import { exponent } from './metrics/exponent.ts';
import { exposedRequests } from './metrics/exposedRequests.ts';
import { falseNegatives } from './metrics/falseNegatives.ts';
import { implied } from './metrics/implied.ts';
import { groupSizes } from './metrics/groupSizes.ts';
import { inBatch } from './metrics/inBatch.ts';
import { labels } from './metrics/labels.ts';
import { mix } from './metrics/mix.ts';
import { nulls } from './metrics/nulls.ts';
import { popularity } from './metrics/popularity.ts';
import { popularityByEntry } from './metrics/popularityByEntry.ts';
import { psi } from './metrics/psi.ts';
import { rows } from './metrics/rows.ts';
import { sequences } from './metrics/sequences.ts';
import { teacher } from './metrics/teacher.ts';
import { time } from './metrics/time.ts';
import { users } from './metrics/users.ts';
import { weights } from './metrics/weights.ts';

/** Every metric, in the order of reports. Each has its own file. */
export const metrics: readonly Metric[] = [
  rows,
  labels,
  nulls,
  groupSizes,
  mix,
  effectiveShare,
  implied,
  popularity,
  exponent,
  popularityByEntry,
  divergence,
  duplicates,
  falseNegatives,
  exposedRequests,
  difficulty,
  coverage,
  concentration,
  psi,
  time,
  dayHours,
  users,
  weights,
  cascade,
  teacher,
  sequences,
  inBatch,
  drift,
  by,
];
