import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBStructType,
  FLOAT,
  INTEGER,
  LIST,
  MAP,
  SMALLINT,
  TIME,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
  TIME_NS,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  UUID,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api';
import { message, type Message } from '../../core/message/message.ts';
import { MAX_PRECISION } from '../database/unreadable.ts';
import { twinFields } from '../database/twinNames.ts';
import { uniqueNames } from '../text/dialect.ts';
import { typeText, type IpcField } from './schema.ts';

/** The DuckDB type that holds the values of an Arrow column, or why there is none. */
export type ColumnType = { readonly type: DuckDBType } | { readonly reason: Message };

const integers = {
  8: [UTINYINT, TINYINT],
  16: [USMALLINT, SMALLINT],
  32: [UINTEGER, INTEGER],
  64: [UBIGINT, BIGINT],
} as const;

/** The types are those in which DuckDB reads the same table from a Parquet file of pyarrow. */
export function columnType(field: IpcField): ColumnType {
  const { type, children, name } = field;
  if (name.includes('\0'))
    return { reason: message('its name, or the name of one of its fields, contains a NUL character') };
  switch (type.kind) {
    case 'null':
      return { type: INTEGER };
    case 'boolean':
      return { type: BOOLEAN };
    case 'integer':
      return { type: integers[type.bits][type.signed ? 1 : 0] };
    case 'float':
      return { type: type.bits === 64 ? DOUBLE : FLOAT };
    case 'decimal':
      if (type.precision > MAX_PRECISION)
        return { reason: message('decimals of more than {0} digits would not be exact', MAX_PRECISION) };
      if (type.bits === 256 || type.scale < 0 || type.scale > type.precision) return noCounterpart(field);
      return { type: DECIMAL(type.precision, type.scale) };
    case 'date':
      return { type: DATE };
    case 'time':
      return { type: type.unit === 'ns' ? TIME_NS : TIME };
    case 'timestamp':
      return { type: type.zone !== null ? TIMESTAMPTZ : type.unit === 'ns' ? TIMESTAMP_NS : TIMESTAMP };
    case 'duration':
      return { type: BIGINT };
    case 'bytes':
      return { type: type.isText ? VARCHAR : BLOB };
    case 'fixed-bytes':
      return { type: BLOB };
    case 'uuid':
      return { type: UUID };
    case 'list':
    case 'fixed-list':
      return mapped(children, ([item = VARCHAR]) => LIST(item));
    case 'map':
      // A set, as a map without values, is valid in some writers.
      return children[0]?.children.length === 2
        ? mapped(children[0].children, ([key = VARCHAR, value = VARCHAR]) => MAP(key, value))
        : noCounterpart(field);
    case 'struct':
      return children.length === 0
        ? noCounterpart(field)
        : (twinReason(children) ??
            mapped(children, (types) => new DuckDBStructType(columnNames(children).names, types)));
    default:
      return noCounterpart(field);
  }
}

/** Names of the columns of a file, unique and never empty. */
export function columnNames(fields: readonly IpcField[]): { readonly names: string[]; readonly renamed: string[] } {
  return uniqueNames(fields.map(({ name }, k) => name || `column${k}`));
}

function mapped(children: readonly IpcField[], to: (types: DuckDBType[]) => DuckDBType): ColumnType {
  const types: DuckDBType[] = [];
  for (const child of children) {
    const own = columnType(child);
    if ('reason' in own) return own;
    types.push(own.type);
  }
  return { type: to(types) };
}

function twinReason(fields: readonly IpcField[]): ColumnType | null {
  const reason = twinFields(fields.map(({ name }, k) => name || `column${k}`));
  return reason === null ? null : { reason };
}

function noCounterpart(field: IpcField): ColumnType {
  return { reason: message('the Arrow type {0} has no exact counterpart', typeText(field)) };
}

/** True if values have more digits than they are read with: nanoseconds with a zone. */
export function isNarrowed({ type, children }: IpcField): boolean {
  return type.kind === 'timestamp' ? type.unit === 'ns' && type.zone !== null : children.some(isNarrowed);
}
