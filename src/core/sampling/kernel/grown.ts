type Growable = Uint8Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * The array itself if it holds `length` values, else a copy of at least twice its length. A copy of shared memory is
 * shared too.
 */
export function grown<A extends Growable>(array: A, length: number): A {
  if (array.length >= length) return array;
  const Made = array.constructor as new (length: number | SharedArrayBuffer) => A;
  const size = Math.max(length, 2 * array.length, 64);
  const made = new Made(
    typeof SharedArrayBuffer !== 'undefined' && array.buffer instanceof SharedArrayBuffer
      ? new SharedArrayBuffer(size * array.BYTES_PER_ELEMENT)
      : size,
  );
  made.set(array);
  return made;
}
