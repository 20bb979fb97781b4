import type { Salts } from '../../core/sampling/salts.ts';

/** Two words of a group's key, as SQL of integers. */
export interface WordsSql {
  readonly k0: string;
  readonly k1: string;
}

/**
 * SQL of MurmurHash3's finalizer for one unsigned 32-bit word; equals `fmix32`. Products of two words fit into 64 bits.
 */
function fmix32Sql(word: string): string {
  const times = (h: string, shift: number, factor: number): string =>
    `(xor(${h}, ${h} >> ${shift}) * ${factor}::UBIGINT & 4294967295::UBIGINT)`;
  const h = times(times(word, 16, 0x85ebca6b), 13, 0xc2b2ae35);
  return `xor(${h}, ${h} >> 16)`;
}

/** SQL of a group's two words mixed with salts. They define the keyed order of groups. */
export function keyedWordsSql({ k0, k1 }: WordsSql, { s0, s1 }: Salts): readonly [first: string, second: string] {
  const mixed = (word: string, salt: number): string => fmix32Sql(`xor(${word}::UBIGINT, ${salt >>> 0}::UBIGINT)`);
  return [mixed(k0, s0), mixed(k1, s1)];
}

/** SQL of a group's first draw, a number in [0, 1). It equals `keyedDraw` bit for bit. */
export function firstDrawSql(words: WordsSql, { s0, s1 }: Salts, attemptWord: number): string {
  const [a, b] = keyedWordsSql(words, { s0: s0 ^ attemptWord, s1: s1 ^ attemptWord });
  return `((${a}::DOUBLE * 2097152::DOUBLE + (${b} >> 11)::DOUBLE) / 9007199254740992::DOUBLE)`;
}
