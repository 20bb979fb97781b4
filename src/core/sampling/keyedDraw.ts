import { fmix32 } from './fmix32.ts';
import type { Salts } from './salts.ts';

/** 2^32/φ, odd: its multiples are spread over all words. */
const GOLDEN = 0x9e3779b1;

/** The word of attempt k = 0, 1, …: the same for every group and entry. */
export function attemptWord(k: number): number {
  return fmix32(Math.imul(k + 1, GOLDEN));
}

/** A number in [0, 1) with 53 random bits, from the two words of a draw. */
export function unitOf(a: number, b: number): number {
  return (a * 2097152 + (b >>> 11)) / 9007199254740992;
}

/** Attempt k of a group with the words k0 and k1: two words, and the number built from them. */
export function keyedDraw(
  k0: number,
  k1: number,
  { s0, s1 }: Salts,
  k: number,
): { readonly a: number; readonly b: number; readonly u: number } {
  const w = attemptWord(k);
  const a = fmix32(k0 ^ s0 ^ w);
  const b = fmix32(k1 ^ s1 ^ w);
  return { a, b, u: unitOf(a, b) };
}
