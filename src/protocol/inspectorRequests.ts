import * as v from 'valibot';
import type { Dataset } from '../core/table/dataset.ts';
import { roles } from '../core/table/role.ts';
import type { AuditView } from './auditView.ts';
import { engineRequests, type EngineMethod, type Result } from './engine.ts';
import { takes, type NotificationsOf, type Output, type RequestRow, type RequestsOf } from './schema/accept.ts';
import { auditChoices, count, duration, list, longText, object, text, view } from './schema/shapes.ts';

type Table = typeof engineRequests;

/** The engine requests that the inspector may make; the host adds the data set's reference. */
export type InspectorEngineMethod = {
  [M in EngineMethod]: Table[M] extends { readonly inspector: unknown } ? M : never;
}[EngineMethod];

const passed = Object.entries(engineRequests).flatMap(([method, row]) =>
  'inspector' in row ? [[method, { params: row.inspector }] as const] : [],
);
export const inspectorEngineMethods = passed.map(([method]) => method as InspectorEngineMethod);

/** Requests of the inspector webview. Engine requests have the same name and parameters, without `ref`. */
export const inspectorRequests = {
  ...(Object.fromEntries(passed) as {
    [M in InspectorEngineMethod]: RequestRow<Output<Table[M]['inspector']>, Result<M>, Table[M]['inspector']>;
  }),
  /** First request of a new webview: the data set, or why it cannot be opened (then another `open` retries). */
  open: takes(v.null()).gives<Dataset>(),
  /** As `open`, in the format of the content that the last failure names (`Failure.readAs`). */
  openAs: takes(v.null()).gives<Dataset>(),
  /** Native quick pick of roles for one column. Returns the changed data set, or null if dismissed. */
  pickRole: takes(object({ column: text })).gives<Dataset | null>(),
  /** Gives a role to a column; null: to the one that the user chooses, the likeliest first. As `pickRole`. */
  assignRole: takes(object({ role: v.picklist(roles), column: v.nullable(text) })).gives<Dataset | null>(),
  /** Writes to the clipboard through the host; VS Code may refuse the webview's own clipboard. */
  copyText: takes(object({ text: longText })).gives<null>(),
  showLog: takes(v.null()).gives<null>(),
  /** Restarts server and engine, after an engine stopped. */
  restartServer: takes(v.null()).gives<null>(),
  /** Opens the file in VS Code's own editor (text editor, hex, …). */
  reopenAsText: takes(v.null()).gives<null>(),
  /** What _Generate_ reported when it wrote the file; null if this window did not write it. */
  report: takes(v.null()).gives<string | null>(),
  /** Goes to a 1-based line of a text file of the data set. */
  showLine: takes(object({ path: text, line: v.pipe(count, v.minValue(1)) })).gives<null>(),
  /** Asks for a file next to the data set, and writes a chart into it. */
  saveChart: takes(object({ format: v.picklist(['csv', 'svg']), text: longText })).gives<null>(),
  /** Measures the file and checks it against its config. Progress carries the metrics that are ready. */
  audit: takes(object(auditChoices)).gives<AuditView>(),
  /** Writes the config that would produce the file, after asking for its data. */
  inferConfig: takes(v.null()).gives<null>(),
  /** Goes to the place in the config of a finding of the last audit, by its index. */
  showFinding: takes(object({ index: count })).gives<null>(),
  /**
   * Shows the story of a user in the preview of a config that names the file. `unnamed`: no config does. `restricted`:
   * the workspace is not trusted, so the data of its configs are not known.
   */
  showStory: takes(object({ user: text })).gives<'shown' | 'unnamed' | 'restricted'>(),
  /** Opens the page of the rule of a finding of the last audit, by its index. */
  showRule: takes(object({ index: count })).gives<null>(),
};
export type InspectorRequests = RequestsOf<typeof inspectorRequests>;

/** Inspector → host. */
export const inspectorNotifications = {
  /** The view that the user is looking at, and the names of hidden columns; the sidebar's glance follows it. */
  viewing: object({ view, rows: v.nullable(count), hidden: list(text) }),
  /** The first rows are painted; tests and the log wait for this. Milliseconds since navigation. */
  painted: object({ milliseconds: duration }),
} as const;
export type InspectorNotifications = NotificationsOf<typeof inspectorNotifications>;
