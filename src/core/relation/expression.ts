import type { DecimalType, DialectFunction, Expression, Order, Relation, SqlType, Window } from './tree.ts';

/** SQL with operands, such as sql`${a} <= ${b}`. Use only syntax that all dialects share. */
export function sql(texts: TemplateStringsArray, ...operands: readonly Expression[]): Expression {
  return {
    kind: 'syntax',
    parts: texts.flatMap((text, k) => {
      const operand = operands[k];
      return operand === undefined ? [text] : [text, operand];
    }),
  };
}

/** A column. `of`: alias of its FROM item; null: without an alias. */
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

/** NULL of a type. */
export function nothing(type: SqlType): Expression {
  return { kind: 'null', type };
}

/** A call of a function that has the same name in all dialects. */
export function fn(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'function', name, arguments: args };
}

/** A call of a function that dialects write differently. */
export function call(name: DialectFunction, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, arguments: args };
}

export function cast(value: Expression, type: SqlType | DecimalType): Expression {
  return { kind: 'cast', value, type };
}

/** `count(*)`. */
export const countRows: Expression = { kind: 'function', name: 'count', arguments: [{ kind: 'syntax', parts: ['*'] }] };

/** A sum of integers as BIGINT: some dialects return a wider type. */
export function sum(value: Expression): Expression {
  return cast(fn('sum', value), 'BIGINT');
}

/** `CASE WHEN`: the value of the first true condition; else `otherwise`, or NULL. */
export function when(
  cases: readonly (readonly [Expression, Expression])[],
  otherwise: Expression | null = null,
): Expression {
  return { kind: 'case', when: cases, otherwise };
}

export function over(value: Expression, window: Window): Expression {
  return { kind: 'window', value, over: window };
}

/** A sum of integers over a window, as BIGINT. */
export function sumOver(value: Expression, window: Window): Expression {
  return cast(over(fn('sum', value), window), 'BIGINT');
}

/** The single value of a query with one row and one column. */
export function valueOf(relation: Relation): Expression {
  return { kind: 'query', relation };
}

/** True if all conditions are true, or if there are none. */
export function and(...conditions: readonly Expression[]): Expression {
  return allOf(conditions);
}

/** Like `and`, for lists whose length depends on a config: thousands of arguments would overflow the stack. */
export function allOf(conditions: readonly Expression[]): Expression {
  return joined(conditions, ' AND ', true);
}

/** True if at least one condition is true. False if there are none. */
export function or(...conditions: readonly Expression[]): Expression {
  return anyOf(conditions);
}

/** Like `or`, for lists whose length depends on a config. */
export function anyOf(conditions: readonly Expression[]): Expression {
  return joined(conditions, ' OR ', false);
}

/** Concatenates texts. NULL if one of them is NULL. */
export function concatenated(...texts: readonly Expression[]): Expression {
  return joined(texts, ' || ', false);
}

/** Sum of the values of a row. NULL if one of them is NULL. */
export function added(...values: readonly Expression[]): Expression {
  return joined(values, ' + ', false);
}

/** `valueIfEmpty`: the result without values. */
function joined(values: readonly Expression[], separator: string, valueIfEmpty: boolean): Expression {
  const [first, ...others] = values;
  if (first === undefined) return bool(valueIfEmpty);
  if (others.length === 0) return first;
  return { kind: 'syntax', parts: [first, ...others.flatMap((value) => [separator, value])] };
}

export function not(condition: Expression): Expression {
  return sql`NOT ${condition}`;
}

/** True if the condition is true; false if it is false or NULL. */
export function holds(condition: Expression): Expression {
  return fn('coalesce', condition, bool(false));
}

export function asc(value: Expression, nulls: 'first' | 'last' = 'first'): Order {
  return { value, nulls };
}

export function desc(value: Expression, nulls: 'first' | 'last' = 'last'): Order {
  return { value, descending: true, nulls };
}
