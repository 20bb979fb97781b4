import type { LogicalType } from '../type.ts';
import type { ArithmeticOp, ComparisonOp } from './ast.ts';
import type { FunctionName } from './functions.ts';

/**
 * An expression checked against columns. Every node has a type, and every constant is exact text of that type. The two
 * sides of every comparison have types that compare without losing a digit. Engines compile it; it is independent of
 * any SQL dialect.
 */
export type TypedExpression = { readonly type: LogicalType } &
  /** `text` null is NULL; booleans are `true` and `false`. */
  (
    | { readonly kind: 'constant'; readonly text: string | null }
    /** `column` is the column's own name; `fields` is the path into its structs. */
    | { readonly kind: 'column'; readonly column: string; readonly fields: readonly string[] }
    /** The operand converted to `type`: a widening, or a timestamp in UTC without its zone. */
    | { readonly kind: 'convert'; readonly operand: TypedExpression }
    | { readonly kind: 'negate' | 'not'; readonly operand: TypedExpression }
    | { readonly kind: 'and' | 'or'; readonly operands: readonly TypedExpression[] }
    | {
        readonly kind: 'compare';
        readonly op: ComparisonOp;
        readonly left: TypedExpression;
        readonly right: TypedExpression;
      }
    | {
        readonly kind: 'arithmetic';
        readonly op: ArithmeticOp;
        readonly left: TypedExpression;
        readonly right: TypedExpression;
      }
    | {
        readonly kind: 'in';
        readonly operand: TypedExpression;
        readonly list: readonly TypedExpression[];
        readonly negated: boolean;
      }
    | {
        readonly kind: 'between';
        readonly operand: TypedExpression;
        readonly low: TypedExpression;
        readonly high: TypedExpression;
        readonly negated: boolean;
      }
    | {
        readonly kind: 'like';
        readonly operand: TypedExpression;
        readonly pattern: TypedExpression;
        readonly anyCase: boolean;
        readonly negated: boolean;
      }
    | { readonly kind: 'is-null'; readonly operand: TypedExpression; readonly negated: boolean }
    | { readonly kind: 'call'; readonly name: FunctionName; readonly arguments: readonly TypedExpression[] }
  );

export const booleanType: LogicalType = { kind: 'boolean' };
export const stringType: LogicalType = { kind: 'string' };
export const int64Type: LogicalType = { kind: 'integer', bits: 64, signed: true };
export const int128Type: LogicalType = { kind: 'integer', bits: 128, signed: true };
export const doubleType: LogicalType = { kind: 'float', bits: 64 };
export const dateType: LogicalType = { kind: 'date' };
/** Type of a NULL without context. */
export const nullType: LogicalType = { kind: 'other', name: 'null' };

export function constant(type: LogicalType, text: string | null): TypedExpression {
  return { kind: 'constant', type, text };
}
