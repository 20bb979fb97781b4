import { fail } from '../message/failure.ts';
import { message } from '../message/message.ts';
import type { TypedExpression } from '../table/expression/typed.ts';
import { typeName, type LogicalType } from '../table/type.ts';
import type { ViewDialect } from './viewDialect.ts';

/** Maximum digits of a number that is exact both as a float and as a decimal, in every engine. */
const MAX_EXACT_DIGITS = 15;

/**
 * A condition as SQL of an engine. It selects the same rows as in the inspector.
 * @throws FailureError `unsupported` if the engine has no exact equivalent
 */
export function expressionSql(e: TypedExpression, dialect: ViewDialect): string {
  const sql = (operand: TypedExpression): string => expressionSql(operand, dialect);
  const operand = (value: TypedExpression): string => (isAtom(value) ? sql(value) : `(${sql(value)})`);
  /** Omits conversions between integers, which comparisons do themselves. Arithmetic needs them, or it could overflow. */
  const compared = (value: TypedExpression): string =>
    operand(value.kind === 'convert' && isInt(value.type) && isInt(value.operand.type) ? value.operand : value);
  /** An operand of arithmetic. Negative numbers are put in parentheses. */
  const factor = (value: TypedExpression): string =>
    value.kind === 'constant' && value.text?.startsWith('-') === true ? `(${sql(value)})` : operand(value);
  const not = (negated: boolean): string => (negated ? 'NOT ' : '');
  switch (e.kind) {
    case 'constant':
      return e.text === null ? 'NULL' : constantSql(e.type, e.text, dialect);
    case 'column':
      return e.fields.reduce(dialect.field, dialect.identifier(e.column));
    case 'convert':
      if (e.operand.type.kind === 'timestamp' && e.operand.type.zoned) return dialect.inUtc(sql(e.operand));
      return `CAST(${sql(e.operand)} AS ${typeSql(e.type, dialect)})`;
    case 'negate':
      return e.type.kind === 'float'
        ? `-${factor(e.operand)}`
        : dialect.tryArithmetic(`-${factor(e.operand)}`, '-', '0', factor(e.operand));
    case 'not':
      return `NOT ${operand(e.operand)}`;
    case 'and':
    case 'or':
      return e.operands
        .map((nested) => (nested.kind === 'and' || nested.kind === 'or' ? `(${sql(nested)})` : sql(nested)))
        .join(e.kind === 'and' ? ' AND ' : ' OR ');
    case 'compare':
      return `${compared(e.left)} ${e.op === '!=' ? '<>' : e.op} ${compared(e.right)}`;
    case 'arithmetic': {
      const [left, divisor] = [factor(e.left), factor(e.right)];
      const right = e.op === '/' || e.op === '%' ? `nullif(${divisor}, 0)` : divisor;
      const plain = `${left} ${e.op} ${right}`;
      return e.type.kind === 'float' || e.op === '/' ? plain : dialect.tryArithmetic(plain, e.op, left, right);
    }
    case 'in':
      return `${compared(e.operand)} ${not(e.negated)}IN (${e.list.map(compared).join(', ')})`;
    case 'between':
      return `${compared(e.operand)} ${not(e.negated)}BETWEEN ${compared(e.low)} AND ${compared(e.high)}`;
    case 'like':
      return dialect.like(e, operand(e.operand), operand(e.pattern));
    case 'is-null':
      return `${operand(e.operand)} IS ${not(e.negated)}NULL`;
    case 'call':
      return dialect.call(e.name, e.arguments.map(sql), e.arguments) ?? noCounterpart(dialect, e.name);
  }
}

/** True if the expression needs no parentheses as an operand. */
function isAtom(e: TypedExpression): boolean {
  return (
    e.kind === 'column' ||
    e.kind === 'constant' ||
    e.kind === 'call' ||
    (e.kind === 'convert' && !(e.operand.type.kind === 'timestamp' && e.operand.type.zoned))
  );
}

const isInt = (type: LogicalType): boolean => type.kind === 'integer' && type.bits <= 64;

function constantSql(type: LogicalType, text: string, dialect: ViewDialect): string {
  switch (type.kind) {
    case 'string':
      return dialect.text(text);
    case 'boolean':
      return text === 'true' ? 'TRUE' : 'FALSE';
    case 'integer':
      if (/^-?\d{1,19}$/.test(text) && isInt64(text)) return text;
      break;
    case 'float':
      if (type.bits === 64 && isShortDecimal(text)) return text;
      break;
    case 'decimal':
      if (isShortDecimal(text)) return text;
      break;
    default:
  }
  return dialect.constant(type, text) ?? `CAST(${dialect.text(text)} AS ${typeSql(type, dialect)})`;
}

/** False for the smallest 64-bit integer too: engines read it as the negative of a number that is too large. */
function isInt64(text: string): boolean {
  const value = BigInt(text);
  return value < 1n << 63n && -value < 1n << 63n;
}

function isShortDecimal(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text) && text.replace(/[-.]/g, '').length <= MAX_EXACT_DIGITS;
}

function typeSql(type: LogicalType, dialect: ViewDialect): string {
  return dialect.type(type) ?? noCounterpart(dialect, typeName(type));
}

function noCounterpart({ label }: ViewDialect, what: string): never {
  throw fail('unsupported', message('{0} has no exact counterpart of {1}', label, what), {
    advice: message('Export the rows, or copy the command line of the view.'),
  });
}
