import type { Dataset } from '../core/table/dataset.ts';
import type { View } from '../core/table/filter.ts';
import type { Failure } from '../core/message/failure.ts';
import type { EngineMethods } from './engine.ts';
import type { NotificationsOf, RequestsOf } from './schema/accept.ts';
import type { inspectorEngineParams } from './schema/engine.ts';
import type { inspectorNotifications, inspectorParams } from './schema/inspector.ts';

/** The engine requests that the inspector may make; the host adds the data set's reference. */
export type InspectorEngineMethod = keyof typeof inspectorEngineParams;

/** Requests of the inspector webview. Engine requests keep their name and shape less `ref`. */
export type InspectorRequests = RequestsOf<
  typeof inspectorParams,
  {
    [M in InspectorEngineMethod]: EngineMethods[M]['result'];
  } & {
    /** First request of a fresh webview: the data set, or why it cannot be opened (then `open` again is the retry). */
    open: Dataset;
    /** Native quick pick of roles for one column; the changed data set, or null when dismissed. */
    pickRole: Dataset | null;
    /** Writes to the clipboard through the host (the webview's own clipboard may be refused). */
    copyText: null;
    showLog: null;
    /** Opens the file as VS Code would without us (text editor, hex, …). */
    reopenAsText: null;
    /** Goes to a 1-based line of a text file of the data set. */
    showLine: null;
  }
>;

/** Host → inspector. */
export interface InspectorEvents {
  /** The file changed on disk and was opened again: take this data set, keep view state. */
  reloaded: { dataset: Dataset };
  /** The file is gone, or cannot be opened any more. */
  failed: { failure: Failure };
  /** Roles were set elsewhere (another editor, the sidebar). */
  roles: { dataset: Dataset };
  /** A palette command meant for the active inspector. */
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
  | 'clearFilter';

/** Inspector → host. */
export type InspectorNotifications = NotificationsOf<typeof inspectorNotifications>;

/** Tabs of the inspector, in their order. */
export const inspectorTabs = ['rows', 'columns', 'file'] as const;

export type InspectorTab = (typeof inspectorTabs)[number];

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
  /** Small charts in the headers of the grid. */
  readonly charts: boolean;
  readonly detail: boolean;
  readonly selectedColumn: string | null;
  /** The pane of the selected column is open. Only a narrow page closes it. */
  readonly profile: boolean;
}

/** Written by the host into the page as JSON: what a webview must know before its first message. */
export interface WebviewBoot {
  readonly locale: 'en' | 'zh-cn';
  /** Chinese (or other) text by English text; empty for English. */
  readonly strings: Readonly<Record<string, string>>;
  readonly nonce: string;
  readonly name: string;
}
