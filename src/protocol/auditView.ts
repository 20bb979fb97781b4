import type { MetricOutcome } from '../core/audit/metric.ts';
import type { Message } from '../core/message/message.ts';
import type { Finding, RuleStatus } from '../core/policy/finding.ts';
import type { Stage } from '../core/schema/stage.ts';
import type { AuditedSample } from './audit.ts';
import type { InferredFacts } from '../core/report/inferredFacts.ts';
import type { StarterFiles } from '../core/config/starterColumns.ts';

/** The stage that wrote a file, as its lock file says. */
export interface RecordedStage {
  /** URI of the config; null if it is not in the workspace, or has changed since. */
  readonly config: string | null;
  /** Null without a lock file that belongs to the file. */
  readonly stage: Stage | null;
}

/** What a sample file says about the config that would produce it. */
export interface InferredView {
  readonly facts: InferredFacts;
  readonly data: StarterFiles;
}

/** The audit of a sample file as the inspector shows it. */
export interface AuditView {
  /** What the sample was compared with; null if no config is known. `name`: the name of its file. */
  readonly config: { readonly uri: string; readonly name: string } | null;
  readonly stage: Stage | null;
  readonly split: 'train' | 'eval' | null;
  /** The source of each entry of the config, by name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly sample: AuditedSample;
  /** In the order of reports. */
  readonly metrics: readonly MetricOutcome[];
  /** Of the data rules; their ranges refer to the config. */
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleStatus[];
  readonly notices: readonly Message[];
}
