import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Two 32-bit words of a text: the first and second eight hex digits of the MD5 of its UTF-8 bytes, which every engine
 * can compute. Computed once per group or item, never per draw. MD5 is used for mixing, not for security.
 */
export function hashWords(text: string): [k0: number, k1: number] {
  const digest = md5(utf8ToBytes(text));
  return [wordAt(digest, 0), wordAt(digest, 4)];
}

function wordAt(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** The UTF-8 bytes of a text as hexadecimal digits. */
export function utf8Hex(text: string): string {
  return bytesToHex(utf8ToBytes(text));
}
