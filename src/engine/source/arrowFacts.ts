import type { FileFacts } from '../../core/table/dataset.ts';
import type { SourceFile } from '../files/fileSet.ts';
import type { IpcLayout } from '../ipc/layout.ts';
import { typeText } from '../ipc/schema.ts';
import { FACT_LIMITS, fileEntries, keyValue } from './fileEntries.ts';

/** Storage facts of Arrow files, from their metadata. Columns are those of the first file. */
export function arrowFacts(
  files: readonly (SourceFile & { readonly layout: IpcLayout })[],
  partitionColumns: readonly string[],
): FileFacts {
  const layouts = files.map(({ layout }) => layout);
  const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
  const batches = layouts.flatMap(({ blocks }, file) =>
    blocks.filter(({ kind }) => kind === 'batch').map(({ rows, bytes }, index) => ({ file, index, rows, bytes })),
  );
  const columns = layouts[0]?.schema.fields ?? [];
  const pairs = distinctPairs(layouts);
  return {
    files: fileEntries(files.map((file) => ({ ...file, rows: file.layout.rows }))),
    partitionColumns,
    parquet: null,
    arrow: {
      kind: distinct(layouts.map(({ kind }) => kind)).join(', '),
      version: distinct(layouts.map(({ version }) => version)).join(', '),
      codecs: distinct(layouts.flatMap(({ codecs }) => [...codecs])),
      batches: { total: batches.length, list: batches.slice(0, FACT_LIMITS.rowGroups) },
      columns: {
        total: columns.length,
        list: columns
          .slice(0, FACT_LIMITS.columns)
          .map((field) => ({ name: field.name, type: typeText(field), isNullable: field.isNullable })),
      },
      keyValues: {
        total: pairs.length,
        list: pairs.slice(0, FACT_LIMITS.keyValues).map(([key, value]) => keyValue(key, value)),
      },
    },
    text: null,
  };
}

function distinctPairs(layouts: readonly IpcLayout[]): (readonly [string, string])[] {
  const all = new Map(
    layouts.flatMap(({ schema }) => schema.keyValues).map((pair) => [JSON.stringify(pair), pair] as const),
  );
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}
