import { message, type Message } from '../message/message.ts';

/** Units of times and timestamps, as stored. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** The logical type of a column, independent of the file format. */
export type LogicalType =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly bits: 8 | 16 | 32 | 64 | 128; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'enum' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'json' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zoned: boolean }
  | { readonly kind: 'interval' }
  | { readonly kind: 'list'; readonly item: LogicalType; readonly size?: number }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: LogicalType }[] }
  | { readonly kind: 'map'; readonly key: LogicalType; readonly value: LogicalType }
  | { readonly kind: 'other'; readonly name: string }
  /** A column that is not read, because its values would not be exact. `name`: its type in the file. */
  | { readonly kind: 'unreadable'; readonly name: string; readonly reason: Message };

/** Short name as shown under a header: `int64`, `timestamp[µs, UTC]`, `list<float>[64]`, `decimal(18, 4)`. */
export function typeName(type: LogicalType): string {
  switch (type.kind) {
    case 'integer':
      return `${type.signed ? '' : 'u'}int${type.bits}`;
    case 'float':
      return type.bits === 32 ? 'float' : 'double';
    case 'decimal':
      return `decimal(${type.precision}, ${type.scale})`;
    case 'timestamp':
      return `timestamp[${type.unit === 'us' ? 'µs' : type.unit}${type.zoned ? ', UTC' : ''}]`;
    case 'list':
      return `list<${typeName(type.item)}>${type.size === undefined ? '' : `[${type.size}]`}`;
    case 'struct':
      return `struct<${type.fields.map((f) => `${f.name}: ${typeName(f.type)}`).join(', ')}>`;
    case 'map':
      return `map<${typeName(type.key)}, ${typeName(type.value)}>`;
    case 'other':
    case 'unreadable':
      return type.name;
    default:
      return type.kind;
  }
}

/** True for numeric types, which are right-aligned. */
export function isNumeric(type: LogicalType): boolean {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'decimal';
}

/** True for lists, structs and maps: shortened in a cell, complete in the detail pane. */
export function isNested(type: LogicalType): boolean {
  return type.kind === 'list' || type.kind === 'struct' || type.kind === 'map';
}

/** True if a JavaScript number holds all values exactly: floats, and integers of at most 32 bits. */
export function isPlainNumber(type: LogicalType): boolean {
  return (type.kind === 'integer' && type.bits <= 32) || type.kind === 'float';
}

/** Why a column is not read; null if it is read. */
export function unreadableMessage({
  name,
  type,
}: {
  readonly name: string;
  readonly type: LogicalType;
}): Message | null {
  return type.kind === 'unreadable' ? message('Column {0} cannot be read: {1}', name, type.reason) : null;
}
