import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { foldName } from '../sql/foldName.ts';
import { quotePath } from '../sql/quote.ts';
import { besidePartitions } from './besidePartitions.ts';
import { fileList } from './fileList.ts';
import type { Shape } from './shape.ts';
import { uniqueNames } from '../text/dialect.ts';
import { markUnreadable } from '../database/unreadable.ts';
import { logicalType } from '../database/logicalType.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';

/**
 * Virtual columns of DuckDB for the row number and the file of a row. A real column with the same name would hide them.
 */
const virtualColumns = ['file_row_number', 'file_index'];

/** The columns of Parquet files with one schema. */
export interface ParquetShape extends Shape {
  /** Displayed name → name in the statistics. Has no names that occur more than once. */
  readonly paths: ReadonlyMap<string, string>;
  /** Columns that are shown with another name because theirs occurs more than once. */
  readonly renamed: readonly string[];
  /** Columns that are read with fewer digits than the files have. */
  readonly narrowed: readonly string[];
}

/** Columns of every file. Files with equal footer schemas share one shape, and only one of them is described. */
export async function readShapes(
  connections: Connections,
  files: readonly SourceFile[],
  partitions: readonly string[],
  work: Work,
): Promise<(f: SourceFile) => ParquetShape> {
  const shape = async (file: SourceFile): Promise<ParquetShape> => {
    const described = await describe(
      connections,
      `read_parquet(${quotePath(file.realPath)}, hive_partitioning = false)`,
      work,
    );
    const { columns, isNarrowed } = await markUnreadable(connections, file.realPath, described, work);
    const garbled = described.find((c) => c.name.includes('\ufffd'));
    if (garbled !== undefined) {
      throw fail('corrupt', message('The name of column {0} is not valid UTF-8', garbled.name), {
        place: { path: file.path },
        advice: message('Copy or write the file again.'),
      });
    }
    const taken = columns.find((c) => virtualColumns.includes(foldName(c.name)));
    if (taken !== undefined) {
      throw fail(
        'unsupported',
        message('A column is named {0}, which is a reserved name of the Parquet reader', taken.name),
        {
          place: { path: file.path, column: taken.name },
          advice: message('Rename the column.'),
        },
      );
    }
    const { names, renamed } = uniqueNames(columns.map((c) => c.name));
    const shown = besidePartitions(names, partitions);
    const repeated = new Set(columns.filter(({ name }, k) => names[k] !== name).map(({ name }) => name));
    return {
      example: file.path,
      columns: columns.map((c, k) => ({ ...c, name: shown[k] ?? c.name })),
      byName: new Map(columns.map((c, k) => [shown[k] ?? c.name, { ...c, name: described[k]?.name ?? c.name }])),
      fileNames: new Map(names.map((name, k) => [shown[k] ?? name, name])),
      paths: new Map(columns.flatMap((c, k) => (repeated.has(c.name) ? [] : [[shown[k] ?? c.name, c.name]]))),
      renamed,
      narrowed: shown.filter((_, k) => isNarrowed[k] === true),
    };
  };
  const only = files[0];
  if (only !== undefined && files.length === 1) {
    const one = await shape(only);
    return () => one;
  }
  const signatures = await connections.rows(
    `SELECT file_name, md5(string_agg(concat_ws('|', name, type, type_length, repetition_type, num_children, converted_type, scale, precision, logical_type), chr(10) ORDER BY column_id NULLS FIRST)) FROM parquet_schema(${fileList(files)}) GROUP BY file_name`,
    work,
  );
  const signatureOf = new Map(signatures.map(([name, signature]) => [String(name), String(signature)]));
  const shapes = new Map<string, ParquetShape>();
  for (const file of files) {
    const signature = signatureOf.get(file.realPath) ?? file.realPath;
    if (!shapes.has(signature)) shapes.set(signature, await shape(file));
  }
  return (f) => {
    const found = shapes.get(signatureOf.get(f.realPath) ?? f.realPath);
    if (found === undefined) throw new Error(`no shape of ${f.path}`);
    return found;
  };
}

/** Columns of a query, without reading its rows. */
async function describe(connections: Connections, sql: string, work: Work): Promise<SourceColumn[]> {
  return await connections.use(async (connection) => {
    const result = await connection.run(`SELECT * FROM ${sql} LIMIT 0`);
    const types = result.columnTypes();
    return result.columnNames().map((name, k) => {
      const type = types[k];
      if (type === undefined) throw new Error(`no type for column ${name}`);
      return { name, type: logicalType(type), sqlType: type.toString(), partition: false };
    });
  }, work);
}
