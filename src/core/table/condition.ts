import { fail, FailureError } from '../message/failure.ts';
import { message } from '../message/message.ts';
import { printName, type Expression } from './expression/ast.ts';
import { check } from './expression/check.ts';
import { parse } from './expression/parser.ts';
import { booleanType, type TypedExpression } from './expression/typed.ts';
import { isText } from './expression/unify.ts';
import type { Column } from './dataset.ts';
import { conditionOps, type Condition, type Filter } from './filter.ts';
import type { LogicalType } from './type.ts';

type NamedColumn = Pick<Column, 'name' | 'type'>;

/**
 * Combines every condition and the expression of a filter to one typed expression. Null for all rows.
 * @throws FailureError `bad-filter`; its place names the column of a condition, or the characters of the expression
 */
export function typedFilter(filter: Filter, columns: readonly NamedColumn[]): TypedExpression | null {
  const operands = filter.conditions.map((condition) => typedCondition(condition, columns));
  if (filter.expression.trim() !== '') operands.push(check(parse(filter.expression), columns, filter.expression));
  const [first, ...more] = operands;
  if (!first) return null;
  return more.length === 0 ? first : { kind: 'and', type: booleanType, operands };
}

/** One condition as a typed expression; its texts are parsed by the column's type. */
export function typedCondition(condition: Condition, columns: readonly NamedColumn[]): TypedExpression {
  const { column } = condition;
  const match = columns.find((c) => c.name === column);
  if (!match) throw fail('bad-filter', message('Unknown column {0}', printName(column)), { place: { column } });
  try {
    return check(conditionExpression(condition, match.type), [match]);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw new FailureError({ ...error.failure, place: { column } });
  }
}

const nowhere = { start: 0, end: 0 };

/** A condition as the expression that a user would write for it. */
export function conditionExpression(condition: Condition, type: LogicalType): Expression {
  const { op } = condition;
  const range = nowhere;
  const operand: Expression = { kind: 'name', path: [condition.column], range };
  const values = condition.values.map((value): Expression => ({ kind: 'string', value, range }));
  const [first, second] = values;
  const count = op === 'is null' || op === 'is not null' ? 0 : op === 'between' ? 2 : 1;
  if (!conditionOps.includes(op) || (op === 'in' ? values.length === 0 : values.length !== count)) {
    throw fail('bad-filter', message('The condition on {0} has a wrong number of values', condition.column), {
      place: { column: condition.column },
    });
  }
  switch (op) {
    case 'is null':
    case 'is not null':
      return { kind: 'is-null', operand, negated: op === 'is not null', range };
    case 'in':
      return { kind: 'in', operand, list: values, negated: false, range };
    case 'between':
      return { kind: 'between', operand, low: first ?? operand, high: second ?? operand, negated: false, range };
    case 'contains':
      return call('contains', type.kind === 'list' ? operand : asText(operand, type), first ?? operand);
    case 'starts with':
      return call('starts_with', asText(operand, type), first ?? operand);
    default:
      return { kind: 'compare', op, left: operand, right: first ?? operand, range };
  }
}

function asText(operand: Expression, type: LogicalType): Expression {
  return isText(type) ? operand : call('text', operand);
}

function call(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, nameRange: nowhere, arguments: args, range: nowhere };
}
