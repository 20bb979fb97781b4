import { isBareName } from './lexer.ts';
import type { Range } from './range.ts';

export type ComparisonOp = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type ArithmeticOp = '+' | '-' | '*' | '/' | '%';

/** An expression as written, not yet checked against columns. The tree expresses the parentheses. */
export type Expression = { readonly range: Range } &
  /** `text` as written, without sign, so that no digit is lost. */
  (
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'null' }
    /** Names joined by dots: a column, or a column and the fields of its structs. */
    | { readonly kind: 'name'; readonly path: readonly string[] }
    | { readonly kind: 'negate' | 'not'; readonly operand: Expression }
    /** Two operands or more, so that a long chain is not a deep tree. */
    | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
    | { readonly kind: 'compare'; readonly op: ComparisonOp; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'arithmetic'; readonly op: ArithmeticOp; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'in';
        readonly operand: Expression;
        readonly list: readonly Expression[];
        readonly negated: boolean;
      }
    | {
        readonly kind: 'between';
        readonly operand: Expression;
        readonly low: Expression;
        readonly high: Expression;
        readonly negated: boolean;
      }
    | {
        readonly kind: 'like';
        readonly operand: Expression;
        readonly pattern: Expression;
        readonly anyCase: boolean;
        readonly negated: boolean;
      }
    | { readonly kind: 'is-null'; readonly operand: Expression; readonly negated: boolean }
    | {
        readonly kind: 'call';
        readonly name: string;
        readonly nameRange: Range;
        readonly arguments: readonly Expression[];
      }
  );

/** Operator precedence: an operand with a lower number needs parentheses. */
const strength = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  in: 4,
  between: 4,
  like: 4,
  'is-null': 4,
  sum: 5,
  product: 6,
  negate: 7,
  atom: 8,
} as const;

function strengthOf(e: Expression): number {
  switch (e.kind) {
    case 'arithmetic':
      return e.op === '+' || e.op === '-' ? strength.sum : strength.product;
    case 'or':
    case 'and':
    case 'not':
    case 'compare':
    case 'in':
    case 'between':
    case 'like':
    case 'is-null':
    case 'negate':
      return strength[e.kind];
    default:
      return strength.atom;
  }
}

/** A name in the form that an expression needs. */
export function printName(name: string): string {
  return isBareName(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A text in the form that an expression needs. */
export function printString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Canonical text of an expression; it parses to an equal tree. */
export function printExpression(e: Expression): string {
  const operandText = (operand: Expression, minStrength: number): string => {
    const text = printExpression(operand);
    return strengthOf(operand) < minStrength ? `(${text})` : text;
  };
  const not = (negated: boolean): string => (negated ? 'not ' : '');
  switch (e.kind) {
    case 'number':
      return e.text;
    case 'string':
      return printString(e.value);
    case 'boolean':
      return String(e.value);
    case 'null':
      return 'null';
    case 'name':
      return e.path.map(printName).join('.');
    case 'negate':
      return `-${operandText(e.operand, strength.atom)}`;
    case 'not':
      return `not ${operandText(e.operand, strength.not)}`;
    case 'and':
    case 'or':
      return e.operands.map((o) => operandText(o, strength[e.kind] + 1)).join(` ${e.kind} `);
    case 'compare':
      return `${operandText(e.left, strength.sum)} ${e.op} ${operandText(e.right, strength.sum)}`;
    case 'arithmetic': {
      const precedence = strengthOf(e);
      return `${operandText(e.left, precedence)} ${e.op} ${operandText(e.right, precedence + 1)}`;
    }
    case 'in':
      return `${operandText(e.operand, strength.sum)} ${not(e.negated)}in (${e.list.map(printExpression).join(', ')})`;
    case 'between':
      return `${operandText(e.operand, strength.sum)} ${not(e.negated)}between ${operandText(e.low, strength.sum)} and ${operandText(e.high, strength.sum)}`;
    case 'like':
      return `${operandText(e.operand, strength.sum)} ${not(e.negated)}${e.anyCase ? 'ilike' : 'like'} ${operandText(e.pattern, strength.sum)}`;
    case 'is-null':
      return `${operandText(e.operand, strength.sum)} is ${not(e.negated)}null`;
    case 'call':
      return `${printName(e.name)}(${e.arguments.map(printExpression).join(', ')})`;
  }
}
