import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { sixDecimals } from './arithmetic.ts';

/** Share of the requests for a score that the teacher answers in time. */
const answered = 0.94;

/** A teacher's estimate of a click probability: within 15 % of it; NaN where the teacher did not answer in time. */
export function teacherScore(random: BulkGenerator, interest: number): number {
  const estimate = sixDecimals(interest * (0.85 + 0.3 * random.unit()));
  return random.unit() < answered ? estimate : Number.NaN;
}
