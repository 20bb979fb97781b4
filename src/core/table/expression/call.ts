import { message } from '../../message/message.ts';
import { suggest } from '../../message/suggest.ts';
import { isNumeric, type LogicalType } from '../type.ts';
import type { Expression } from './ast.ts';
import {
  functionDefinition,
  functionNames,
  isFunctionName,
  type FunctionName,
  type ParameterKind,
} from './functions.ts';
import { badFilter } from './range.ts';
import {
  booleanType,
  constant,
  dateType,
  doubleType,
  int128Type,
  int64Type,
  stringType,
  type TypedExpression,
} from './typed.ts';
import { asNumber, asText, commonType, convert, describe, isText, standing, unify, type Operand } from './unify.ts';

type Call = Expression & { readonly kind: 'call' };

/** Checks the name, the number and the types of the arguments of a call. */
export function checkCall(e: Call, operandOf: (argument: Expression) => Operand): TypedExpression {
  const { name } = e;
  if (!isFunctionName(name)) {
    const suggestion = suggest(name, functionNames);
    const all = functionNames.join(', ');
    throw badFilter(
      e.nameRange,
      message('Unknown function {0}', name),
      suggestion === null ? message('Allowed: {0}.', all) : message('Did you mean {0}? Allowed: {1}.', suggestion, all),
    );
  }
  const { parameters, optional = 0, variadic = false, usage } = functionDefinition(name);
  const count = e.arguments.length;
  if (count < parameters.length - optional || (count > parameters.length && !variadic)) {
    throw badFilter(e.range, message('Wrong number of arguments for {0}', name), message('Usage: {0}.', usage));
  }
  const operands = e.arguments.map(operandOf);
  const last = parameters.at(-1) ?? 'any';
  if (last === 'same') {
    const unified = unify(operands, 'choice');
    return {
      kind: 'call',
      name,
      arguments: unified,
      type: commonType(unified.map((typed, i) => ({ typed, range: e.arguments[i]?.range ?? e.range }))),
    };
  }
  const checked: TypedExpression[] = [];
  for (const [i, operand] of operands.entries()) {
    checked.push(argument(operand, parameters[i] ?? last, name, checked[0]));
  }
  return { kind: 'call', name, arguments: checked, type: resultOf(name, checked) };
}

function argument(
  operand: Operand,
  kind: ParameterKind,
  name: FunctionName,
  first: TypedExpression | undefined,
): TypedExpression {
  const range = operand.source.range;
  if (kind === 'text') return asText(operand);
  if (kind === 'needle') return needleOf(operand, first);
  if (kind === 'digits') {
    const digits =
      operand.literal?.kind === 'number' && /^(\d|1[0-5])$/.test(operand.literal.written)
        ? operand.literal.written
        : null;
    if (digits === null)
      throw badFilter(range, message('The number of digits must be written as a whole number from 0 to 15'));
    return constant({ kind: 'integer', bits: 32, signed: true }, digits);
  }
  const typed = standing(operand);
  const { type } = typed;
  switch (kind) {
    case 'text-or-list':
      if (type.kind === 'list') return typed;
      return asText(operand);
    case 'number':
      if (!isNumeric(type)) break;
      // The absolute value of the smallest int64 does not fit into int64.
      return name === 'abs' && type.kind === 'integer'
        ? convert(typed, type.bits <= 32 ? int64Type : int128Type)
        : typed;
    case 'float':
      if (!isNumeric(type)) break;
      return asNumber(operand, doubleType);
    case 'whole':
      if (type.kind !== 'integer') break;
      return typed;
    case 'date-part':
    case 'clock-part':
    case 'temporal-or-text':
      if (kind === 'temporal-or-text' && isText(type)) return asText(operand);
      if (type.kind === 'timestamp') return type.zoned ? convert(typed, { ...type, zoned: false }) : typed;
      if (type.kind === (kind === 'clock-part' ? 'time' : 'date')) return typed;
      break;
    default:
      return type.kind === 'timestamp' && type.zoned ? convert(typed, { ...type, zoned: false }) : typed;
  }
  throw badFilter(
    range,
    message('{0} does not accept a value of type {1}', name, describe(type)),
    message('Usage: {0}.', functionDefinition(name).usage),
  );
}

/** The value that `contains` searches: an element of the list, or a part of the text. */
function needleOf(operand: Operand, haystack: TypedExpression | undefined): TypedExpression {
  if (haystack?.type.kind !== 'list') return asText(operand);
  // A placeholder for any element, because only its type matters.
  const item: Operand = {
    source: operand.source,
    typed: { kind: 'column', type: haystack.type.item, column: '', fields: [] },
  };
  const [, typedNeedle] = unify([item, operand], 'equality') as [TypedExpression, TypedExpression];
  return typedNeedle;
}

function resultOf(name: FunctionName, args: readonly TypedExpression[]): LogicalType {
  switch (functionDefinition(name).result) {
    case 'text':
      return stringType;
    case 'int64':
      return int64Type;
    case 'double':
      return doubleType;
    case 'boolean':
      return booleanType;
    case 'date':
      return dateType;
    case 'first':
      return args[0]?.type ?? stringType;
  }
}
