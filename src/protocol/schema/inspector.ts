import * as v from 'valibot';
import { inspectorEngineParams } from './engine.ts';
import { count, duration, longText, object, text, view } from './shapes.ts';

/** Parameters of the requests of the inspector webview. */
export const inspectorParams = {
  ...inspectorEngineParams,
  open: v.null(),
  pickRole: object({ column: text }),
  copyText: object({ text: longText }),
  showLog: v.null(),
  reopenAsText: v.null(),
  /** A file of the data set and a 1-based line. */
  showLine: object({ path: text, line: v.pipe(count, v.minValue(1)) }),
} as const;

/** Inspector → host. */
export const inspectorNotifications = {
  /** The user looks at this view now: the sidebar's glance follows. */
  viewing: object({ view, rows: v.nullable(count) }),
  /** First rows are painted: the signal that tests and the log wait for. Milliseconds since navigation. */
  painted: object({ milliseconds: duration }),
} as const;
