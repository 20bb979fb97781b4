/** Types of Thrift's compact protocol, as in the low four bits of a field header. */
export const wire = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;
type Wire = (typeof wire)[keyof typeof wire];

/** Lists with at least this many elements store their length after the header. */
const LONG_LIST = 15;
const DOUBLE_BYTES = 8;
/** A 64-bit integer takes up to 10 bytes with 7 bits each. */
const VARINT_BITS = 70;
/** Deeper nesting is damage, not metadata. */
const MAX_DEPTH = 64;

/**
 * A value of Thrift's compact protocol. Integers of 16 to 64 bits are bigints. Doubles and texts stay undecoded bytes.
 */
export type CompactValue =
  | { readonly type: typeof wire.true | typeof wire.false }
  | { readonly type: typeof wire.byte; readonly value: number }
  | { readonly type: typeof wire.i16 | typeof wire.i32 | typeof wire.i64; readonly value: bigint }
  | { readonly type: typeof wire.double | typeof wire.binary; readonly value: Uint8Array }
  | { readonly type: typeof wire.list | typeof wire.set; readonly of: Wire; readonly items: readonly CompactValue[] }
  | { readonly type: typeof wire.struct; readonly fields: CompactStruct }
  // Already encoded: a decoded struct takes many times its bytes, even if it is only kept.
  | { readonly type: typeof wire.struct; readonly bytes: Uint8Array };

/** The fields of a struct by id. */
export type CompactStruct = ReadonlyMap<number, CompactValue>;

export function integer(value: bigint): CompactValue {
  return { type: wire.i64, value };
}

export function text(value: string): CompactValue {
  return { type: wire.binary, value: new TextEncoder().encode(value) };
}

export function struct(fields: CompactStruct): CompactValue {
  return { type: wire.struct, fields };
}

export function structs(all: readonly CompactStruct[]): CompactValue {
  return { type: wire.list, of: wire.struct, items: all.map(struct) };
}

/** A list of structs that `writeCompact` has encoded. */
export function writtenStructs(all: readonly Uint8Array[]): CompactValue {
  return { type: wire.list, of: wire.struct, items: all.map((bytes) => ({ type: wire.struct, bytes })) };
}

/**
 * The value of an integer field.
 * @throws RangeError if it is not an integer
 */
export function integerOf(fields: CompactStruct, id: number): bigint {
  const found = fields.get(id);
  if (found?.type !== wire.i64 && found?.type !== wire.i32 && found?.type !== wire.i16)
    throw new RangeError(`field ${id} is no integer`);
  return found.value;
}

/**
 * The fields of a field that is a struct.
 * @throws RangeError if it is not a struct
 */
export function structOf(fields: CompactStruct, id: number): CompactStruct {
  const found = fields.get(id);
  if (found?.type !== wire.struct || !('fields' in found)) throw new RangeError(`field ${id} is no struct`);
  return found.fields;
}

/**
 * The value of a field that is a list of structs.
 * @throws RangeError if it is not a list of structs
 */
export function structsOf(fields: CompactStruct, id: number): CompactStruct[] {
  const found = fields.get(id);
  if (found?.type !== wire.list) throw new RangeError(`field ${id} is no list`);
  return found.items.map((item) => {
    if (item.type !== wire.struct || !('fields' in item)) throw new RangeError(`field ${id} is no list of structs`);
    return item.fields;
  });
}

/**
 * Decodes a struct without knowing its schema.
 * @throws RangeError if the bytes end early or are invalid
 */
export function readCompact(bytes: Uint8Array): CompactStruct {
  return new Reader(bytes).struct();
}

/**
 * True if a struct has the field. Scans the bytes up to the field and stores nothing, so time is bounded by the bytes.
 * @throws RangeError if the bytes end early or are invalid
 */
export function hasField(bytes: Uint8Array, id: number): boolean {
  return new Reader(bytes).hasField(id);
}

/** Content of the fields that are structs or lists. */
export interface KnownField {
  /** Fields of the struct, or of each struct of the list, by id. */
  readonly fields?: KnownFields;
  /** Type of the elements of the list. */
  readonly of?: Wire;
  /** An element takes at least so many bytes: those of its required fields. Default: 1 */
  readonly elementBytes?: number;
}
export type KnownFields = { readonly [id: number]: KnownField };

/**
 * Checks a struct for a reader that trusts it: one that takes memory for the elements that a list claims before it
 * reads them, and that reads elements of the type that it expects, whatever the list says.
 * @throws RangeError if the bytes end early or are invalid, or a list is not what is known of it
 */
export function checkCompact(bytes: Uint8Array, known: KnownFields): void {
  new Reader(bytes).check(known);
}

/** Encodes a struct, with its fields ordered by id. */
export function writeCompact(fields: CompactStruct): Uint8Array {
  const writer = new Writer();
  writer.struct(fields);
  return writer.bytes();
}

/** Reads only within its bytes. Every advance is checked, and a count that exceeds the remaining bytes is rejected. */
class Reader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  struct(depth = 0): CompactStruct {
    const fields = new Map<number, CompactValue>();
    for (const { id, type } of this.#fields(depth)) fields.set(id, isTruth(type) ? { type } : this.#value(type, depth));
    return fields;
  }

  hasField(wanted: number): boolean {
    for (const { id, type } of this.#fields(0)) {
      if (id === wanted) return true;
      if (!isTruth(type)) this.#skip(type, 0);
    }
    return false;
  }

  check(known: KnownFields | undefined, depth = 0): void {
    for (const { id, type } of this.#fields(depth)) if (!isTruth(type)) this.#skip(type, depth, known?.[id]);
  }

  /** Headers of the fields of a struct. The caller must read each value before requesting the next header. */
  *#fields(depth: number): Generator<{ readonly id: number; readonly type: Wire }, void> {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      id = head >> 4 === 0 ? Number(this.#zigzag()) : id + (head >> 4);
      yield { id, type: wireOf(head & 15) };
    }
  }

  #value(type: Wire, depth: number): CompactValue {
    switch (type) {
      case wire.true:
      case wire.false:
        // The type of a boolean field contains its value, but a boolean element is a byte.
        return { type: this.#byte() === wire.true ? wire.true : wire.false };
      case wire.byte:
        return { type, value: this.#byte() };
      case wire.i16:
      case wire.i32:
      case wire.i64:
        return { type, value: this.#zigzag() };
      case wire.double:
        return { type, value: this.#take(DOUBLE_BYTES) };
      case wire.binary:
        return { type, value: this.#take(Number(this.#varint())) };
      case wire.list:
      case wire.set: {
        const { of, length } = this.#listHead(depth);
        return { type, of, items: Array.from({ length }, () => this.#value(of, depth + 1)) };
      }
      case wire.struct:
        return { type, fields: this.struct(depth + 1) };
      case wire.map:
        throw new RangeError('maps are not read');
    }
  }

  /** Like `#value`, but stores nothing. */
  #skip(type: Wire, depth: number, known?: KnownField): void {
    if (type === wire.list || type === wire.set) this.#skipList(depth, known);
    else if (type === wire.struct) this.check(known?.fields, depth + 1);
    else this.#value(type, depth);
  }

  #skipList(depth: number, { of: expected, elementBytes = 1, fields }: KnownField = {}): void {
    const { of, length } = this.#listHead(depth);
    const start = this.#at;
    if (length > 0 && of !== (expected ?? of)) throw new RangeError('a list has elements of another type');
    const element = fields && { fields };
    for (let k = 0; k < length; k++) this.#skip(of, depth + 1, element);
    if (this.#at - start < length * elementBytes) throw new RangeError('elements of a list lack required fields');
  }

  #listHead(depth: number): { readonly of: Wire; readonly length: number } {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    const head = this.#byte();
    const length = head >> 4 === LONG_LIST ? Number(this.#varint()) : head >> 4;
    // Each element takes at least one byte, whatever its type.
    if (length > this.bytes.length - this.#at) throw new RangeError('a list is longer than its bytes');
    // Some writers give an empty list no type.
    return { of: length === 0 && (head & 15) === 0 ? wire.byte : wireOf(head & 15), length };
  }

  #byte(): number {
    const byte = this.bytes[this.#at++];
    if (byte === undefined) throw new RangeError('the bytes end');
    return byte;
  }

  #take(length: number): Uint8Array {
    if (length > this.bytes.length - this.#at) throw new RangeError('the bytes end');
    return this.bytes.subarray(this.#at, (this.#at += length));
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0; shift < VARINT_BITS; shift += 7) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << BigInt(shift);
      if (byte < 128) return value;
    }
    throw new RangeError('a number is too long');
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }
}

class Writer {
  #bytes = new Uint8Array(4096);
  #at = 0;

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  struct(fields: CompactStruct): void {
    let last = 0;
    for (const [id, value] of [...fields].sort(([a], [b]) => a - b)) {
      const delta = id - last;
      if (delta > 0 && delta <= 15) {
        this.#byte((delta << 4) | value.type);
      } else {
        this.#byte(value.type);
        this.#zigzag(BigInt(id));
      }
      last = id;
      if (value.type !== wire.true && value.type !== wire.false) this.#value(value);
    }
    this.#byte(0);
  }

  #value(value: CompactValue): void {
    switch (value.type) {
      case wire.true:
      case wire.false:
        this.#byte(value.type);
        return;
      case wire.byte:
        this.#byte(value.value);
        return;
      case wire.i16:
      case wire.i32:
      case wire.i64:
        this.#zigzag(value.value);
        return;
      case wire.double:
        this.#all(value.value);
        return;
      case wire.binary:
        this.#varint(BigInt(value.value.length));
        this.#all(value.value);
        return;
      case wire.list:
      case wire.set:
        this.#byte((Math.min(value.items.length, LONG_LIST) << 4) | value.of);
        if (value.items.length >= LONG_LIST) this.#varint(BigInt(value.items.length));
        for (const item of value.items) this.#value(item);
        return;
      case wire.struct:
        if ('bytes' in value) this.#all(value.bytes);
        else this.struct(value.fields);
    }
  }

  #byte(byte: number): void {
    this.#all(Uint8Array.of(byte));
  }

  #all(bytes: Uint8Array): void {
    const needed = this.#at + bytes.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(2 * needed);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#at);
    this.#at = needed;
  }

  #varint(value: bigint): void {
    let rest = value;
    for (; rest > 127n; rest >>= 7n) this.#byte(Number(rest & 127n) | 128);
    this.#byte(Number(rest));
  }

  #zigzag(value: bigint): void {
    this.#varint(value < 0n ? -2n * value - 1n : 2n * value);
  }
}

const wires: ReadonlySet<number> = new Set(Object.values(wire));

function wireOf(type: number): Wire {
  if (!isWire(type)) throw new RangeError(`no type ${type}`);
  return type;
}

function isWire(type: number): type is Wire {
  return wires.has(type);
}

function isTruth(type: Wire): type is typeof wire.true | typeof wire.false {
  return type === wire.true || type === wire.false;
}
