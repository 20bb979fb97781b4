import type { Notice } from '../../core/table/dataset.ts';
import { message } from '../../core/message/message.ts';
import { typeName, type LogicalType } from '../../core/table/type.ts';
import type { TimeColumn } from '../parquet/timeStatistics.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';

/** A column of a file. `times`: what its footer says about its dates and times. */
export type StoredColumn = SourceColumn & { readonly times?: TimeColumn };

/** The columns that one or more files have in common. */
export interface Shape {
  /** Path of a file with this shape. */
  readonly example: string;
  readonly columns: readonly SourceColumn[];
  /** Columns by displayed name. The name in a column is the one that DuckDB uses. */
  readonly byName: ReadonlyMap<string, StoredColumn>;
  /** Displayed name → the name that would be displayed without partition folders. */
  readonly fileNames: ReadonlyMap<string, string>;
}

/**
 * Merges the columns of files by name, in order of first appearance. A column is NULL in files that do not have it.
 * Integers of different widths get the wider type. Any other difference makes the column text, so that no value
 * changes.
 * Missing columns and different types are reported as notices.
 */
export function unite(shapes: readonly Shape[]): { columns: SourceColumn[]; notices: Notice[] } {
  const first = shapes[0];
  if (first === undefined) return { columns: [], notices: [] };
  if (shapes.length === 1) return { columns: [...first.columns], notices: [] };
  const columns = new Map<string, SourceColumn>();
  const notices: Notice[] = [];
  for (const shape of shapes) {
    for (const column of shape.columns) {
      const key = column.name;
      const known = columns.get(key);
      if (known === undefined) {
        columns.set(key, column);
        if (shape !== first) {
          notices.push({
            severity: 'warning',
            code: 'types-differ',
            message: message(
              'Column {0} is in {1} but not in {2}, where it is NULL',
              column.name,
              shape.example,
              first.example,
            ),
          });
        }
      } else if (known.type.kind === 'unreadable' || column.type.kind === 'unreadable') {
        columns.set(key, known.type.kind === 'unreadable' ? known : column);
      } else if (known.sqlType !== column.sqlType) {
        const type = common(known.type, column.type);
        columns.set(
          key,
          type === null ? { ...known, type: { kind: 'string' }, sqlType: 'VARCHAR' } : { ...known, ...type },
        );
        notices.push({
          severity: 'warning',
          code: 'types-differ',
          message: message(
            'Column {0} is {1} in {2} and {3} in {4}; it is shown as {5}',
            column.name,
            typeName(known.type),
            first.example,
            typeName(column.type),
            shape.example,
            typeName(type?.type ?? { kind: 'string' }),
          ),
        });
      }
    }
    for (const known of columns.values()) {
      if (shape !== first && first.byName.has(known.name) && !shape.byName.has(known.name)) {
        notices.push({
          severity: 'warning',
          code: 'types-differ',
          message: message(
            'Column {0} is in {1} but not in {2}, where it is NULL',
            known.name,
            first.example,
            shape.example,
          ),
        });
      }
    }
  }
  return { columns: [...columns.values()], notices };
}

/** The integer type that can hold both types exactly, or null. */
function common(a: LogicalType, b: LogicalType): { type: LogicalType; sqlType: string } | null {
  if (a.kind !== 'integer' || b.kind !== 'integer') return null;
  const signed = a.signed || b.signed;
  const need = (t: typeof a): number => (signed && !t.signed ? t.bits * 2 : t.bits);
  const bits = Math.max(need(a), need(b));
  if (bits > 128) return null;
  const names: Record<number, string> = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT', 128: 'HUGEINT' };
  const name = names[bits];
  return name === undefined
    ? null
    : { type: { kind: 'integer', bits: bits as 8, signed }, sqlType: signed ? name : `U${name}` };
}
