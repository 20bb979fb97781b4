import type { Relation } from './relation.ts';

/** Types of values in a script. Dialects name them. */
export type SqlType =
  'BOOLEAN' | 'TINYINT' | 'SMALLINT' | 'INT' | 'BIGINT' | 'DOUBLE' | 'STRING' | 'DATE' | 'TIMESTAMP' | 'TIMESTAMP_NTZ';

/** Functions that dialects write differently. */
export type DialectFunction =
  /** Exclusive or of two integers. */
  | 'xor'
  /** Arithmetic shifts: the value, and the number of bits. */
  | 'shiftRight'
  | 'shiftLeft'
  /** The integer of eight hexadecimal digits of a text: the text, and the place of the first digit. */
  | 'hexWord'
  /** Microseconds since 1970 UTC. A time without a zone, or a date, is in the zone of the session. */
  | 'microseconds'
  /** The same of a text in ISO 8601. Fails for a text that is not a time. */
  | 'textMicroseconds'
  /** Last microsecond of a date in the zone of the session. */
  | 'dayEnd'
  /** The last microsecond of a text if it is only a day, else its microsecond. */
  | 'textDayEnd'
  /** An instant from microseconds since 1970 UTC. */
  | 'instant'
  /** The date of an instant in microseconds, in the zone of the session. */
  | 'localDay'
  /** One row for each integer from … to, both included. Only as a column of a query. */
  | 'eachInteger'
  /** Fails with a text when a row is computed. */
  | 'raise'
  /** Number of the partition of a range, ascending in the order of the range: the columns that sort it. */
  | 'rangeBucket';

/** A value in SQL, independent of a dialect. Nothing but the dialects quotes names and texts. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string; readonly of: string | null }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null'; readonly type: SqlType }
  | { readonly kind: 'function'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: DialectFunction; readonly arguments: readonly Expression[] }
  | { readonly kind: 'cast'; readonly value: Expression; readonly type: SqlType | DecimalType }
  | {
      readonly kind: 'case';
      readonly when: readonly (readonly [Expression, Expression])[];
      readonly otherwise: Expression | null;
    }
  | { readonly kind: 'window'; readonly value: Expression; readonly over: Window }
  /** The single value of a query. */
  | { readonly kind: 'query'; readonly relation: Relation }
  /** Operators and keywords around operands. A nested one is in parentheses. */
  | { readonly kind: 'syntax'; readonly parts: readonly (string | Expression)[] };

export interface DecimalType {
  readonly precision: number;
  readonly scale: number;
}

/** The rows that a window function sees. */
export interface Window {
  readonly partition: readonly Expression[];
  readonly order: readonly Order[];
  /** Default: all rows of the partition without an order. `before`: without the current row. */
  readonly rows?: 'upToHere' | 'before';
}

export interface Order {
  readonly value: Expression;
  readonly descending?: boolean;
  /** Default: first. */
  readonly nulls?: 'first' | 'last';
}

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
  return joined(conditions, ' AND ', true);
}

/** True if one holds; `false` of none. */
export function or(...conditions: readonly Expression[]): Expression {
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
