import { message, type Message } from '../../core/message/message.ts';
import { holdsType } from '../../core/table/holdsKind.ts';
import { typeName, type LogicalType } from '../../core/table/type.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { mapFiles } from '../files/mapFiles.ts';
import { timeStatistics, type TimeColumn, type TimeLeaf } from '../parquet/timeStatistics.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { fromFooter } from './fromFooter.ts';
import type { ParquetShape } from './readShapes.ts';
import type { StoredColumn } from './shape.ts';
import { outOfRangeReason, unreadableMark } from '../database/unreadable.ts';

/** DuckDB has types of times of day without a logical type: with nanoseconds, and with a zone. */
const NANOSECONDS = 'TIME_NS';
const ZONED = 'TIME WITH TIME ZONE';
/** Most files whose dates and timestamps are checked at opening. Times of day always are: they can end the process. */
const MAX_FILES = 1000;

/** The shape of a file whose dates and times were checked. */
export interface CheckedFile {
  readonly shape: ParquetShape;
  /** The footer for DuckDB to read facts from, if the file's own footer would fail or end the process. */
  readonly cleaned: Uint8Array | null;
}

/**
 * Checks dates and times of Parquet files by their footers. DuckDB converts them without a check: a time of day out of
 * range ends the process, others become infinite or another time. Columns with bounds out of range become unreadable,
 * and columns without bounds are checked row by row.
 */
export async function checkTimes(
  files: readonly SourceFile[],
  shapes: readonly ParquetShape[],
): Promise<CheckedFile[]> {
  const variants = new Map<ParquetShape, Map<string, ParquetShape>>();
  return await mapFiles([...files.entries()], async ([k, file]) => {
    const shape = valueAt(shapes, k);
    const isWanted = shape.columns.some(({ type }) => holdsType(type, files.length > MAX_FILES ? isClock : isTime));
    if (!isWanted) return { shape, cleaned: null };
    const { columns, cleaned } = await fromFooter(file, timeStatistics);
    const key = JSON.stringify(
      [...columns].map(([at, { outOfRange, isBounded }]) => [at, outOfRange?.toString(), isBounded]),
    );
    const known = variants.get(shape) ?? new Map<string, ParquetShape>();
    variants.set(shape, known);
    const checked = known.get(key) ?? checkedShape(shape, columns);
    known.set(key, checked);
    return { shape: checked, cleaned };
  });
}

/** True for the error of DuckDB about a timestamp in milliseconds out of range, which names no file and no column. */
export function isMilliseconds(error: string): boolean {
  return error.includes('Could not convert Timestamp(MS) to Timestamp(US)');
}

/** The columns that may hold that timestamp. */
export async function uncheckedMilliseconds(files: readonly SourceFile[]): Promise<string[]> {
  const names = await mapFiles(files, async (file) =>
    [...(await fromFooter(file, timeStatistics)).columns.values()]
      .filter(
        ({ leaves, isBounded }) =>
          !isBounded && leaves.some((leaf) => leaf?.unit === 'ms' && leaf.kind === 'timestamp'),
      )
      .map(({ name }) => name),
  );
  return [...new Set(names.flat())];
}

function checkedShape(shape: ParquetShape, times: ReadonlyMap<number, TimeColumn>): ParquetShape {
  const byName = new Map(shape.byName);
  const columns = shape.columns.map((column, k) => {
    const own = times.get(k);
    const stored = byName.get(column.name);
    if (own === undefined || stored === undefined || column.type.kind === 'unreadable') return column;
    const reason = reasonOf(own);
    if (reason !== null) {
      const refused = {
        type: { kind: 'unreadable', name: typeName(column.type), reason },
        sqlType: 'VARCHAR',
      } as const;
      byName.set(column.name, { ...stored, ...refused });
      return { ...column, ...refused };
    }
    byName.set(column.name, { ...stored, times: own });
    return column;
  });
  return { ...shape, columns, byName };
}

function reasonOf({ leaves, outOfRange, isBounded }: TimeColumn): Message | null {
  if (outOfRange !== null) return outOfRangeReason(String(outOfRange));
  if (!isBounded && leaves.some((leaf) => leaf?.kind === 'time' && leaf.isUtc))
    return message('times of day with a zone cannot be checked without statistics');
  return null;
}

/** DuckDB cuts zoned nanoseconds towards 1970, so its first microsecond may be a time before it. */
function uncheckedReason({ leaves, isBounded }: TimeColumn, value: string): Message {
  const isCut = !isBounded && leaves.some((leaf) => leaf?.kind === 'timestamp' && leaf.unit === 'ns' && leaf.isUtc);
  return isCut
    ? message('it has the date or time {0}, which may be inexact without statistics', value)
    : outOfRangeReason(value);
}

/**
 * SQL of a column of a Parquet file that fails for a time out of range, and names the file and the column.
 * @param sql of the column. `path`: SQL of the path of the file
 */
export function checkedTimes(sql: string, { name, type, times }: StoredColumn, path: () => string): string {
  if (times === undefined) return sql;
  const wrong = firstWrong(sql, type, times.leaves.values(), times.isBounded, 0);
  if (wrong === null) return sql;
  const at = '@';
  const [before = '', after = ''] = unreadableMark({
    name,
    type: { kind: 'unreadable', name: typeName(type), reason: uncheckedReason(times, at) },
  }).split(`["${at}"]`);
  return `CASE WHEN ${wrong} IS NULL THEN ${sql} ELSE error(concat(${quoteLiteral(`${before}["`)}, ${wrong}, ${quoteLiteral(`"]${after}\n`)}, ${path()})) END`;
}

/**
 * SQL of the text of the first value that is out of range; NULL if there is none. Null if nothing can be out of range.
 * `leaves`: those of the type, which are consumed. `isBounded`: true if only times of day need a check. `depth` makes
 * the names of nested lambdas distinct.
 */
function firstWrong(
  sql: string,
  type: LogicalType,
  leaves: Iterator<TimeLeaf | null, undefined>,
  isBounded: boolean,
  depth: number,
): string | null {
  const within = (of: LogicalType, inner: string): string | null => firstWrong(inner, of, leaves, isBounded, depth + 1);
  switch (type.kind) {
    case 'list': {
      const item = within(type.item, `v${depth}`);
      return item && `list_any_value(list_transform(${sql}, lambda v${depth}: ${item}))`;
    }
    case 'map': {
      const parts = [
        within({ kind: 'list', item: type.key }, `map_keys(${sql})`),
        within({ kind: 'list', item: type.value }, `map_values(${sql})`),
      ].filter((part) => part !== null);
      return parts.length === 0 ? null : `coalesce(${parts.join(', ')})`;
    }
    case 'struct': {
      const parts = type.fields
        .map((field, k) => within(field.type, `struct_extract_at(${sql}, ${k + 1})`))
        .filter((part) => part !== null);
      return parts.length === 0 ? null : `coalesce(${parts.join(', ')})`;
    }
    default: {
      const leaf = leaves.next().value ?? null;
      const test = leaf && (leaf.kind === 'time' || !isBounded) ? wrongTest(sql, type, leaf) : null;
      return test && `CASE WHEN ${test.isWrong} THEN CAST(${test.value} AS VARCHAR) END`;
    }
  }
}

function wrongTest(
  sql: string,
  type: LogicalType,
  { kind, unit, isUtc }: TimeLeaf,
): { readonly isWrong: string; readonly value: string } | null {
  switch (kind) {
    case 'time': {
      if (isUtc) return null;
      const isNanos = type.kind === 'other' && type.name === NANOSECONDS;
      const value = `epoch_${isNanos ? 'ns' : 'us'}(${sql})`;
      return { isWrong: `${value} NOT BETWEEN 0 AND ${isNanos ? '86400000000000' : '86400000000'}`, value };
    }
    case 'date':
      return {
        isWrong: `${sql} NOT BETWEEN DATE '290309-12-22 (BC)' AND DATE '294247-01-10'`,
        value: `date_diff('day', DATE '1970-01-01', ${sql})`,
      };
    case 'timestamp':
      if (type.kind !== 'timestamp') return null;
      if (unit === 'ms') return { isWrong: `NOT isfinite(${sql})`, value: sql };
      if (unit === 'us')
        return {
          isWrong: `isfinite(${sql}) AND ${sql} < TIMESTAMP '290309-12-22 (BC) 00:00:00'`,
          value: `epoch_us(${sql})`,
        };
      return isUtc
        ? { isWrong: `${sql} <= TIMESTAMPTZ '1970-01-01 00:00:00+00' OR NOT isfinite(${sql})`, value: sql }
        : { isWrong: `epoch_ns(${sql}) = -9223372036854775808`, value: `epoch_ns(${sql})` };
  }
}

function isClock(type: LogicalType): boolean {
  return type.kind === 'time' || (type.kind === 'other' && (type.name === NANOSECONDS || type.name === ZONED));
}

function isTime(type: LogicalType): boolean {
  return isClock(type) || type.kind === 'timestamp' || type.kind === 'date';
}
