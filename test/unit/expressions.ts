import fc from 'fast-check';
import type { Expression } from '../../src/core/table/expression/ast.ts';

const range = { start: 0, end: 0 };
const name = fc
  .oneof(
    fc.constantFrom('a', '物品', 'and', 'user id', 'x"y', '1st', 'a.b', ''),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  )
  .filter((n) => !/\p{Surrogate}/u.test(n));

/** Any tree that the grammar can write; ranges are 0. */
export const anyExpression: fc.Arbitrary<Expression> = fc.letrec<{ e: Expression }>((tie) => {
  const e = tie('e');
  const negated = fc.boolean();
  return {
    e: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'expression' },
      fc
        .constantFrom('0', '7203685477590228993', '1.50', '.5', '2e-3')
        .map((text): Expression => ({ kind: 'number', text, range })),
      fc
        .string({ unit: 'grapheme', maxLength: 5 })
        .filter((s) => !/\p{Surrogate}/u.test(s))
        .map((value): Expression => ({ kind: 'string', value, range })),
      fc.boolean().map((value): Expression => ({ kind: 'boolean', value, range })),
      fc.constant<Expression>({ kind: 'null', range }),
      fc.array(name, { minLength: 1, maxLength: 3 }).map((path): Expression => ({ kind: 'name', path, range })),
      fc
        .tuple(fc.constantFrom('negate' as const, 'not' as const), e)
        .map(([kind, operand]): Expression => ({ kind, operand, range })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(e, { minLength: 2, maxLength: 4 }))
        .map(([kind, operands]): Expression => ({
          kind,
          operands: operands.flatMap((o) => (o.kind === kind ? o.operands : [o])),
          range,
        })),
      fc
        .tuple(fc.constantFrom('=' as const, '!=' as const, '<' as const, '>=' as const), e, e)
        .map(([op, left, right]): Expression => ({ kind: 'compare', op, left, right, range })),
      fc
        .tuple(fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '%' as const), e, e)
        .map(([op, left, right]): Expression => ({ kind: 'arithmetic', op, left, right, range })),
      fc
        .tuple(e, fc.array(e, { minLength: 1, maxLength: 3 }), negated)
        .map(([operand, list, n]): Expression => ({ kind: 'in', operand, list, negated: n, range })),
      fc
        .tuple(e, e, e, negated)
        .map(([operand, low, high, n]): Expression => ({ kind: 'between', operand, low, high, negated: n, range })),
      fc.tuple(e, e, fc.boolean(), negated).map(([operand, pattern, anyCase, n]): Expression => ({
        kind: 'like',
        operand,
        pattern,
        anyCase,
        negated: n,
        range,
      })),
      fc.tuple(e, negated).map(([operand, n]): Expression => ({ kind: 'is-null', operand, negated: n, range })),
      fc
        .tuple(fc.constantFrom('abs', 'coalesce', 'f'), fc.array(e, { maxLength: 3 }))
        .map(([f, args]): Expression => ({ kind: 'call', name: f, nameRange: range, arguments: args, range })),
    ),
  };
}).e;

/** A tree without ranges, for comparison. */
export function withoutRanges(e: Expression): unknown {
  return JSON.parse(
    JSON.stringify(e, (key, value: unknown) => (key === 'range' || key === 'nameRange' ? undefined : value)),
  );
}
