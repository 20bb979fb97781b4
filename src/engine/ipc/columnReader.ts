import { message } from '../../core/message/message.ts';
import { f64At, u32At, u8At } from '../../core/valueAt.ts';
import type { ColumnLayout } from './batchLayout.ts';
import { noBuffer, type IpcBody, type IpcBuffer } from './body.ts';
import type { Budget } from './budget.ts';
import { gather, isValid, type Column, type Valid } from './column.ts';
import { fixedType, type FixedType } from './fixedValues.ts';
import { damaged, TimeOutOfRange, unsupported } from './problem.ts';
import { typeText, type IpcField, type IpcType } from './schema.ts';
import { valueBytes } from './valueBytes.ts';
import { textOffsets, viewedValues } from './textValues.ts';

/** Values that batches refer to, by id. `type`: of the values, as text. */
export type Dictionaries = ReadonlyMap<bigint, { readonly type: string; readonly values: Column }>;

/** Reads the values of one column of a batch, some rows at a time. */
export class ColumnReader {
  readonly #type: IpcType;
  readonly #fixed: FixedType | null;

  private constructor(
    private readonly field: IpcField,
    private readonly length: number,
    private readonly validity: IpcBuffer,
    private readonly buffers: readonly IpcBuffer[],
    private readonly children: readonly ColumnReader[],
    private readonly dictionaries: Dictionaries,
    private readonly outOfRange: (stored: bigint) => void,
  ) {
    this.#type = field.dictionary?.index ?? field.type;
    this.#fixed = fixedType(this.#type);
  }

  /**
   * @param outOfRange called with a date or time that DuckDB cannot hold; the values read with it are meaningless
   * @throws FailureError `corrupt` if the buffers do not fit the column
   */
  static async open(
    layout: ColumnLayout,
    body: IpcBody,
    dictionaries: Dictionaries,
    outOfRange: (stored: bigint) => void,
  ): Promise<ColumnReader> {
    const { field, length, nulls, buffers, children } = layout;
    const opened: IpcBuffer[] = [];
    for (const number of buffers) opened.push(await body.buffer(number));
    const [validity = noBuffer, ...others] = opened;
    const inner: ColumnReader[] = [];
    for (const child of children) inner.push(await ColumnReader.open(child, body, dictionaries, outOfRange));
    const reader = new ColumnReader(field, length, validity, others, inner, dictionaries, outOfRange);
    if (field.type.kind !== 'null' || field.dictionary !== null) await reader.#checkNulls(nulls);
    return reader;
  }

  /**
   * The values `from` … `from + count − 1`. Null if they need more memory than the budget has.
   * @param parent rows whose parent is NULL are NULL too
   */
  async read(from: number, count: number, parent: Valid, budget: Budget): Promise<Column | null> {
    if (from + count > this.length) throw damaged(message('a batch does not fit the schema'));
    if (!budget.take(count * valueBytes(this.#type))) return null;
    if (this.#type.kind === 'null')
      return { kind: 'fixed', count, valid: new Uint8Array(count), width: 4, data: new Uint8Array(4 * count) };
    const valid = await this.#valid(from, count, parent);
    if (this.field.dictionary !== null) return await this.#fromDictionary(from, count, valid, budget);
    if (this.#fixed) {
      const data = this.#converted(this.#fixed, await this.#fixedBytes(this.#fixed.width, from, count), count, valid);
      return { kind: 'fixed', count, valid, width: this.#fixed.to, data };
    }
    const type = this.#type;
    switch (type.kind) {
      case 'boolean':
        return { kind: 'fixed', count, valid, width: 1, data: await this.#bits(this.#buffer(0), from, count) };
      case 'fixed-bytes': {
        const data = await this.#fixedBytes(type.width, from, count);
        const starts = Uint32Array.from({ length: count }, (_, k) => k * type.width);
        const lengths = Uint32Array.from({ length: count }, (_, k) => (isValid(valid, k) ? type.width : 0));
        return { kind: 'bytes', count, valid, data, starts, lengths };
      }
      case 'bytes':
        return type.offsets === 'view'
          ? await viewedValues(this.buffers, from, count, valid, type.isText, budget)
          : await this.#texts(type.offsets, type.isText, from, count, valid, budget);
      case 'list':
        return await this.#lists(type.offsets, from, count, valid, budget);
      case 'map': {
        const lists = await this.#lists(4, from, count, valid, budget);
        if (lists) checkKeys(lists);
        return lists;
      }
      case 'fixed-list': {
        const items = await this.#items(
          from * type.size,
          count * type.size,
          () => maskOf(valid, count, () => type.size),
          budget,
        );
        const starts = Uint32Array.from({ length: count }, (_, k) => k * type.size);
        const lengths = Uint32Array.from({ length: count }, (_, k) => (isValid(valid, k) ? type.size : 0));
        return items && { kind: 'list', count, valid, starts, lengths, items };
      }
      case 'struct': {
        const fields: Column[] = [];
        for (const child of this.children) {
          const field = await child.read(from, count, valid, budget);
          if (field === null) return null;
          fields.push(field);
        }
        return { kind: 'struct', count, valid, fields };
      }
      default:
        throw unsupported(message('the type {0}', typeText(this.field)));
    }
  }

  #converted(type: FixedType, bytes: Uint8Array<ArrayBuffer>, count: number, valid: Valid): typeof bytes {
    try {
      return type.convert(bytes, count, valid);
    } catch (error) {
      if (!(error instanceof TimeOutOfRange)) throw error;
      this.outOfRange(error.value);
      return new Uint8Array(type.to * count);
    }
  }

  #buffer(number: number): IpcBuffer {
    return this.buffers[number] ?? noBuffer;
  }

  async #fixedBytes(width: number, from: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#buffer(0).read(width * from, width * (from + count));
  }

  async #bits(buffer: IpcBuffer, from: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    const first = Math.floor(from / 8);
    const bytes = await buffer.read(first, count === 0 ? first : Math.ceil((from + count) / 8));
    const all = new Uint8Array(count);
    for (let k = 0; k < count; k++) {
      const bit = from - 8 * first + k;
      all[k] = (u8At(bytes, bit >> 3) >> (bit & 7)) & 1;
    }
    return all;
  }

  async #valid(from: number, count: number, parent: Valid): Promise<Valid> {
    if (this.validity.length === 0) return parent;
    const own = await this.#bits(this.validity, from, count);
    if (parent !== null) for (let k = 0; k < count; k++) own[k] = u8At(own, k) & u8At(parent, k);
    return own.includes(0) ? own : null;
  }

  /** The bits decide which values are NULL. If the stored count of NULLs contradicts them, the file is damaged. */
  async #checkNulls(nulls: number): Promise<void> {
    let found = 0;
    if (this.validity.length > 0) {
      const step = 1 << 20;
      for (let from = 0; from < this.length; from += step)
        for (const bit of await this.#bits(this.validity, from, Math.min(step, this.length - from))) found += 1 - bit;
    }
    if (nulls >= 0 && found !== nulls)
      throw damaged(message('a column has {0} NULLs, but its batch says {1}', found, nulls));
  }

  /** Values of a dictionary. */
  async #fromDictionary(from: number, count: number, valid: Valid, budget: Budget): Promise<Column | null> {
    const { dictionary } = this.field;
    const known = dictionary && this.dictionaries.get(dictionary.id);
    if (!known || !this.#fixed) throw damaged(message('a dictionary is missing'));
    if (known.type !== typeText({ ...this.field, dictionary: null }))
      throw damaged(message('two columns of different types share a dictionary'));
    const bytes = await this.#fixedBytes(this.#fixed.width, from, count);
    return gather(known.values, indicesOf(bytes, count, dictionary.index), valid, budget);
  }

  async #texts(
    width: 4 | 8,
    isText: boolean,
    from: number,
    count: number,
    valid: Valid,
    budget: Budget,
  ): Promise<Column | null> {
    const offsets = await this.#offsets(width, from, count);
    const [base, end] = [f64At(offsets, 0), f64At(offsets, count)];
    if (end > this.#buffer(1).length) throw damaged(message('an offset is outside of the data'));
    if (!budget.take(end - base)) return null;
    return {
      count,
      valid,
      ...textOffsets(await this.#buffer(1).read(base, end), offsets, valid, isText),
    };
  }

  async #lists(width: 4 | 8, from: number, count: number, valid: Valid, budget: Budget): Promise<Lists | null> {
    const offsets = await this.#offsets(width, from, count);
    const base = f64At(offsets, 0);
    const lengthOf = (k: number): number => f64At(offsets, k + 1) - f64At(offsets, k);
    const items = await this.#items(base, f64At(offsets, count) - base, () => maskOf(valid, count, lengthOf), budget);
    const starts = Uint32Array.from({ length: count }, (_, k) => f64At(offsets, k) - base);
    const lengths = Uint32Array.from({ length: count }, (_, k) => (isValid(valid, k) ? lengthOf(k) : 0));
    return items && { kind: 'list', count, valid, starts, lengths, items };
  }

  async #items(from: number, count: number, mask: () => Valid, budget: Budget): Promise<Column | null> {
    const [items] = this.children;
    if (!items) throw new Error('a list without items');
    if (from + count > items.length) throw damaged(message('an offset is outside of the data'));
    // Checked before a mask of that size is allocated.
    if (count > budget.left) return null;
    return await items.read(from, count, mask(), budget);
  }

  /** `count` + 1 ascending offsets. A column without values may have none. */
  async #offsets(width: 4 | 8, from: number, count: number): Promise<Float64Array> {
    if (count === 0) return new Float64Array(1);
    const bytes = await this.#buffer(0).read(width * from, width * (from + count + 1));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const offsets = new Float64Array(count + 1);
    for (let k = 0; k <= count; k++) {
      const offset = width === 4 ? view.getInt32(4 * k, true) : Number(view.getBigInt64(8 * k, true));
      if (offset < (k === 0 ? 0 : f64At(offsets, k - 1)) || offset > Number.MAX_SAFE_INTEGER)
        throw damaged(message('offsets do not ascend'));
      offsets[k] = offset;
    }
    return offsets;
  }
}

type Lists = Extract<Column, { kind: 'list' }>;

/** Marks the items of NULL lists as NULL, because their bytes are undefined. Null if no list is NULL. */
function maskOf(valid: Valid, count: number, lengthOf: (row: number) => number): Valid {
  if (valid === null) return null;
  let [total, hidden] = [0, 0];
  for (let k = 0; k < count; k++) {
    total += lengthOf(k);
    if (valid[k] === 0) hidden += lengthOf(k);
  }
  if (hidden === 0) return null;
  const mask = new Uint8Array(total).fill(1);
  for (let k = 0, at = 0; k < count; at += lengthOf(k), k++) if (valid[k] === 0) mask.fill(0, at, at + lengthOf(k));
  return mask;
}

function checkKeys({ count, starts, lengths, items }: Lists): void {
  const keys = items.kind === 'struct' ? items.fields[0] : undefined;
  for (let row = 0; row < count; row++)
    for (let k = u32At(starts, row); k < u32At(starts, row) + u32At(lengths, row); k++)
      if (!isValid(items.valid, k) || !isValid(keys?.valid ?? null, k))
        throw damaged(message('a key of a map is NULL'));
}

function indicesOf(
  bytes: Uint8Array,
  count: number,
  { bits, signed }: Extract<IpcType, { kind: 'integer' }>,
): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = {
    8: (k: number) => (signed ? view.getInt8(k) : view.getUint8(k)),
    16: (k: number) => (signed ? view.getInt16(2 * k, true) : view.getUint16(2 * k, true)),
    32: (k: number) => (signed ? view.getInt32(4 * k, true) : view.getUint32(4 * k, true)),
    64: (k: number) => Number(signed ? view.getBigInt64(8 * k, true) : view.getBigUint64(8 * k, true)),
  }[bits];
  return Float64Array.from({ length: count }, (_, k) => at(k));
}
