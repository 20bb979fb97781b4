import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { partsOf } from './groups/splitUsers.ts';
import type { Script, Step } from './script.ts';

/**
 * The run from which estimates are extrapolated: `popularity` with exclusions and log q, Spark 4.3 on two cores of one
 * machine without other work. bench/README.md: spark. `coreSeconds`: how long the tasks held a core.
 */
export const measuredRun = {
  positives: 3_000_000,
  negativesPerPositive: 10,
  items: 500_000,
  rows: 33_000_000,
  shuffleBytes: 845_000_000,
  seconds: 145,
  coreSeconds: 244,
  cores: 2,
} as const;

/**
 * Seconds of the start of Spark, and of each statement that writes, on tiny data: planning and compiling. Measured on
 * the tiny demo, on two cores: 12 statements took 19 s, 39 took 39 s, and 85 took 60 s. Other statements take a
 * hundredth of a second.
 */
const START_SECONDS = 12;
const WRITE_SECONDS = 0.6;

/** Known sizes of the data of a stage. */
export interface EstimateCounts {
  /** Positives and groups of the training window, before positives are dropped. */
  readonly positives: number;
  readonly groups: number;
  /** The user with the most impressions; null: none. */
  readonly heaviest: { readonly user: string; readonly positives: number } | null;
}

/** Expected cost of a job. */
export interface SparkEstimate extends Omit<EstimateCounts, 'heaviest'> {
  /** `parts`: how many tasks draw for the user, if the groups are positives; one otherwise. */
  readonly heaviest: (EstimateCounts['heaviest'] & { readonly parts: number }) | null;
  /** Requested rows; shortfalls make them fewer. */
  readonly rows: number;
  /** True if positives are dropped, so that there are fewer rows. */
  readonly isAtMost: boolean;
  /** Requested negatives by entry. */
  readonly entries: readonly { readonly name: string; readonly rows: number }[];
  readonly shuffleBytes: number;
  readonly coreSeconds: number;
  /** Statements that write. */
  readonly statements: number;
  /** Seconds that Spark and the statements take however small the data are. */
  readonly fixedSeconds: number;
}

/** Scales the measured run by rows. */
export function estimateJob(plan: StagePlan, script: Script, counts: EstimateCounts): SparkEstimate {
  const { positives, groups } = counts;
  const { amounts } = plan;
  const entries = plan.exposures
    ? [{ name: plan.exposures.entry, rows: (groups - positives) * (plan.exposures.downsample ?? 1) }]
    : plan.entries.map(({ name, amount }) => ({
        name,
        rows: groups * amount * (amounts.kind === 'shares' ? amounts.perGroup : 1),
      }));
  const rounded = entries.map(({ name, rows }) => ({ name, rows: Math.round(rows) }));
  const rows = positives + rounded.reduce((sum, entry) => sum + entry.rows, 0);
  const scale = rows / measuredRun.rows;
  const statements = script.sections.flatMap(({ steps }) => steps).reduce((sum, step) => sum + writesOf(step), 0);
  const { heaviest } = counts;
  const parts = heaviest && plan.unit === 'positive' ? partsOf(heaviest.positives, positives) : 1;
  return {
    ...counts,
    heaviest: heaviest && { ...heaviest, parts },
    rows,
    isAtMost:
      plan.positives.hotThreshold !== null ||
      plan.positives.maxPerUserPerDay !== null ||
      plan.positives.minSteps !== undefined,
    entries: rounded,
    shuffleBytes: Math.round(scale * measuredRun.shuffleBytes),
    coreSeconds: scale * measuredRun.coreSeconds,
    statements,
    fixedSeconds: START_SECONDS + statements * WRITE_SECONDS,
  };
}

/** How many statements of a step write. Before days of the output are replaced, the older counts are. */
function writesOf(step: Step): number {
  if (step.kind === 'view' || step.kind === 'input') return 0;
  return step.kind === 'output' && step.partition !== null ? 2 : 1;
}
