import { isUtf8 } from 'node:buffer';
import { message } from '../../core/message/message.ts';
import { f64At, u32At, u8At } from '../../core/valueAt.ts';
import { noBuffer, type IpcBuffer } from './body.ts';
import type { Budget } from './budget.ts';
import { isValid, type BytesValues, type Column, type Valid } from './column.ts';
import { damaged } from './problem.ts';

const VIEW_BYTES = 16;
/** Longest value that is stored in its view. */
const INLINE_BYTES = 12;
/** Ranges of a buffer up to this length are read at once, in bytes. */
const RANGE_BYTES = 64 << 20;

/**
 * Places of texts or binaries. `offsets`: ascending, one more than values.
 * @param data the bytes from the first offset to the last
 * @throws FailureError `corrupt` if a text is not UTF-8
 */
export function textOffsets(
  data: Uint8Array<ArrayBuffer>,
  offsets: Float64Array,
  valid: Valid,
  isText: boolean,
): BytesValues {
  const count = offsets.length - 1;
  const base = f64At(offsets, 0);
  const [starts, lengths] = [new Uint32Array(count), new Uint32Array(count)];
  for (let k = 0; k < count; k++) {
    starts[k] = f64At(offsets, k) - base;
    lengths[k] = isValid(valid, k) ? f64At(offsets, k + 1) - f64At(offsets, k) : 0;
  }
  const values = { kind: 'bytes', data, starts, lengths } as const;
  if (isText) checkTexts(values);
  return values;
}

/** All texts are checked together. The bytes of NULLs may be anything, so only then each is checked by itself. */
function checkTexts({ data, starts, lengths }: BytesValues): void {
  const isInside = (at: number): boolean => at < data.length && (u8At(data, at) & 0xc0) === 0x80;
  if (isUtf8(data) && !starts.some(isInside)) return;
  for (let k = 0; k < starts.length; k++) {
    const from = u32At(starts, k);
    if (!isUtf8(data.subarray(from, from + u32At(lengths, k)))) throw damaged(message('a text is not valid UTF-8'));
  }
}

/**
 * Values that have a place each: in the view, or in one of many buffers.
 * @param buffers views, then data
 * @returns null if they need more memory than the budget has
 */
export async function viewedValues(
  buffers: readonly IpcBuffer[],
  from: number,
  count: number,
  valid: Valid,
  isText: boolean,
  budget: Budget,
): Promise<Column | null> {
  const [views = noBuffer, ...sources] = buffers;
  const bytes = await views.read(VIEW_BYTES * from, VIEW_BYTES * (from + count));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [starts, lengths] = [new Uint32Array(count), new Uint32Array(count)];
  const ranges = new Map<number, { from: number; to: number }>();
  let total = 0;
  for (let k = 0; k < count; k++) {
    starts[k] = total;
    if (!isValid(valid, k)) continue;
    const length = view.getInt32(VIEW_BYTES * k, true);
    if (length < 0) throw damaged(message('a text has a negative length'));
    lengths[k] = length;
    total += length;
    if (!budget.take(length)) return null;
    if (length > INLINE_BYTES)
      extend(ranges, view.getInt32(VIEW_BYTES * k + 8, true), view.getInt32(VIEW_BYTES * k + 12, true), length);
  }
  const data = new Uint8Array(total);
  const held = await heldRanges(sources, ranges);
  for (let k = 0; k < count; k++) {
    const length = u32At(lengths, k);
    const at = VIEW_BYTES * k;
    if (length <= INLINE_BYTES) {
      data.set(bytes.subarray(at + 4, at + 4 + length), starts[k]);
      continue;
    }
    const own = await held(view.getInt32(at + 8, true), view.getInt32(at + 12, true), length);
    if (!own.subarray(0, 4).every((b, j) => b === bytes[at + 4 + j]))
      throw damaged(message('the beginning of a text contradicts the text'));
    data.set(own, starts[k]);
  }
  const values = { kind: 'bytes', data, starts, lengths } as const;
  if (isText) checkTexts(values);
  return { count, valid, ...values };
}

function extend(ranges: Map<number, { from: number; to: number }>, buffer: number, at: number, length: number): void {
  const range = ranges.get(buffer);
  if (range === undefined) ranges.set(buffer, { from: at, to: at + length });
  else {
    range.from = Math.min(range.from, at);
    range.to = Math.max(range.to, at + length);
  }
}

/** Reads the used range of every buffer once, if it is not too long. */
async function heldRanges(
  sources: readonly IpcBuffer[],
  ranges: ReadonlyMap<number, { readonly from: number; readonly to: number }>,
): Promise<(buffer: number, at: number, length: number) => Uint8Array | Promise<Uint8Array>> {
  const held = new Map<number, { readonly from: number; readonly bytes: Uint8Array }>();
  let left = RANGE_BYTES;
  for (const [number, { from, to }] of ranges) {
    const source = sources[number];
    if (source === undefined || from < 0) throw damaged(message('a text is outside of the buffers'));
    left -= to - from;
    if (left >= 0) held.set(number, { from, bytes: await source.read(from, to) });
  }
  return (buffer, at, length) => {
    const own = held.get(buffer);
    return own
      ? own.bytes.subarray(at - own.from, at - own.from + length)
      : (sources[buffer] ?? noBuffer).read(at, at + length);
  };
}
