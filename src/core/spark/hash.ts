import { attemptWord } from '../sampling/keyedDraw.ts';
import { salts } from '../sampling/salts.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { call, cast, col, double, fn, int, sql } from '../relation/expression.ts';
import { select, type Columns } from '../relation/relation.ts';
import type { Expression, From, Relation, Select } from '../relation/tree.ts';

const LOW = 65535;
const ALL = 4294967295;

/** The product of two 32-bit words, modulo 2^32. No intermediate value exceeds 63 bits. */
function times(a: Expression, factor: number): Expression {
  const high = call(
    'shiftLeft',
    sql`${sql`${call('shiftRight', a, int(16))} * ${int(factor)}`} & ${int(LOW)}`,
    int(16),
  );
  return sql`${sql`${sql`${sql`${a} & ${int(LOW)}`} * ${int(factor)}`} + ${high}`} & ${int(ALL)}`;
}

/**
 * Columns of fmix32 of a word, one step each; the last has the given name. The query needs `computed`, see
 * `Select.computed`.
 */
export function fmix(name: string, word: Expression): Columns {
  const step = (k: number): Expression => col(`${name}_${k}`);
  const folded = (k: number, bits: number): Expression => call('xor', step(k), call('shiftRight', step(k), int(bits)));
  return [
    [`${name}_1`, word],
    [`${name}_2`, folded(1, 16)],
    [`${name}_3`, times(step(2), 0x85ebca6b)],
    [`${name}_4`, folded(3, 13)],
    [`${name}_5`, times(step(4), 0xc2b2ae35)],
    [name, folded(5, 16)],
  ];
}

/** Exclusive or of words. */
export function mixed(...words: readonly Expression[]): Expression {
  return words.reduce((a, b) => call('xor', a, b));
}

/** The two salts of an entry or another draw, as words. */
export function saltWords(plan: StagePlan, entry: string): readonly [Expression, Expression] {
  const { s0, s1 } = salts(plan, entry);
  return [int(s0 >>> 0), int(s1 >>> 0)];
}

/** Columns `a` and `b` of the first draw of a group with the words k0 and k1. */
export function firstDraw(plan: StagePlan, use: '@keep' | '@cap' | '@downsample' | '@quota'): Columns {
  const { s0, s1 } = salts(plan, use);
  const w = attemptWord(0);
  return [
    ...fmix('a', mixed(col('k0'), int((s0 ^ w) >>> 0))),
    ...(use === '@quota' ? [] : fmix('b', mixed(col('k1'), int((s1 ^ w) >>> 0)))),
  ];
}

/** Column `w`: the word of attempt k, as in `attemptWord`. */
export function attemptWordColumns(k: Expression): Columns {
  return [['w_0', sql`${k} + ${int(1)}`], ...fmix('w', times(col('w_0'), 0x9e3779b1))];
}

/** The word of attempt k from a list of the words of the first attempts: no query computes them for each row. */
export function knownAttemptWord(k: Expression, attempts: number): Expression {
  const known = Array.from({ length: attempts }, (_, one) => int(attemptWord(one) >>> 0));
  return call('elementAt', call('listOf', ...known), k);
}

/** Columns `a` and `b` of a draw with the word w. */
export function drawColumns([s0, s1]: readonly [Expression, Expression]): Columns {
  return [...fmix('a', mixed(col('k0'), col('w'), s0)), ...fmix('b', mixed(col('k1'), col('w'), s1))];
}

/** The number in [0, 1) of the columns `a` and `b`. */
export const unit53: Expression = sql`${cast(sql`${sql`${col('a')} * ${int(2097152)}`} + ${call('shiftRight', col('b'), int(11))}`, 'DOUBLE')} / ${double(9007199254740992)}`;

/** Columns of a source, and the two words of a text: the first and second eight hexadecimal digits of its MD5. */
export function withWords(
  kept: Columns,
  value: Expression,
  [first, second]: readonly [string, string],
  source: From | Relation | string,
): Select {
  const names = kept.map((one) => (typeof one === 'string' ? one : 'all' in one ? one : one[0]));
  return select(
    [...names, [first, call('hexWord', col('md5'), int(1))], [second, call('hexWord', col('md5'), int(9))]],
    select([...kept, ['md5', fn('md5', value)]], source),
  );
}
