import type { Dice } from './dice.ts';

type Edit = (dice: Dice, bytes: Uint8Array) => Uint8Array;

const bytesOfInterest = [0, 1, 2, 9, 10, 13, 34, 39, 44, 0x7f, 0x80, 0xfe, 0xff];
const integersOfInterest = [
  0n,
  1n,
  -1n,
  127n,
  128n,
  255n,
  65_535n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
];
/** Edge cases of variable-length integers in Thrift's compact protocol. */
const varints = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x04],
  [0xf9, 0xff, 0xff, 0xff, 0x7f],
];

/** A position; half of them are near an end, where headers and footers are. */
function position(dice: Dice, { length }: Uint8Array): number {
  if (length === 0) return 0;
  const near = Math.min(length, 512);
  if (dice.chance(0.15)) return dice.below(near);
  return dice.chance(0.45) ? length - 1 - dice.below(near) : dice.below(length);
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function overwritten(bytes: Uint8Array, at: number, by: ArrayLike<number>): Uint8Array {
  const copy = bytes.slice();
  for (let k = 0; k < by.length && at + k < copy.length; k++) copy[at + k] = by[k] ?? 0;
  return copy;
}

const edits: readonly Edit[] = [
  (dice, bytes) => {
    const at = position(dice, bytes);
    return overwritten(bytes, at, [(bytes[at] ?? 0) ^ (1 << dice.below(8))]);
  },
  (dice, bytes) => overwritten(bytes, position(dice, bytes), [dice.pick(bytesOfInterest)]),
  (dice, bytes) => overwritten(bytes, position(dice, bytes), dice.bytes(1 + dice.below(8))),
  (dice, bytes) => {
    const value = new DataView(new ArrayBuffer(8));
    value.setBigInt64(0, BigInt.asIntN(64, dice.pick(integersOfInterest)), true);
    return overwritten(bytes, position(dice, bytes), new Uint8Array(value.buffer, 0, dice.pick([2, 4, 8])));
  },
  (dice, bytes) => overwritten(bytes, position(dice, bytes), dice.pick(varints)),
  (dice, bytes) => {
    const at = position(dice, bytes);
    return joined(bytes.subarray(0, at), dice.pick(varints), bytes.subarray(at));
  },
  (dice, bytes) => {
    const at = position(dice, bytes);
    return joined(bytes.subarray(0, at), dice.bytes(1 + dice.below(16)), bytes.subarray(at));
  },
  (dice, bytes) => {
    const at = position(dice, bytes);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + dice.below(dice.pick([4, 64, 1024]))));
  },
  (dice, bytes) => bytes.slice(0, position(dice, bytes)),
  (dice, bytes) => {
    // Repeats a part elsewhere, never the whole: two concatenated files are a valid gzip or Zstandard file.
    const [from, at] = [1 + position(dice, bytes), position(dice, bytes)];
    return joined(bytes.subarray(0, at), bytes.subarray(from, from + 1 + dice.below(256)), bytes.subarray(at));
  },
  (dice, bytes) => {
    const from = position(dice, bytes);
    return overwritten(bytes, position(dice, bytes), bytes.subarray(from, from + 1 + dice.below(64)));
  },
];

/** Edits bytes at random. @param rounds number of edits; the first edits do not depend on it */
export function mutateBytes(dice: Dice, bytes: Uint8Array, rounds: number): Uint8Array {
  let mutant = bytes;
  for (let k = 0; k < rounds; k++) mutant = dice.pick(edits)(dice, mutant);
  return mutant;
}
