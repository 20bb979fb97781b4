import type { Scalar } from '../../core/table/profile.ts';
import type { RoleGuess } from '../../core/table/role.ts';
import { isNested, isNumeric, isPlainNumber, type LogicalType } from '../../core/table/type.ts';
import type { SourceColumn } from '../source/source.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** A column to profile, with its role. */
export interface Subject {
  readonly column: SourceColumn;
  readonly role: RoleGuess | null;
}

/** What can be computed of a column. */
export interface Trait extends Subject {
  readonly sql: string;
  /** SQL of the value without NaN, for statistics; the column itself where there is no NaN. */
  readonly ordered: string;
  /**
   * SQL of a number (values, or microseconds, or lengths) for quantiles of large tables and bins; null where there is none. NULL for floats that
   * are not finite; a time must be finite.
   */
  readonly number: string | null;
  readonly type: LogicalType;
  readonly isId: boolean;
  readonly isNumber: boolean;
  readonly isTemporal: boolean;
  /** Statistics are those of lengths. */
  readonly ofLength: boolean;
  /** Values can be ordered and grouped at little cost. */
  readonly isScalar: boolean;
  /** An estimate of `number` written as values of the column are. */
  readonly scalar: (x: number) => Scalar;
}

const idRoles = ['user', 'item', 'request', 'positive-item'];

/** `sql`: the column, or what stands for it in a table made of it. */
export function traitOf({ column, role }: Subject, sql = quoteIdentifier(column.name)): Trait {
  const { type } = column;
  const isId = role !== null && idRoles.includes(role.role) && !isNested(type);
  const isTemporal = type.kind === 'date' || type.kind === 'timestamp';
  const isNumber = isNumeric(type);
  const isText = type.kind === 'string' || type.kind === 'json' || type.kind === 'enum' || type.kind === 'uuid';
  const ordered = type.kind === 'float' ? `CASE WHEN NOT isnan(${sql}) THEN ${sql} END` : sql;
  const ofLength = isText || type.kind === 'list' || type.kind === 'map' || type.kind === 'binary';
  return {
    column,
    role,
    sql,
    ordered,
    type,
    isId,
    isNumber,
    isTemporal,
    ofLength,
    isScalar: isNumber || isTemporal || isText || type.kind === 'boolean' || type.kind === 'time',
    number: numberSql(sql, type),
    scalar: (x) => (isTemporal ? timeText(x, type) : type.kind === 'integer' || ofLength ? integer(x, type) : x),
  };
}

/** An estimate of a time has no more digits than milliseconds. */
function timeText(microseconds: number, type: LogicalType): string {
  const iso = new Date(microseconds / 1000).toISOString();
  return type.kind === 'date'
    ? iso.slice(0, 10)
    : iso.slice(0, 23).replace('T', ' ') + (type.kind === 'timestamp' && type.zoned ? '+00' : '');
}

function integer(x: number, type: LogicalType): Scalar {
  const rounded = Math.round(x);
  return type.kind === 'integer' && !isPlainNumber(type) ? BigInt(rounded).toString() : rounded;
}

function numberSql(sql: string, type: LogicalType): string | null {
  switch (type.kind) {
    case 'float':
      return `CASE WHEN isfinite(${sql}) THEN CAST(${sql} AS DOUBLE) END`;
    case 'integer':
    case 'decimal':
      return `CAST(${sql} AS DOUBLE)`;
    case 'date':
    case 'timestamp':
      return `CAST(epoch_us(${sql}) AS DOUBLE)`;
    case 'string':
    case 'json':
    case 'enum':
    case 'uuid':
      return `CAST(length(CAST(${sql} AS VARCHAR)) AS DOUBLE)`;
    case 'list':
      return `CAST(len(${sql}) AS DOUBLE)`;
    case 'map':
      return `CAST(cardinality(${sql}) AS DOUBLE)`;
    case 'binary':
      return `CAST(octet_length(${sql}) AS DOUBLE)`;
    default:
      return null;
  }
}
