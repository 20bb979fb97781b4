import type { DuckDBType } from '@duckdb/node-api';
import { message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import { logicalType } from '../database/logicalType.ts';
import { columnNames, columnType, isNarrowed } from '../ipc/columnType.ts';
import { repeatedNotices } from '../text/dialect.ts';
import { typeText, type IpcField, type IpcSchema } from '../ipc/schema.ts';
import { besidePartitions } from './besidePartitions.ts';
import type { Shape } from './shape.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { markTwins } from '../database/twinNames.ts';
import { narrowedNotices } from '../database/unreadable.ts';

/** The columns of Arrow files with one schema. */
export interface ArrowShape extends Shape {
  /** Equal for files with the same columns. */
  readonly key: string;
  /** Columns that are copied, with their position in the schema. */
  readonly readable: readonly { readonly name: string; readonly type: DuckDBType; readonly position: number }[];
  readonly fields: readonly IpcField[];
  readonly renamed: readonly string[];
}

/** Shown for each NUL in the name of a column. Such a column is not read, and another notice says so. */
const NUL_SIGN = '\u2400';

/** @param path of a file with that schema */
export function arrowShape(path: string, { fields }: IpcSchema, partitions: readonly string[]): ArrowShape {
  const { names: unique, renamed } = columnNames(fields);
  const shown = besidePartitions(unique, partitions);
  const types = fields.map(columnType);
  const all = fields.map((field, k): SourceColumn => {
    const own = types[k] ?? columnType(field);
    const name = shown[k] ?? field.name;
    return 'type' in own
      ? { name, type: logicalType(own.type), sqlType: own.type.toString(), partition: false }
      : {
          name,
          type: { kind: 'unreadable', name: typeText(field), reason: own.reason },
          sqlType: 'VARCHAR',
          partition: false,
        };
  });
  const columns = markTwins(all);
  return {
    example: path,
    key: fields.map((field) => JSON.stringify([field.name, typeText(field)])).join('\n'),
    columns,
    byName: new Map(columns.map((column) => [column.name, column])),
    fileNames: new Map(columns.map(({ name }, k) => [name, unique[k] ?? name])),
    readable: types.flatMap((own, position) =>
      'type' in own && columns[position]?.type.kind !== 'unreadable'
        ? [{ name: shown[position] ?? '', type: own.type, position }]
        : [],
    ),
    fields,
    renamed: renamed.filter((name) => !name.includes(NUL_SIGN)),
  };
}

/**
 * Notices about columns that are displayed in another way: other names, fewer digits, integers instead of durations.
 */
export function shapeNotices(shapes: readonly ArrowShape[]): Notice[] {
  const renamed = repeatedNotices(new Set(shapes.flatMap((shape) => shape.renamed)));
  const durations = [...namesOf(shapes, ({ type }) => type.kind === 'duration')].map((name): Notice => ({
    severity: 'info',
    code: 'limit',
    message: message('Column {0} is a duration. It is shown as an integer in the unit of the file', name),
  }));
  return [...renamed, ...narrowedNotices(namesOf(shapes, isNarrowed)), ...durations];
}

function namesOf(shapes: readonly ArrowShape[], has: (field: IpcField) => boolean): Set<string> {
  return new Set(
    shapes.flatMap(({ fields, readable }) =>
      readable.flatMap(({ name, position }) => {
        const field = fields[position];
        return field && has(field) ? [name] : [];
      }),
    ),
  );
}
