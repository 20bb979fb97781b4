import type { Dataset } from '../core/table/dataset.ts';
import type { View } from '../core/table/filter.ts';
import type { AuditView } from './auditView.ts';
import type { Failure } from '../core/message/failure.ts';
import type { EngineMethods } from './engine.ts';
import type { NotificationsOf, RequestsOf } from './schema/accept.ts';
import type { inspectorEngineParams } from './schema/engine.ts';
import type { inspectorNotifications, inspectorParams } from './schema/inspector.ts';

/** The engine requests that the inspector may make; the host adds the data set's reference. */
export type InspectorEngineMethod = keyof typeof inspectorEngineParams;

/** Requests of the inspector webview. Engine requests have the same name and parameters, without `ref`. */
export type InspectorRequests = RequestsOf<
  typeof inspectorParams,
  {
    [M in InspectorEngineMethod]: EngineMethods[M]['result'];
  } & {
    /** First request of a new webview: the data set, or why it cannot be opened (then another `open` retries). */
    open: Dataset;
    /** As `open`, in the format of the content that the last failure names (`Failure.readAs`). */
    openAs: Dataset;
    /** Native quick pick of roles for one column. Returns the changed data set, or null if dismissed. */
    pickRole: Dataset | null;
    /** Gives a role to a column; null: to the one that the user chooses, the likeliest first. As `pickRole`. */
    assignRole: Dataset | null;
    /** Writes to the clipboard through the host; VS Code may refuse the webview's own clipboard. */
    copyText: null;
    showLog: null;
    /** Restarts server and engine, after an engine stopped. */
    restartServer: null;
    /** Opens the file in VS Code's own editor (text editor, hex, …). */
    reopenAsText: null;
    /** What _Generate_ reported when it wrote the file; null if this window did not write it. */
    report: string | null;
    /** Goes to a 1-based line of a text file of the data set. */
    showLine: null;
    /** Asks for a file next to the data set, and writes a chart into it. */
    saveChart: null;
    /** Measures the file and checks it against its config. Progress carries the metrics that are ready. */
    audit: AuditView;
    /** Writes the config that would produce the file, after asking for its data. */
    inferConfig: null;
    /** Goes to the place in the config of a finding of the last audit, by its index. */
    showFinding: null;
    /**
     * Shows the story of a user in the preview of a config that names the file. `unnamed`: no config does. `restricted`:
     * the workspace is not trusted, so the data of its configs are not known.
     */
    showStory: 'shown' | 'unnamed' | 'restricted';
    /** Opens the page of the rule of a finding of the last audit, by its index. */
    showRule: null;
  }
>;

/** Host → inspector. */
export interface InspectorEvents {
  /** The file changed on disk and was opened again: use this data set and keep the view state. */
  reloaded: { dataset: Dataset };
  /** The file is missing or can no longer be opened. */
  failed: { failure: Failure };
  /** Roles were set elsewhere (another editor, the sidebar). */
  roles: { dataset: Dataset };
  /** The file has a new `report`. */
  reported: null;
  /** The user restarted the server: what failed can be read again. */
  restarted: null;
  /** A palette command for the active inspector. */
  command: { name: InspectorCommand };
}
export type InspectorCommand =
  | 'filter'
  | 'goToRow'
  | 'copy'
  | 'copyWithoutHeaders'
  | 'chooseColumns'
  | 'showRows'
  | 'showColumns'
  | 'showFile'
  | 'showDistribution'
  | 'showAudit'
  | 'clearFilter';

/** Inspector → host. */
export type InspectorNotifications = NotificationsOf<typeof inspectorNotifications>;

/** Tabs of the inspector, in their order. */
export const inspectorTabs = ['rows', 'columns', 'distribution', 'audit', 'file'] as const;

export type InspectorTab = (typeof inspectorTabs)[number];

/** Orders of the list of columns. */
export const columnOrders = ['file', 'name', 'role', 'nulls', 'distinct'] as const;

export type ColumnOrder = (typeof columnOrders)[number];

/** What survives a window reload (`setState`), and moves with the tab. Unknown versions are dropped. */
export interface InspectorState {
  readonly version: 1;
  readonly tab: InspectorTab;
  readonly view: View;
  readonly top: number;
  readonly left: number;
  readonly active: { readonly row: number; readonly column: string } | null;
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
  /** Whether the grid headers show small charts. */
  readonly charts: boolean;
  readonly detail: boolean;
  readonly selectedColumn: string | null;
  /** Whether the pane of the selected column is open. Only a narrow page closes it. */
  readonly profile: boolean;
  /** Whether the profile of the active column is open next to the grid. */
  readonly columnPane: boolean;
  readonly columnOrder: ColumnOrder;
  /** Whether the list of columns shows only those with a problem. */
  readonly onlyProblems: boolean;
  /** Whether the charts of a column profile are shown as tables. */
  readonly chartsAsTables: boolean;
  /** Whether rows by time are shown above the grid. */
  readonly timeline: boolean;
  /** Numbers of the open groups of a grouped view, 0-based. */
  readonly openGroups: readonly number[];
}

/** The host writes this into the page as JSON: what a webview needs before its first message. */
export interface WebviewBoot {
  readonly locale: 'en' | 'zh-cn';
  /** Translated text by English text; empty for English. */
  readonly strings: Readonly<Record<string, string>>;
  readonly nonce: string;
  readonly name: string;
}
