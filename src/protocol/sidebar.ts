import type { Dataset } from '../core/table/dataset.ts';
import type { ColumnProfile } from '../core/table/profile.ts';
import type { Failure } from '../core/message/failure.ts';
import type { FindingCounts, StageSummary } from './language.ts';
import type { NotificationsOf } from './schema/accept.ts';
import type { sidebarNotifications } from './schema/sidebar.ts';

/** What the Inspector glance in the sidebar shows: of the active sample file, or of the ratio config in the editor. */
export type Glance =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'loading'; readonly path: string }
  | { readonly kind: 'failure'; readonly path: string; readonly failure: Failure }
  | {
      readonly kind: 'dataset';
      readonly path: string;
      readonly dataset: Dataset;
      /** Profiles of the columns with the roles label and source, when they are known. */
      readonly label: ColumnProfile | null;
      readonly source: ColumnProfile | null;
      /** Of the filter: the rows that it keeps, null while they are being counted. Null where there is no filter. */
      readonly filtered: { readonly rows: number | null } | null;
    }
  | {
      readonly kind: 'config';
      readonly path: string;
      /** The stage in which the cursor stands, else the first one; null where the config has none. */
      readonly stage: StageSummary | null;
      /** Findings of the whole config, as the Problems view counts them. */
      readonly counts: FindingCounts;
    };

/** Host → glance. */
export interface SidebarEvents {
  glance: Glance;
}
/** Glance → host. */
export type SidebarNotifications = NotificationsOf<typeof sidebarNotifications>;
