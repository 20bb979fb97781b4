import { message } from '../../core/message/message.ts';
import type { TimeUnit } from '../../core/table/type.ts';
import type { FlatTable } from './flatTable.ts';
import { unsupported } from './problem.ts';

/** Bytes per offset of texts, binaries and lists; `view`: each value has a separate offset and length. */
type Offsets = 4 | 8 | 'view';

/** A type of Arrow (format/Schema.fbs). */
export type IpcType =
  | { readonly kind: 'null' | 'boolean' | 'uuid' | 'struct' | 'map' | 'run-end-encoded' }
  | { readonly kind: 'integer'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 16 | 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number; readonly bits: 32 | 64 | 128 | 256 }
  | { readonly kind: 'date'; readonly unit: 'day' | 'ms' }
  | { readonly kind: 'time' | 'duration'; readonly unit: TimeUnit }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zone: string | null }
  | { readonly kind: 'interval'; readonly unit: 'month' | 'day-time' | 'month-day-nano' }
  | { readonly kind: 'bytes'; readonly isText: boolean; readonly offsets: Offsets }
  | { readonly kind: 'fixed-bytes'; readonly width: number }
  | { readonly kind: 'list'; readonly offsets: 4 | 8 }
  | { readonly kind: 'list-view'; readonly offsets: 4 | 8 }
  | { readonly kind: 'fixed-list'; readonly size: number }
  | { readonly kind: 'union'; readonly isDense: boolean };

export interface IpcField {
  readonly name: string;
  readonly type: IpcType;
  readonly isNullable: boolean;
  readonly children: readonly IpcField[];
  /** Set if batches hold indices into a dictionary of values of this type. */
  readonly dictionary: null | { readonly id: bigint; readonly index: Extract<IpcType, { kind: 'integer' }> };
}

export interface IpcSchema {
  readonly fields: readonly IpcField[];
  readonly keyValues: readonly (readonly [key: string, value: string])[];
}

/** Maximum nesting depth of types. */
const MAX_DEPTH = 64;
const units: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];

/** @throws RangeError if the schema is damaged; FailureError `unsupported` */
export function schemaOf(schema: FlatTable): IpcSchema {
  if (schema.short(0) !== 0) throw unsupported(message('big-endian Arrow data'));
  return { fields: schema.tables(1).map((field) => fieldOf(field, 0)), keyValues: keyValuesOf(schema, 2) };
}

export function keyValuesOf(table: FlatTable, field: number): (readonly [string, string])[] {
  return table.tables(field).map((pair) => [pair.text(0) ?? '', pair.text(1) ?? ''] as const);
}

function fieldOf(field: FlatTable, depth: number): IpcField {
  if (depth > MAX_DEPTH) throw unsupported(message('types that are nested more than {0} levels deep', MAX_DEPTH));
  const children = field.tables(5).map((child) => fieldOf(child, depth + 1));
  const type = extended(typeOf(field.byte(2), field.table(3)), keyValuesOf(field, 6));
  checkChildren(type, children);
  const dictionary = field.table(4);
  return {
    name: field.text(0) ?? '',
    type,
    isNullable: field.byte(1) !== 0,
    children,
    dictionary: dictionary && { id: dictionary.long(0), index: indexOf(dictionary.table(1)) },
  };
}

/** The DuckDB type for an Arrow extension type. */
function extended(type: IpcType, keyValues: IpcSchema['keyValues']): IpcType {
  const isUuid = keyValues.some(([key, value]) => key === 'ARROW:extension:name' && value === 'arrow.uuid');
  return isUuid && type.kind === 'fixed-bytes' && type.width === 16 ? { kind: 'uuid' } : type;
}

/** The type of dictionary indices. If the schema sets none, they are signed 32-bit integers. */
function indexOf(type: FlatTable | null): Extract<IpcType, { kind: 'integer' }> {
  return type === null ? { kind: 'integer', bits: 32, signed: true } : integerOf(type);
}

function typeOf(number: number, table: FlatTable | null): IpcType {
  if (table === null) throw new RangeError('no type');
  switch (number) {
    case 1:
      return { kind: 'null' };
    case 2:
      return integerOf(table);
    case 3:
      return { kind: 'float', bits: oneOf(table.short(0), [16, 32, 64] as const) };
    case 4:
    case 5:
      return { kind: 'bytes', isText: number === 5, offsets: 4 };
    case 6:
      return { kind: 'boolean' };
    case 7:
      return decimalOf(table);
    case 8:
      return { kind: 'date', unit: oneOf(table.short(0, 1), ['day', 'ms'] as const) };
    case 9:
      return { kind: 'time', unit: oneOf(table.short(0, 1), units) };
    case 10:
      return { kind: 'timestamp', unit: oneOf(table.short(0), units), zone: table.text(1) || null };
    case 11:
      return { kind: 'interval', unit: oneOf(table.short(0), ['month', 'day-time', 'month-day-nano'] as const) };
    case 12:
      return { kind: 'list', offsets: 4 };
    case 13:
      return { kind: 'struct' };
    case 14:
      return { kind: 'union', isDense: table.short(0) === 1 };
    case 15:
      return { kind: 'fixed-bytes', width: atLeastZero(table.int(0)) };
    case 16:
      return { kind: 'fixed-list', size: atLeastZero(table.int(0)) };
    case 17:
      return { kind: 'map' };
    case 18:
      return { kind: 'duration', unit: oneOf(table.short(0, 1), units) };
    case 19:
    case 20:
      return { kind: 'bytes', isText: number === 20, offsets: 8 };
    case 21:
      return { kind: 'list', offsets: 8 };
    case 22:
      return { kind: 'run-end-encoded' };
    case 23:
    case 24:
      return { kind: 'bytes', isText: number === 24, offsets: 'view' };
    case 25:
    case 26:
      return { kind: 'list-view', offsets: number === 25 ? 4 : 8 };
    default:
      throw unsupported(message('the type with number {0}', number));
  }
}

function integerOf(table: FlatTable): Extract<IpcType, { kind: 'integer' }> {
  const bits = table.int(0);
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) throw new RangeError('bits of an integer');
  return { kind: 'integer', bits, signed: table.byte(1) !== 0 };
}

function decimalOf(table: FlatTable): IpcType {
  const bits = table.int(2, 128);
  if (bits !== 32 && bits !== 64 && bits !== 128 && bits !== 256) throw new RangeError('a decimal');
  const precision = table.int(0);
  if (precision < 1 || precision > 76) throw new RangeError('a decimal');
  return { kind: 'decimal', precision, scale: table.int(1), bits };
}

function oneOf<T>(index: number, values: readonly T[]): T {
  const value = values[index];
  if (value === undefined) throw new RangeError('a unit');
  return value;
}

function atLeastZero(size: number): number {
  if (size < 0) throw new RangeError('a width');
  return size;
}

function checkChildren(type: IpcType, children: readonly IpcField[]): void {
  const wanted = { list: 1, 'list-view': 1, 'fixed-list': 1, map: 1, 'run-end-encoded': 2, struct: null, union: null };
  const count = type.kind in wanted ? wanted[type.kind as keyof typeof wanted] : 0;
  const [entries] = children;
  if ((count !== null && children.length !== count) || (type.kind === 'map' && entries?.type.kind !== 'struct'))
    throw new RangeError('columns inside a column');
}

/** Name of a type as pyarrow prints it: `timestamp[ns, tz=UTC]`, `dictionary<values=string, indices=int8>`. */
export function typeText(field: IpcField): string {
  const text = plainText(field);
  return field.dictionary === null
    ? text
    : `dictionary<values=${text}, indices=${integerText(field.dictionary.index)}>`;
}

function plainText({ type, children }: IpcField): string {
  const inner = children.map((child) => `${child.name}: ${typeText(child)}`).join(', ');
  const item = children[0] ? typeText(children[0]) : '';
  switch (type.kind) {
    case 'boolean':
      return 'bool';
    case 'uuid':
      return 'extension<arrow.uuid>';
    case 'integer':
      return integerText(type);
    case 'float':
      return { 16: 'halffloat', 32: 'float', 64: 'double' }[type.bits];
    case 'decimal':
      return `decimal${type.bits}(${type.precision}, ${type.scale})`;
    case 'date':
      return type.unit === 'day' ? 'date32[day]' : 'date64[ms]';
    case 'time':
      return `time${type.unit === 's' || type.unit === 'ms' ? 32 : 64}[${type.unit}]`;
    case 'duration':
      return `duration[${type.unit}]`;
    case 'timestamp':
      return `timestamp[${type.unit}${type.zone === null ? '' : `, tz=${type.zone}`}]`;
    case 'interval':
      return `${type.unit.replaceAll('-', '_')}_interval`;
    case 'bytes':
      return `${type.offsets === 8 ? 'large_' : ''}${type.isText ? 'string' : 'binary'}${type.offsets === 'view' ? '_view' : ''}`;
    case 'fixed-bytes':
      return `fixed_size_binary[${type.width}]`;
    case 'list':
      return `${type.offsets === 8 ? 'large_' : ''}list<${item}>`;
    case 'list-view':
      return `${type.offsets === 8 ? 'large_' : ''}list_view<${item}>`;
    case 'fixed-list':
      return `fixed_size_list<${item}>[${type.size}]`;
    case 'struct':
      return `struct<${inner}>`;
    case 'map':
      return `map<${(children[0]?.children ?? []).map(typeText).join(', ')}>`;
    case 'union':
      return `${type.isDense ? 'dense' : 'sparse'}_union<${inner}>`;
    case 'run-end-encoded':
      return `run_end_encoded<${inner}>`;
    case 'null':
      return 'null';
  }
}

function integerText({ bits, signed }: Extract<IpcType, { kind: 'integer' }>): string {
  return `${signed ? '' : 'u'}int${bits}`;
}
