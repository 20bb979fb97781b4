import { message, type Message } from '../../message/message.ts';
import { isNumeric, typeName, type LogicalType } from '../type.ts';
import type { Expression } from './ast.ts';
import { comparable, printNumber, readNumber, type ExactNumber } from './number.ts';
import { badFilter, type Range } from './range.ts';
import { readTemporal } from './temporal.ts';
import {
  booleanType,
  constant,
  doubleType,
  int128Type,
  int64Type,
  nullType,
  stringType,
  type TypedExpression,
} from './typed.ts';

/** A literal. Its type depends on the operand that it is compared with. */
export type Literal =
  | { readonly kind: 'number'; readonly value: ExactNumber; readonly written: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' };

/** A checked operand: a literal without a type so far, or a typed expression. */
export type Operand = { readonly source: Expression } & (
  | { readonly literal: Literal; readonly typed?: undefined }
  | { readonly literal?: undefined; readonly typed: TypedExpression }
);

/**
 * Purpose of combining the operands. Equality accepts a bare number for a text; order does not. Neither accepts NULL.
 */
export type Purpose = 'equality' | 'order' | 'choice';

/**
 * Assigns types to the operands so that they compare exactly. Literals take the type of the typed operands: `user_id =
 * '72…'` and `user_id = 72…` are the same exact comparison; a date is parsed from its text.
 * @throws FailureError `bad-filter` at the operand that does not fit
 */
export function unify(operands: readonly Operand[], purpose: Purpose): TypedExpression[] {
  const typed = operands.flatMap((o) => (o.typed ? [{ typed: o.typed, range: o.source.range }] : []));
  const common = typed.length > 0 ? commonType(typed) : literalsType(operands);
  if (purpose !== 'choice') {
    for (const o of operands) {
      if (o.literal?.kind === 'null')
        throw badFilter(
          o.source.range,
          message('A comparison with null is never true'),
          message('Write “is null” or “is not null”.'),
        );
    }
    const type = adviceAgainst(common);
    const first = operands[0];
    if (type && first)
      throw badFilter(first.source.range, message('Values of type {0} cannot be compared', typeName(common)), type);
  }
  return operands.map((o) =>
    o.typed ? converted(o.typed, common) : literalAs(o.literal, common, o.source.range, purpose),
  );
}

/** An operand with a type. A literal gets its natural type. */
export function standing(operand: Operand): TypedExpression {
  return operand.typed ?? literalAs(operand.literal, naturalType(operand.literal), operand.source.range, 'choice');
}

/** True for types that hold text: they compare as strings. */
export function isText(type: LogicalType): boolean {
  return type.kind === 'string' || type.kind === 'enum' || type.kind === 'json' || type.kind === 'uuid';
}

/** Converts the expression to another type if it has a different one. */
export function convert(operand: TypedExpression, type: LogicalType): TypedExpression {
  return operand.type.kind === type.kind && typeName(operand.type) === typeName(type)
    ? operand
    : { kind: 'convert', operand, type };
}

/** An operand as text. Numbers and dates are refused, because they have more than one text form. */
export function asText(operand: Operand): TypedExpression {
  if (operand.literal?.kind === 'string') return constant(stringType, operand.literal.value);
  const typed = standing(operand);
  if (!isText(typed.type))
    throw badFilter(
      operand.source.range,
      message('Expected a string, found {0}', describe(typed.type)),
      message('Write text(…) around it to compare it as a string.'),
    );
  return convert(typed, stringType);
}

/** A number for an operation in floats or wide integers. Decimals stay decimals: engines align their scales. */
export function asNumber(operand: Operand, type: LogicalType): TypedExpression {
  if (type.kind === 'decimal') return standing(operand);
  // Digits are parsed as a float only once; through a decimal the last bit could differ.
  if (type.kind === 'float' && operand.literal?.kind === 'number')
    return numberAs(operand.literal.value, type, operand.source.range);
  return convert(standing(operand), type);
}

/** Name of a type for users. */
export function describe(type: LogicalType): string {
  return type.kind === 'string' ? 'text' : typeName(type);
}

function adviceAgainst(type: LogicalType): Message | null {
  switch (type.kind) {
    case 'list':
      return message('Use contains(list, value) or length(list).');
    case 'struct':
      return message('Name one of its fields: column.field.');
    case 'map':
    case 'interval':
    case 'other':
      return message('Only “is null” and “is not null” work here.');
    default:
      return null;
  }
}

type Family = 'number' | 'text' | 'boolean' | 'instant' | 'other';

function familyOf(type: LogicalType): Family {
  if (isNumeric(type)) return 'number';
  if (isText(type)) return 'text';
  if (type.kind === 'boolean') return 'boolean';
  if (type.kind === 'date' || type.kind === 'timestamp') return 'instant';
  return 'other';
}

/**
 * The type in which all operands compare. NULL constants fit any type.
 * @throws FailureError `bad-filter` at the first operand that does not fit
 */
export function commonType(
  operands: readonly { readonly typed: TypedExpression; readonly range: Range }[],
): LogicalType {
  let common: LogicalType | null = null;
  for (const { typed, range } of operands) {
    if (typed.kind === 'constant' && typed.text === null) continue;
    if (common === null) common = typed.type;
    else {
      const next = commonOf(common, typed.type);
      if (!next)
        throw badFilter(range, message('{0} cannot be compared with {1}', describe(typed.type), describe(common)));
      common = next;
    }
  }
  return common ?? nullType;
}

function commonOf(a: LogicalType, b: LogicalType): LogicalType | null {
  if (typeName(a) === typeName(b)) return a;
  const [fa, fb] = [familyOf(a), familyOf(b)];
  if (fa === 'number' && fb === 'number') return commonNumber(a, b);
  if (fa === 'text' && fb === 'text') return stringType;
  if (fa === 'boolean' && fb === 'number') return b;
  if (fa === 'number' && fb === 'boolean') return a;
  if (fa === 'instant' && fb === 'instant')
    return {
      kind: 'timestamp',
      unit: unitOf(a) === 'ns' || unitOf(b) === 'ns' ? 'ns' : 'us',
      zoned: isZoned(a) && isZoned(b),
    };
  return null;
}

function commonNumber(a: LogicalType, b: LogicalType): LogicalType {
  if (a.kind === 'float' || b.kind === 'float') return doubleType;
  if (a.kind === 'integer' && b.kind === 'integer') {
    if (a.signed === b.signed) return a.bits > b.bits ? a : b;
    return Math.max(a.bits, b.bits) >= 64 ? int128Type : int64Type;
  }
  const [wa, sa] = digitsOf(a);
  const [wb, sb] = digitsOf(b);
  const scale = Math.max(sa, sb);
  return { kind: 'decimal', precision: Math.min(38, Math.max(wa, wb) + scale), scale };
}

/** Maximum digits before and after the point of an exact numeric type. */
function digitsOf(type: LogicalType): [whole: number, scale: number] {
  if (type.kind === 'decimal') return [type.precision - type.scale, type.scale];
  return [type.kind === 'integer' ? (type.bits === 128 ? 38 : type.bits === 64 ? 20 : 10) : 38, 0];
}

function unitOf(type: LogicalType): string {
  return type.kind === 'timestamp' ? type.unit : 'us';
}

function isZoned(type: LogicalType): boolean {
  return type.kind === 'timestamp' && type.zoned;
}

/** Adds only conversions that an engine would not do itself, or not exactly. */
function converted(e: TypedExpression, common: LogicalType): TypedExpression {
  const family = familyOf(common);
  if (family === 'text' && !(e.type.kind === 'uuid' && common.kind === 'uuid')) return convert(e, stringType);
  if (e.type.kind === 'boolean' && family === 'number') return convert(e, int64Type);
  if (e.type.kind === 'timestamp' && e.type.zoned && !isZoned(common)) return convert(e, { ...e.type, zoned: false });
  return e;
}

function literalsType(operands: readonly Operand[]): LogicalType {
  const first = operands.find((o) => o.literal && o.literal.kind !== 'null')?.literal;
  return first ? naturalType(first) : nullType;
}

function naturalType(literal: Literal): LogicalType {
  switch (literal.kind) {
    case 'string':
      return stringType;
    case 'boolean':
      return booleanType;
    case 'null':
      return nullType;
    case 'number': {
      const { whole, fraction } = literal.value;
      if (whole.length + fraction.length > 38) return doubleType;
      if (fraction !== '')
        return { kind: 'decimal', precision: Math.max(1, whole.length + fraction.length), scale: fraction.length };
      return whole.length > 18 ? int128Type : int64Type;
    }
  }
}

function literalAs(literal: Literal, type: LogicalType, range: Range, purpose: Purpose): TypedExpression {
  switch (literal.kind) {
    case 'null':
      return constant(type, null);
    case 'boolean':
      if (type.kind === 'boolean') return constant(type, String(literal.value));
      if (isNumeric(type)) return constant(int64Type, literal.value ? '1' : '0');
      break;
    case 'number':
      // In a choice, the value itself is needed, even if the other values could not hold it.
      if (isNumeric(type))
        return numberAs(
          literal.value,
          purpose === 'choice' && type.kind !== 'float' ? naturalType(literal) : type,
          range,
        );
      if (type.kind === 'boolean' && (printNumber(literal.value) === '0' || printNumber(literal.value) === '1'))
        return constant(type, String(literal.value.whole === '1'));
      // For ids stored as text (`item_id = 4820193377516093441`), the digits as written are the text to compare.
      if (isText(type) && type.kind !== 'uuid' && purpose === 'equality') return constant(stringType, literal.written);
      if (isText(type))
        throw badFilter(
          range,
          message('A string cannot be compared with the number {0}', literal.written),
          message('Put it in single quotes to compare it as a string.'),
        );
      break;
    case 'string': {
      const constantOfText = textAs(literal.value, type, range);
      if (constantOfText) return constantOfText;
    }
  }
  const valueText =
    literal.kind === 'string' ? literal.value : literal.kind === 'number' ? literal.written : String(literal.value);
  throw badFilter(range, message('“{0}” is not a value of type {1}', valueText, describe(type)), formatOf(type));
}

function formatOf(type: LogicalType): Message | undefined {
  switch (type.kind) {
    case 'date':
    case 'timestamp':
      return message('Dates are written {0}, timestamps {1}.', "'2026-11-20'", "'2026-11-20 08:30:00'");
    case 'time':
      return message('Times are written {0}.', "'08:30:00'");
    case 'boolean':
      return message('Write true or false.');
    default:
      return undefined;
  }
}

function textAs(text: string, type: LogicalType, range: Range): TypedExpression | null {
  switch (type.kind) {
    case 'string':
    case 'enum':
    case 'json':
      return constant(stringType, text);
    case 'binary':
      return constant(type, text);
    case 'uuid':
      return /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(text) ? constant(type, text.toLowerCase()) : null;
    case 'boolean':
      return /^(true|false)$/i.test(text) ? constant(type, text.toLowerCase()) : null;
    case 'date':
    case 'time':
    case 'timestamp':
      return temporalAs(text, type, range);
    case 'integer':
    case 'decimal':
    case 'float': {
      if (type.kind === 'float') {
        const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text.trim());
        if (special)
          return constant(type, /^n/i.test(special[2] ?? '') ? 'nan' : `${special[1] === '-' ? '-' : ''}inf`);
      }
      const number = readNumber(text);
      return number ? numberAs(number, type, range) : null;
    }
    default:
      return null;
  }
}

const int64Range = [-(2n ** 63n), 2n ** 63n - 1n] as const;

function numberAs(n: ExactNumber, type: LogicalType, range: Range): TypedExpression {
  if (type.kind === 'float') {
    const value = Number(printNumber(n));
    if (!Number.isFinite(value)) throw badFilter(range, message('The number is too large for {0}', describe(type)));
    // A float column shows the shortest digits of a 32-bit value, so the same digits must find it.
    return constant(type.bits === 32 && Number.isFinite(Math.fround(value)) ? type : doubleType, printNumber(n));
  }
  const [whole, scale] = digitsOf(type);
  const rounded = comparable(n, whole, scale);
  if (rounded.fraction !== '')
    return constant(
      {
        kind: 'decimal',
        precision: Math.min(38, Math.max(1, rounded.whole.length + rounded.fraction.length)),
        scale: rounded.fraction.length,
      },
      printNumber(rounded),
    );
  const value = BigInt(printNumber(rounded));
  if (value >= int64Range[0] && value <= int64Range[1]) return constant(int64Type, printNumber(rounded));
  if (value > 0n && value < 2n ** 64n)
    return constant({ kind: 'integer', bits: 64, signed: false }, printNumber(rounded));
  return constant(int128Type, printNumber(rounded));
}

function temporalAs(
  text: string,
  type: LogicalType & { readonly kind: 'date' | 'time' | 'timestamp' },
  range: Range,
): TypedExpression | null {
  const t = readTemporal(text);
  if (!t) return null;
  const maxDigits = type.kind === 'timestamp' && type.unit === 'ns' ? 9 : 6;
  if (t.fraction.length > maxDigits)
    throw badFilter(
      range,
      message('The column has {0} decimal places for seconds, but the value has {1}', maxDigits, t.fraction.length),
    );
  const time = t.time === null ? null : t.time + (t.fraction === '' ? '' : `.${t.fraction}`);
  if (type.kind === 'time') return t.date === null && time !== null && t.offset === null ? constant(type, time) : null;
  if (t.date === null) return null;
  const zoned = type.kind === 'timestamp' && type.zoned;
  if (t.offset !== null && !zoned)
    throw badFilter(range, message('The column has no time zone'), message('Remove the offset {0}.', t.offset));
  if (time === null && !zoned && type.kind === 'date') return constant(type, t.date);
  const unit = type.kind === 'timestamp' && type.unit === 'ns' ? 'ns' : 'us';
  if (unit === 'ns' && (Number(t.date.slice(0, 4)) < 1678 || Number(t.date.slice(0, 4)) > 2261))
    throw badFilter(range, message('Timestamps in nanoseconds must be in the years 1678 to 2261'));
  return constant(
    { kind: 'timestamp', unit, zoned },
    `${t.date} ${time ?? '00:00:00'}${zoned ? (t.offset ?? '+00:00') : ''}`,
  );
}
