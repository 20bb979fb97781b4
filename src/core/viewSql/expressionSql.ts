import { fail } from '../message/failure.ts';
import { message } from '../message/message.ts';
import type { TypedExpression } from '../table/expression/typed.ts';
import { typeName, type LogicalType } from '../table/type.ts';
import type { ViewDialect } from './viewDialect.ts';

/** Floats of so many digits are the same number as decimals and as floats, in every engine. */
const exactDigits = 15;

/**
 * A condition as SQL of an engine, with the same rows as in the inspector.
 * @throws FailureError `unsupported` if the engine has no exact way
 */
export function expressionSql(e: TypedExpression, dialect: ViewDialect): string {
  const sql = (operand: TypedExpression): string => expressionSql(operand, dialect);
  const operand = (one: TypedExpression): string => (isAtom(one) ? sql(one) : `(${sql(one)})`);
  /** Comparisons widen integers by themselves. Arithmetic does not: its result could be too large. */
  const compared = (one: TypedExpression): string =>
    operand(one.kind === 'convert' && isInt(one.type) && isInt(one.operand.type) ? one.operand : one);
  /** An operand of arithmetic. */
  const factor = (one: TypedExpression): string =>
    one.kind === 'constant' && one.text?.startsWith('-') === true ? `(${sql(one)})` : operand(one);
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
        : dialect.tried(`-${factor(e.operand)}`, '-', '0', factor(e.operand));
    case 'not':
      return `NOT ${operand(e.operand)}`;
    case 'and':
    case 'or':
      return e.operands
        .map((one) => (one.kind === 'and' || one.kind === 'or' ? `(${sql(one)})` : sql(one)))
        .join(e.kind === 'and' ? ' AND ' : ' OR ');
    case 'compare':
      return `${compared(e.left)} ${e.op === '!=' ? '<>' : e.op} ${compared(e.right)}`;
    case 'arithmetic': {
      const [left, written] = [factor(e.left), factor(e.right)];
      const right = e.op === '/' || e.op === '%' ? `nullif(${written}, 0)` : written;
      const whole = `${left} ${e.op} ${right}`;
      return e.type.kind === 'float' || e.op === '/' ? whole : dialect.tried(whole, e.op, left, right);
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
      return dialect.call(e.name, e.arguments.map(sql), e.arguments) ?? lacks(dialect, e.name);
  }
}

/** True if no operator around it can take it apart. */
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

/** The smallest one is not: engines read it as minus a number that is too large. */
function isInt64(text: string): boolean {
  const value = BigInt(text);
  return value < 1n << 63n && -value < 1n << 63n;
}

function isShortDecimal(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text) && text.replace(/[-.]/g, '').length <= exactDigits;
}

function typeSql(type: LogicalType, dialect: ViewDialect): string {
  return dialect.type(type) ?? lacks(dialect, typeName(type));
}

function lacks({ label }: ViewDialect, what: string): never {
  throw fail('unsupported', message('{0} has no exact counterpart of {1}', label, what), {
    advice: message('Export the rows, or copy the command line of the view.'),
  });
}
