import type { Dataset } from '../core/table/dataset.ts';
import type { ColumnProfile } from '../core/table/profile.ts';
import type { Finding } from '../core/policy/finding.ts';
import type { Failure } from '../core/message/failure.ts';
import type { FindingCounts, StageSummary } from './language.ts';
import type { NotificationsOf } from './schema/accept.ts';
import type { sidebarNotifications } from './schema/sidebar.ts';

/** What the glance in the sidebar shows: the active sample file, or the ratio config in the editor. */
export type Glance =
  /** `tour`: steps of the tour of this demo workspace; null in other workspaces. */
  | { readonly kind: 'nothing'; readonly tour: { readonly done: number; readonly of: number } | null }
  | { readonly kind: 'loading'; readonly path: string }
  | { readonly kind: 'failure'; readonly path: string; readonly failure: Failure }
  | {
      readonly kind: 'dataset';
      readonly path: string;
      readonly dataset: Dataset;
      /** Profiles of the columns with the roles label and source, if they are known. */
      readonly label: ColumnProfile | null;
      readonly source: ColumnProfile | null;
      /** Rows that the filter keeps; `rows` is null while they are being counted. Null if there is no filter. */
      readonly filtered: { readonly rows: number | null } | null;
      /** The last audit of the same content; null if there is none. */
      readonly audit: AuditVerdict | null;
    }
  | {
      readonly kind: 'config';
      readonly path: string;
      /** The stage at the cursor, else the first stage; null if the config has no stage. */
      readonly stage: StageSummary | null;
      /** Findings of the whole config, as the Problems view counts them. */
      readonly counts: FindingCounts;
    };

/** What an audit found, in short. */
export interface AuditVerdict {
  /** Of the data set when it was audited. */
  readonly fingerprint: string;
  /** True if there was a config, so that the data rules could run. */
  readonly isChecked: boolean;
  readonly counts: FindingCounts;
  /** The most severe first; at most three. */
  readonly worst: readonly Pick<Finding, 'severity' | 'message'>[];
}

/** Host → glance. */
export interface SidebarEvents {
  glance: Glance;
}
/** Glance → host. */
export type SidebarNotifications = NotificationsOf<typeof sidebarNotifications>;
