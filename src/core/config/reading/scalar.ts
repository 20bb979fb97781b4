import type { ScalarNode } from '../tree.ts';

type Value = ScalarNode['value'];

const digits = /^[-+]?[0-9]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const words: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['', null],
  ['~', null],
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
  ['.nan', NaN],
  ['.NaN', NaN],
  ['.NAN', NaN],
  ...['.inf', '.Inf', '.INF'].flatMap((word): [string, Value][] => [
    [word, Infinity],
    [`+${word}`, Infinity],
    [`-${word}`, -Infinity],
  ]),
]);

/** Value of a plain scalar by the core schema of YAML 1.2.2, chapter 10.3. Integers beyond ±(2^53−1) are `bigint`. */
export function plainValue(source: string): Value {
  const first = source.charCodeAt(0);
  // Most scalars are words. Only a digit, a sign, a dot or one of ~ n t f (either case) can begin something else.
  if (!((first >= 43 && first <= 57) || first === 126 || isInitial(first | 32) || source === '')) return source;
  const word = words.get(source);
  if (word !== undefined) return word;
  if (digits.test(source)) return integer(BigInt(source));
  if (float.test(source)) return Number(source);
  if (/^0o[0-7]+$/.test(source) || /^0x[0-9a-fA-F]+$/.test(source)) return integer(BigInt(source));
  return source;
}

const isInitial = (letter: number): boolean => letter === 110 || letter === 116 || letter === 102;

export function integer(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};
const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^xuU]))|\\/gs;

/** Text of a double-quoted scalar on one line; null if an escape is unknown. */
export function unescaped(inner: string): string | null {
  if (!inner.includes('\\')) return inner;
  const unknown: string[] = [];
  const text = inner.replace(escape, (whole: string, x?: string, u?: string, long?: string, letter?: string) => {
    const code = x ?? u ?? long;
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      if (point <= 0x10ffff) return String.fromCodePoint(point);
    } else if (letter !== undefined && escapes[letter] !== undefined) return escapes[letter];
    unknown.push(whole);
    return '';
  });
  return unknown.length === 0 ? text : null;
}
