/**
 * Values of arrays at an index that must be valid. Anything else is a mistake of the program: it ends the work, because
 * a default would give wrong results without any sign.
 * There is one function for each type of array, so that every load has one type and V8 inlines it without a cost.
 */
export function valueAt<T>(array: ArrayLike<T>, index: number): T {
  const value = array[index];
  return value === undefined ? outOfRange(array, index) : value;
}

export function f64At(array: Float64Array, index: number): number {
  return array[index] ?? outOfRange(array, index);
}

export function f32At(array: Float32Array, index: number): number {
  return array[index] ?? outOfRange(array, index);
}

export function u32At(array: Uint32Array, index: number): number {
  return array[index] ?? outOfRange(array, index);
}

export function i32At(array: Int32Array, index: number): number {
  return array[index] ?? outOfRange(array, index);
}

export function u16At(array: Uint16Array, index: number): number {
  return array[index] ?? outOfRange(array, index);
}

export function i16At(array: Int16Array, index: number): number {
  return array[index] ?? outOfRange(array, index);
}

export function u8At(array: Uint8Array, index: number): number {
  return array[index] ?? outOfRange(array, index);
}

/** The value of a key that must be in the map. */
export function valueFor<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new RangeError(`No value for the key ${String(key)}`);
  return value;
}

/** For arrays of several types: `array[index] ?? outOfRange(array, index)`. @throws RangeError always */
export function outOfRange({ length }: ArrayLike<unknown>, index: number): never {
  throw new RangeError(`Index ${index} is outside of an array of ${length} values`);
}
