import type { Allocate } from '../../../core/sampling/alias.ts';
import type { UserBlock, World } from '../../../core/sampling/world/world.ts';

/** Rows that a thread keeps while others are drawn: those that are read, and those that are next. */
export const BUFFERS = 2;

export const sharedly: Allocate = (bytes) => new SharedArrayBuffer(bytes);

type TypedArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

function isTyped(value: object): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Plain values with every typed array of them in shared memory: copied, unless it is there already. */
export function shared<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shared) as T;
  if (!isTyped(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shared<unknown>(one)])) as T;
  if (value.buffer instanceof SharedArrayBuffer) return value;
  const Made = value.constructor as new (buffer: ArrayBuffer | SharedArrayBuffer) => TypedArray;
  const made = new Made(sharedly(value.byteLength));
  made.set(value);
  return made as T;
}

/** A world as threads share it. Texts stay behind. */
export function sharedWorld({ items: { count, words, created, removed }, pools, cut, start }: World): World {
  return shared({ items: { count, words, created, removed }, pools, cut, start });
}

/** A block as threads share it, without its texts. */
export function sharedBlock({ groups, poolOfUser, excluded, excludedOf, chosen, lists }: UserBlock): UserBlock {
  return shared({
    users: [],
    groups: { ...groups, keys: [], requestText: [] },
    poolOfUser,
    excluded,
    excludedOf,
    chosen,
    lists,
  });
}
