import * as v from 'valibot';
import { roles } from '../../core/table/role.ts';
import { inspectorAudit } from './audit.ts';
import { inspectorEngineParams } from './engine.ts';
import { count, duration, list, longText, object, text, view } from './shapes.ts';

/** Parameters of the requests of the inspector webview. */
export const inspectorParams = {
  ...inspectorEngineParams,
  open: v.null(),
  openAs: v.null(),
  pickRole: object({ column: text }),
  assignRole: object({ role: v.picklist(roles), column: v.nullable(text) }),
  copyText: object({ text: longText }),
  showLog: v.null(),
  restartServer: v.null(),
  reopenAsText: v.null(),
  report: v.null(),
  saveChart: object({ format: v.picklist(['csv', 'svg']), text: longText }),
  audit: inspectorAudit,
  inferConfig: v.null(),
  showFinding: object({ index: count }),
  showRule: object({ index: count }),
  showStory: object({ user: text }),
  /** A file of the data set and a 1-based line. */
  showLine: object({ path: text, line: v.pipe(count, v.minValue(1)) }),
} as const;

/** Inspector → host. */
export const inspectorNotifications = {
  /** The view that the user is looking at, and the names of hidden columns; the sidebar's glance follows it. */
  viewing: object({ view, rows: v.nullable(count), hidden: list(text) }),
  /** The first rows are painted; tests and the log wait for this. Milliseconds since navigation. */
  painted: object({ milliseconds: duration }),
} as const;
