import type { Dataset } from '../core/table/dataset.ts';
import type { View } from '../core/table/filter.ts';
import type { Failure } from '../core/message/failure.ts';

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
  | 'clearFilter'
  | ShowTab;

/** Tabs of the inspector, in their order. */
export const inspectorTabs = ['rows', 'columns', 'distribution', 'audit', 'file'] as const;

export type InspectorTab = (typeof inspectorTabs)[number];

/** The palette commands that show a tab. */
type ShowTab = `show${Capitalize<InspectorTab>}`;

export function showTab(tab: InspectorTab): ShowTab {
  return `show${tab.slice(0, 1).toUpperCase()}${tab.slice(1)}` as ShowTab;
}

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
  /** True if the grid headers show small charts. */
  readonly charts: boolean;
  readonly detail: boolean;
  readonly selectedColumn: string | null;
  /** True if the pane of the selected column is open. Only a narrow page closes it. */
  readonly profile: boolean;
  /** True if the profile of the active column is open next to the grid. */
  readonly columnPane: boolean;
  readonly columnOrder: ColumnOrder;
  /** True if the list of columns shows only those with a problem. */
  readonly onlyProblems: boolean;
  /** True if the charts of a column profile are shown as tables. */
  readonly chartsAsTables: boolean;
  /** True if rows by time are shown above the grid. */
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
