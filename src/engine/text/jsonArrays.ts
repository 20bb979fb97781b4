import type { LogicalType } from '../../core/table/type.ts';
import type { Candidate } from './infer.ts';
import { loneSurrogate } from './jsonScanner.ts';

/** `integer`: exact as a double too. `negative`: below 0. `other`: no type of a list keeps the value. */
type Element = 'boolean' | 'string' | 'integer' | 'int64' | 'uint64' | 'negative' | 'double' | 'other';

const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
/** Numbers with at most this many characters have at most 15 digits or no other number near them. */
const EXACT_LENGTH = 15;

/** The elements of all arrays of a column of JSON Lines. Arrays with elements of one type are lists. */
export class JsonArrays {
  readonly #elements = new Set<Element>();

  /** `text`: the source of the array, because a parsed number has only 53 bits. */
  add(array: unknown, text: string): void {
    const found = this.#elements;
    if (found.has('other')) return;
    if (!Array.isArray(array)) {
      found.add('other');
      return;
    }
    let hasNumber = false;
    for (const element of array as unknown[]) {
      if (element === null) continue;
      if (typeof element === 'number') hasNumber = true;
      else if (typeof element === 'boolean') found.add('boolean');
      else found.add(typeof element === 'string' && !loneSurrogate.test(element) ? 'string' : 'other');
    }
    if (!hasNumber) return;
    // No array of one type has both.
    if (['boolean', 'string', 'other'].some((element) => found.has(element as Element))) found.add('other');
    else if (/[.eE]/.test(text) || !array.every((n) => n === null || isPlainInteger(n)))
      for (const number of text.slice(1, -1).split(',')) addNumber(number.trim(), found);
    else {
      found.add('integer');
      if (text.includes('-')) found.add('negative');
    }
  }

  /** The lists that keep all values exactly; null if there are none. */
  candidate(): Candidate | null {
    const found = this.#elements;
    const only = (...allowed: readonly Element[]): boolean => [...found].every((element) => allowed.includes(element));
    // No array has an element.
    if (only('string')) return lists.string;
    if (only('boolean')) return lists.boolean;
    if (only('integer', 'int64', 'negative')) return lists.int64;
    if (only('integer', 'int64', 'uint64')) return lists.uint64;
    return only('integer', 'negative', 'double') ? lists.double : null;
  }
}

function isPlainInteger(value: unknown): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function addNumber(text: string, found: Set<Element>): void {
  if (text === 'null') return;
  const number = Number(text);
  if (/^(0|-?[1-9][0-9]*)$/.test(text)) {
    const integer = BigInt(text);
    if (integer < 0n) found.add('negative');
    if (Number.isSafeInteger(number)) found.add('integer');
    else if (integer >= -MAX_INT64 - 1n && integer <= MAX_INT64) found.add('int64');
    else found.add(integer > 0n && integer <= MAX_UINT64 ? 'uint64' : 'other');
  } else if (text.length <= EXACT_LENGTH && !/[eE]/.test(text)) found.add('double');
  else if (Number.isFinite(number) && [String(number), number.toPrecision(17)].map(decimal).includes(decimal(text)))
    // Many programs write all 17 digits of a double.
    found.add('double');
  else found.add('other');
}

/** A number as text, without zeros that do not change it. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  return short === ''
    ? `${sign}0`
    : `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}

/** A list that the elements fit already. */
function list(item: LogicalType, sqlType: string): Candidate {
  return { name: 'list', type: { kind: 'list', item }, sqlType: `${sqlType}[]`, matches: () => true, exact: null };
}

const lists = {
  boolean: list({ kind: 'boolean' }, 'BOOLEAN'),
  int64: list({ kind: 'integer', bits: 64, signed: true }, 'BIGINT'),
  uint64: list({ kind: 'integer', bits: 64, signed: false }, 'UBIGINT'),
  double: list({ kind: 'float', bits: 64 }, 'DOUBLE'),
  string: list({ kind: 'string' }, 'VARCHAR'),
} as const;
