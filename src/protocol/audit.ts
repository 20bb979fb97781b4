import type { MetricOutcome } from '../core/audit/metric.ts';
import type { KnownColumns, SampleColumns } from '../core/audit/sampleColumns.ts';
import type { Message } from '../core/message/message.ts';
import type { Sequence } from '../core/data/sequences.ts';
import type { ShortfallCause } from '../core/sampling/drawn.ts';
import type { StagePlan } from '../core/sampling/plan/stagePlan.ts';
import type { AskedChoices } from './answers.ts';
import type { AskedLog } from './askedTable.ts';
import type { DatasetRef } from './datasetRef.ts';
import type { SamplingData } from './sampling.ts';

/** A finished sample file, with everything that its metrics depend on. */
export interface AuditRequest {
  readonly ref: DatasetRef;
  readonly known: KnownColumns;
  /** Zone of times without a zone, and of days. */
  readonly timezone: string;
  /** The stage as the config plans it; null without a config. */
  readonly plan: StagePlan | null;
  /** The log, the corpus and the other inputs of the stage; null without a config, or if they cannot be read. */
  readonly data: SamplingData | null;
  /** Why `data` is null. */
  readonly missingReason: Message | null;
  /** `output.sequences` of the config. */
  readonly sequences?: readonly Sequence[];
  /** The log that lists are compared with; missing without one. */
  readonly stepLog?: AskedLog;
  /** The choices that make a negative false, or why they are not known. Null without data. */
  readonly choices: AskedChoices | { readonly because: Message } | null;
  /** `day`, `split`, or a column of the sample, the users or the items: everything is also measured by its values. */
  readonly by: string | null;
  /** Draws by entry that the lock file records, after shortfalls and refill; null without a lock file. */
  readonly recorded:
    | readonly {
        readonly entry: string;
        readonly drawn: number;
        readonly shortfalls: Readonly<Record<ShortfallCause, number>>;
        readonly effectiveShare?: number | null;
      }[]
    | null;
  /** How the items of the corpus count as the input of recall. Default: all equally. */
  readonly input?: 'uniform' | 'impressions';
  /** Another sample to compare with. */
  readonly baseline?: { readonly ref: DatasetRef; readonly known: KnownColumns } | null;
}

export interface AuditedSample extends SampleColumns {
  /** Samples: one per positive or negative, whatever the layout. */
  readonly rows: number;
  /** Rows of the file. */
  readonly fileRows: number;
  readonly files: number;
  readonly bytes: number;
}

export interface AuditAnswer {
  readonly sample: AuditedSample;
  /** The columns of the baseline; missing without one. */
  readonly baseline?: SampleColumns;
  /** In the order of reports. */
  readonly metrics: readonly MetricOutcome[];
  /** How the rows were read. */
  readonly notices: readonly Message[];
}
