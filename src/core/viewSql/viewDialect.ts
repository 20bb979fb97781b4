import type { FunctionName } from '../table/expression/functions.ts';
import type { TypedExpression } from '../table/expression/typed.ts';
import type { LogicalType } from '../table/type.ts';
import type { ViewedFiles } from './viewedFiles.ts';

type Like = TypedExpression & { readonly kind: 'like' };

/** How an engine for SQL writes the parts of a view. A `null` says that it has no exact way. */
export interface ViewDialect {
  readonly label: string;
  readonly identifier: (name: string) => string;
  readonly text: (value: string) => string;
  /** A field of a struct. */
  readonly field: (struct: string, name: string) => string;
  /** The type in a `CAST`. */
  readonly type: (type: LogicalType) => string | null;
  /** A constant that needs more than digits or quotes. */
  readonly constant: (type: LogicalType, text: string) => string | null;
  /** A timestamp with a zone as one without, in UTC. */
  readonly inUtc: (sql: string) => string;
  /** A pattern has no escape character. */
  readonly like: (e: Like, operand: string, pattern: string) => string;
  /** An operation on whole numbers that gives NULL if the result is too large. */
  readonly tried: (sql: string, op: '+' | '-' | '*' | '%', left: string, right: string) => string;
  readonly call: (name: FunctionName, ...call: Parameters<WriteCall>) => string | null;
  /** What follows `FROM`, and statements that come first. */
  readonly source: (files: ViewedFiles) => ViewSource;
  /** Statements without which times are read in the zone of the session. */
  readonly utcSession: readonly string[];
}

export type WriteCall = (sql: readonly string[], args: readonly TypedExpression[]) => string | null;

interface ViewSource {
  readonly from: string;
  readonly before: readonly string[];
}

/** A function with the same name and parameters. */
export const named =
  (name: string) =>
  (sql: readonly string[]): string =>
    `${name}(${sql.join(', ')})`;
