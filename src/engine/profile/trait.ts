import type { SampleSequence } from '../../core/data/sampleSequences.ts';
import type { Scalar } from '../../core/table/profile.ts';
import type { RoleGuess } from '../../core/table/role.ts';
import { isNested, isNumeric, isPlainNumber, type LogicalType } from '../../core/table/type.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** A column to profile, with its role. */
export interface Subject {
  readonly column: Pick<SourceColumn, 'name' | 'type'>;
  readonly role: RoleGuess | null;
  /** The sequence that a list belongs to. */
  readonly sequence?: SampleSequence | undefined;
}

/** The properties of a column that decide what can be computed. */
export interface ColumnTraits extends Subject {
  readonly sql: string;
  /** SQL of the value without NaN, for statistics. For types without NaN, the column itself. */
  readonly ordered: string;
  /**
   * SQL of a number for bins and for quantiles of large tables: the value, microseconds, or a length. Null for columns
   * without a number. Floats that are not finite are NULL. The caller must ensure that a time is finite.
   */
  readonly number: string | null;
  readonly type: LogicalType;
  readonly isId: boolean;
  readonly isNumber: boolean;
  readonly isTemporal: boolean;
  /** Statistics are about lengths, not about values. */
  readonly ofLength: boolean;
  /** Values can be ordered and grouped at low cost. */
  readonly isScalar: boolean;
  /** Formats an estimate of `number` like a value of the column. */
  readonly scalar: (x: number) => Scalar;
}

const idRoles = ['user', 'item', 'request', 'positive-item'];

/** `sql`: the column, or its replacement in a derived table. */
export function columnTraits({ column, role, sequence }: Subject, sql = quoteIdentifier(column.name)): ColumnTraits {
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
    sequence,
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

/** An estimated time is accurate to milliseconds at most. */
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
