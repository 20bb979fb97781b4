/**
 * MurmurHash3's 32-bit finaliser (Appleby, public domain): a bijection of 32-bit words in which every input bit affects
 * every output bit.
 */
export function fmix32(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
