import type { Allocate } from '../../../core/sampling/alias.ts';
import type { UserBlock, World } from '../../../core/sampling/world/world.ts';

/** Buffers of a thread: one is read while the next is filled. */
export const BUFFERS = 2;

export const sharedly: Allocate = (bytes) => new SharedArrayBuffer(bytes);

type TypedArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

function isTyped(value: object): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * Copies plain values so that every typed array is in shared memory. Arrays that already are in shared memory are not
 * copied.
 */
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

/** The parts of a world that threads share, without its texts. */
export function sharedWorld({
  items: { count, hashWords, created, removed },
  pools,
  cut,
  start,
  batchPool,
}: World): World {
  return shared({
    items: { count, words: hashWords, created, removed },
    pools,
    cut,
    start,
    ...(batchPool ? { batchPool } : {}),
  });
}

/** The parts of a block that threads share, without its texts. */
export function sharedBlock({
  groups,
  poolOfUser,
  poolOfGroup,
  excluded,
  excludedOf,
  positiveItems,
  lists,
}: UserBlock): UserBlock {
  return shared({
    users: [],
    groups: { ...groups, keys: [], requestText: [] },
    poolOfUser,
    ...(poolOfGroup ? { poolOfGroup } : {}),
    excluded,
    excludedOf,
    chosen: positiveItems,
    lists,
  });
}
