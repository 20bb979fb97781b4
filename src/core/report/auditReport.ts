import type { MetricOutcome } from '../audit/metric.ts';
import type { SampleColumns } from '../audit/sampleColumns.ts';
import type { Message } from '../message/message.ts';
import type { Finding, RuleStatus } from '../policy/finding.ts';
import type { Stage } from '../schema/stage.ts';
import type { LintReport } from './lintReport.ts';

/** Report of `recsample audit`, before it becomes text or JSON. */
export interface AuditReport {
  /** Paths as given, or relative to the caller's folder. */
  readonly path: string;
  readonly config: string | null;
  readonly stage: Stage | null;
  readonly split: 'train' | 'eval' | null;
  readonly sample: SampleColumns & {
    readonly rows: number;
    readonly fileRows: number;
    readonly files: number;
    readonly bytes: number;
  };
  readonly metrics: readonly MetricOutcome[];
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleStatus[];
  readonly notices: readonly Message[];
  /** The sample to compare with, and the findings that are new or gone since then; null without a baseline. */
  readonly baseline?: {
    readonly path: string;
    readonly fresh: readonly Finding[];
    readonly resolved: readonly Finding[];
  } | null;
}

/**
 * The findings as a report of `recsample lint`, for the formats that both share. Without a config, their path is the
 * sample.
 */
export function lintReportOf({ path, config, findings, rules }: AuditReport): LintReport {
  return {
    level: 'data',
    configs: [{ path: config ?? path, findings, rules }],
    failures: [],
    fixed: 0,
  };
}
