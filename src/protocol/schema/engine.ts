import * as v from 'valibot';
import type { DatasetRef } from '../datasetRef.ts';
import { formats, sampleFormats } from '../../core/table/sampleName.ts';
import { demoScales } from '../demo.ts';
import { count, declaredByColumn, list, object, rolesByColumn, text, view } from './shapes.ts';

/** Parameters of the inspector's engine requests, without the reference, which the host adds. */
const ofInspector = {
  settle: {},
  /**
   * A block of rows × columns. `first`: 0-based position in the view. `columns`: indices into `Dataset.columns`, in the
   * requested order.
   */
  page: { view, first: count, count, columns: list(count) },
  count: { view },
  /** Rows of the filter of a view by time. The role `time` says which column it is. */
  timeline: { view },
  /** Groups `first` … `first + count - 1` of a grouped view. `columns`: values of one row of each group. */
  groups: { view, first: count, count, columns: list(count) },
  /** One cell. `offset`: characters to skip. `limit`: maximum characters to return. */
  cell: { view, row: count, column: count, offset: count, limit: count },
  copy: {
    view,
    first: count,
    count,
    columns: list(count),
    headers: v.boolean(),
    /** `value`: the texts of the cells alone, a line each, without quotes. */
    format: v.picklist(['tsv', 'csv', 'json', 'value']),
  },
  /**
   * How many figures a profile has. `base`: rows, nulls, distinct, min, max, mean, sd, values that are not finite and
   * facts of lists, soon. `whole` (the default) adds quantiles, most frequent values and the small chart. `nested` adds
   * the profiles of the fields of structs, and the dimensions of vectors.
   */
  profile: { view, columns: list(count), depth: v.exactOptional(v.picklist(['base', 'whole', 'nested'])) },
  facts: {},
  /** `file`: its place in the facts; `index`: of the row group in the file. */
  rowGroup: { file: count, index: count },
  skippedGroups: { view },
  badRows: { limit: count },
} as const;

const ref = object({
  id: text,
  path: text,
  roles: v.exactOptional(rolesByColumn),
  declared: v.exactOptional(declaredByColumn),
  fingerprint: v.exactOptional(text),
  within: v.exactOptional(text),
  format: v.exactOptional(v.picklist(formats)),
}) satisfies v.GenericSchema<unknown, DatasetRef>;

/** Parameters of the inspector's engine requests, as its webview sends them. */
export const inspectorEngineParams = {
  settle: object(ofInspector.settle),
  page: object(ofInspector.page),
  count: object(ofInspector.count),
  timeline: object(ofInspector.timeline),
  groups: object(ofInspector.groups),
  cell: object(ofInspector.cell),
  copy: object(ofInspector.copy),
  profile: object(ofInspector.profile),
  facts: object(ofInspector.facts),
  rowGroup: object(ofInspector.rowGroup),
  skippedGroups: object(ofInspector.skippedGroups),
  badRows: object(ofInspector.badRows),
} as const;

/**
 * Parameters of the engine requests that a client of the server may make. Only the server itself makes the other
 * requests.
 */
export const clientEngineParams = {
  open: object({ ref }),
  settle: object({ ref, ...ofInspector.settle }),
  page: object({ ref, ...ofInspector.page }),
  count: object({ ref, ...ofInspector.count }),
  timeline: object({ ref, ...ofInspector.timeline }),
  groups: object({ ref, ...ofInspector.groups }),
  cell: object({ ref, ...ofInspector.cell }),
  copy: object({ ref, ...ofInspector.copy }),
  /** `path`: absolute. `guard`: whether formulas of a CSV file get an apostrophe. */
  exportRows: object({
    ref,
    view,
    columns: list(count),
    path: text,
    format: v.picklist(sampleFormats),
    guard: v.boolean(),
  }),
  profile: object({ ref, ...ofInspector.profile }),
  facts: object({ ref, ...ofInspector.facts }),
  rowGroup: object({ ref, ...ofInspector.rowGroup }),
  skippedGroups: object({ ref, ...ofInspector.skippedGroups }),
  badRows: object({ ref, ...ofInspector.badRows }),
  digest: object({ ref, view, columns: list(count) }),
  metadata: object({ ref, columns: list(text) }),
  close: object({ id: text }),
  demo: object({ directory: text, scale: v.picklist(demoScales), seed: text, bad: v.exactOptional(v.boolean()) }),
} as const;
