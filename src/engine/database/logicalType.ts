import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBType,
} from '@duckdb/node-api';
import type { LogicalType } from '../../core/table/type.ts';

const simple = new Map<DuckDBTypeId, LogicalType>([
  [DuckDBTypeId.BOOLEAN, { kind: 'boolean' }],
  [DuckDBTypeId.TINYINT, { kind: 'integer', bits: 8, signed: true }],
  [DuckDBTypeId.SMALLINT, { kind: 'integer', bits: 16, signed: true }],
  [DuckDBTypeId.INTEGER, { kind: 'integer', bits: 32, signed: true }],
  [DuckDBTypeId.BIGINT, { kind: 'integer', bits: 64, signed: true }],
  [DuckDBTypeId.HUGEINT, { kind: 'integer', bits: 128, signed: true }],
  [DuckDBTypeId.UTINYINT, { kind: 'integer', bits: 8, signed: false }],
  [DuckDBTypeId.USMALLINT, { kind: 'integer', bits: 16, signed: false }],
  [DuckDBTypeId.UINTEGER, { kind: 'integer', bits: 32, signed: false }],
  [DuckDBTypeId.UBIGINT, { kind: 'integer', bits: 64, signed: false }],
  [DuckDBTypeId.UHUGEINT, { kind: 'integer', bits: 128, signed: false }],
  [DuckDBTypeId.FLOAT, { kind: 'float', bits: 32 }],
  [DuckDBTypeId.DOUBLE, { kind: 'float', bits: 64 }],
  [DuckDBTypeId.ENUM, { kind: 'enum' }],
  [DuckDBTypeId.BLOB, { kind: 'binary' }],
  [DuckDBTypeId.UUID, { kind: 'uuid' }],
  [DuckDBTypeId.DATE, { kind: 'date' }],
  [DuckDBTypeId.TIME, { kind: 'time' }],
  [DuckDBTypeId.TIMESTAMP_S, { kind: 'timestamp', unit: 's', zoned: false }],
  [DuckDBTypeId.TIMESTAMP_MS, { kind: 'timestamp', unit: 'ms', zoned: false }],
  [DuckDBTypeId.TIMESTAMP, { kind: 'timestamp', unit: 'us', zoned: false }],
  [DuckDBTypeId.TIMESTAMP_NS, { kind: 'timestamp', unit: 'ns', zoned: false }],
  [DuckDBTypeId.TIMESTAMP_TZ, { kind: 'timestamp', unit: 'us', zoned: true }],
  [DuckDBTypeId.INTERVAL, { kind: 'interval' }],
]);

/** Maps a DuckDB type to a logical type. A type without a counterpart keeps DuckDB's name. */
export function logicalType(type: DuckDBType): LogicalType {
  const known = simple.get(type.typeId);
  if (known !== undefined) return known;
  if (type.typeId === DuckDBTypeId.VARCHAR) return { kind: type.alias === 'JSON' ? 'json' : 'string' };
  if (type instanceof DuckDBDecimalType) return { kind: 'decimal', precision: type.width, scale: type.scale };
  if (type instanceof DuckDBListType) return { kind: 'list', item: logicalType(type.valueType) };
  if (type instanceof DuckDBArrayType) return { kind: 'list', item: logicalType(type.valueType), size: type.length };
  if (type instanceof DuckDBStructType) {
    return {
      kind: 'struct',
      fields: type.entryTypes.map((t, k) => ({ name: type.entryNames[k] ?? '', type: logicalType(t) })),
    };
  }
  if (type instanceof DuckDBMapType)
    return { kind: 'map', key: logicalType(type.keyType), value: logicalType(type.valueType) };
  return { kind: 'other', name: type.toString() };
}
