import type { FunctionName } from '../table/expression/functions.ts';
import type { TypedExpression } from '../table/expression/typed.ts';
import type { LogicalType } from '../table/type.ts';
import type { ViewedFiles } from './viewedFiles.ts';

type Like = TypedExpression & { readonly kind: 'like' };

/** SQL syntax of one engine. A result of null means that the engine has no exact equivalent. */
export interface ViewDialect {
  /** Name of the engine. */
  readonly label: string;
  readonly identifier: (name: string) => string;
  readonly text: (value: string) => string;
  /** Reads a field of a struct. */
  readonly field: (struct: string, name: string) => string;
  /** Name of a type in a `CAST`. */
  readonly type: (type: LogicalType) => string | null;
  /** A literal of a type such as DATE or BLOB; null: a `CAST` of the text is exact. */
  readonly constant: (type: LogicalType, text: string) => string | null;
  /** Converts a timestamp with time zone to a timestamp without one, in UTC. */
  readonly inUtc: (sql: string) => string;
  /** `LIKE`. The pattern uses no escape character, so an engine with a default one must turn it off. */
  readonly like: (e: Like, operand: string, pattern: string) => string;
  /** Integer arithmetic that returns NULL on overflow. `sql`: the plain operation on `left` and `right`. */
  readonly tryArithmetic: (sql: string, op: '+' | '-' | '*' | '%', left: string, right: string) => string;
  readonly call: (name: FunctionName, ...call: Parameters<WriteCall>) => string | null;
  /** The FROM item of the files, and the statements that must run before the query. */
  readonly source: (files: ViewedFiles) => ViewSource;
  /** Statements that set the time zone of the session to UTC; empty if the engine does not depend on it. */
  readonly utcSession: readonly string[];
}

/** The SQL of a function call; null if the engine has no exact equivalent. `sql`: the SQL of the arguments `args`. */
export type WriteCall = (sql: readonly string[], args: readonly TypedExpression[]) => string | null;

interface ViewSource {
  readonly from: string;
  readonly setup: readonly string[];
}

/** Writes a call of the function `name`, with the arguments unchanged. */
export const callNamed =
  (name: string) =>
  (sql: readonly string[]): string =>
    `${name}(${sql.join(', ')})`;
