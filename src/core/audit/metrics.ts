import type { Metric } from './metric.ts';
import { duplicates } from './metrics/duplicates.ts';
import { mix } from './metrics/mix.ts';
import { rows } from './metrics/rows.ts';

/** Every metric, in the order of reports. Each has its own file. */
export const metrics: readonly Metric[] = [rows, mix, duplicates];
