import type { DecimalType, DialectFunction, Expression, Order, Relation, SqlType, Window } from './tree.ts';

/** SQL with operands: sql`${a} <= ${b}`. The text holds only syntax that all dialects share. */
export function sql(texts: TemplateStringsArray, ...operands: readonly Expression[]): Expression {
  return {
    kind: 'syntax',
    parts: texts.flatMap((text, k) => {
      const operand = operands[k];
      return operand === undefined ? [text] : [text, operand];
    }),
  };
}

export function col(name: string, of: string | null = null): Expression {
  return { kind: 'name', name, of };
}

export function int(value: number | bigint): Expression {
  return { kind: 'integer', value: BigInt(value) };
}

export function double(value: number): Expression {
  return { kind: 'double', value };
}

export function text(value: string): Expression {
  return { kind: 'text', value };
}

export function bool(value: boolean): Expression {
  return { kind: 'boolean', value };
}

export function nothing(type: SqlType): Expression {
  return { kind: 'null', type };
}

/** A function that all dialects have under the same name. */
export function fn(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'function', name, arguments: args };
}

export function call(name: DialectFunction, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, arguments: args };
}

export function cast(value: Expression, type: SqlType | DecimalType): Expression {
  return { kind: 'cast', value, type };
}

/** `count(*)`. */
export const countRows: Expression = { kind: 'function', name: 'count', arguments: [{ kind: 'syntax', parts: ['*'] }] };

/** A sum of integers. Some dialects widen it. */
export function sum(value: Expression): Expression {
  return cast(fn('sum', value), 'BIGINT');
}

export function when(
  cases: readonly (readonly [Expression, Expression])[],
  otherwise: Expression | null = null,
): Expression {
  return { kind: 'case', when: cases, otherwise };
}

export function over(value: Expression, window: Window): Expression {
  return { kind: 'window', value, over: window };
}

/** A sum of integers over a window. */
export function sumOver(value: Expression, window: Window): Expression {
  return cast(over(fn('sum', value), window), 'BIGINT');
}

/** The single value of a query. */
export function valueOf(relation: Relation): Expression {
  return { kind: 'query', relation };
}

/** True if all hold; `true` of none. */
export function and(...conditions: readonly Expression[]): Expression {
  return allOf(conditions);
}

/** Like `and`, for a list of any length: as many arguments as a config has values would overflow the stack. */
export function allOf(conditions: readonly Expression[]): Expression {
  return joined(conditions, ' AND ', true);
}

/** True if one holds; `false` of none. */
export function or(...conditions: readonly Expression[]): Expression {
  return anyOf(conditions);
}

/** Like `or`, for a list of any length. */
export function anyOf(conditions: readonly Expression[]): Expression {
  return joined(conditions, ' OR ', false);
}

/** Texts one after the other; NULL if one is NULL. */
export function concatenated(...texts: readonly Expression[]): Expression {
  return joined(texts, ' || ', false);
}

/** Values added. */
export function added(...values: readonly Expression[]): Expression {
  return joined(values, ' + ', false);
}

function joined(values: readonly Expression[], separator: string, none: boolean): Expression {
  const [first, ...more] = values;
  if (first === undefined) return bool(none);
  if (more.length === 0) return first;
  return { kind: 'syntax', parts: [first, ...more.flatMap((one) => [separator, one])] };
}

export function not(condition: Expression): Expression {
  return sql`NOT ${condition}`;
}

/** False for NULL. */
export function holds(condition: Expression): Expression {
  return fn('coalesce', condition, bool(false));
}

export function asc(value: Expression, nulls: 'first' | 'last' = 'first'): Order {
  return { value, nulls };
}

export function desc(value: Expression, nulls: 'first' | 'last' = 'last'): Order {
  return { value, descending: true, nulls };
}
