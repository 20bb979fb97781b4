import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Expression } from '../../src/core/table/expression/ast.ts';
import { printExpression } from '../../src/core/table/expression/ast.ts';
import { quoteLiteral } from '../../src/engine/sql/quote.ts';
import { int, matches, table } from './filterCase.ts';

// A second implementation of SQL's three-valued logic to compare with DuckDB; null means unknown.
type Value = bigint | string | boolean | null;
interface Row {
  readonly n: bigint | null;
  readonly m: bigint | null;
  readonly s: string | null;
  readonly b: boolean | null;
}

function evaluate(e: Expression, row: Row): Value {
  const of = (o: Expression): Value => evaluate(o, row);
  const flip = (v: Value, negated: boolean): Value => (v === null ? null : negated ? !v : v);
  const all = (values: Value[]): Value => (values.includes(false) ? false : values.includes(null) ? null : true);
  const any = (values: Value[]): Value => (values.includes(true) ? true : values.includes(null) ? null : false);
  const compare = (op: string, a: Value, b: Value): Value => {
    if (a === null || b === null) return null;
    const [x, y] =
      typeof a === 'string' ? [Buffer.from(a).toString('hex'), Buffer.from(String(b)).toString('hex')] : [a, b];
    return { '=': x === y, '!=': x !== y, '<': x < y, '<=': x <= y, '>': x > y, '>=': x >= y }[op] ?? null;
  };
  switch (e.kind) {
    case 'number':
      return BigInt(e.text);
    case 'string':
    case 'boolean':
      return e.value;
    case 'name':
      return row[e.path[0] as keyof Row];
    case 'not':
      return flip(of(e.operand), true);
    case 'and':
      return all(e.operands.map(of));
    case 'or':
      return any(e.operands.map(of));
    case 'compare':
      return compare(e.op, of(e.left), of(e.right));
    case 'in':
      return flip(any(e.list.map((item) => compare('=', of(e.operand), of(item)))), e.negated);
    case 'between':
      return flip(all([compare('>=', of(e.operand), of(e.low)), compare('<=', of(e.operand), of(e.high))]), e.negated);
    case 'is-null':
      return (of(e.operand) === null) !== e.negated;
    case 'arithmetic': {
      const [a, b] = [of(e.left), of(e.right)];
      if (typeof a !== 'bigint' || typeof b !== 'bigint') return null;
      return e.op === '+' ? a + b : e.op === '-' ? a - b : b === 0n ? null : a % b;
    }
    default:
      throw new Error(e.kind);
  }
}

test('filters keep exactly the rows that a reference evaluation keeps', async () => {
  const range = { start: 0, end: 0 };
  const big = fc.constantFrom(0n, 1n, 2n, 9007199254740992n, 9007199254740993n, 9223372036854775807n);
  const text = fc.constantFrom('', 'a', 'A', '杭州', "x'y", '10', '9');
  const column = (name: string) => fc.constant<Expression>({ kind: 'name', path: [name], range });
  const number: fc.Arbitrary<Expression> = fc.oneof(
    column('n'),
    column('m'),
    big.map((v): Expression => ({ kind: 'number', text: String(v), range })),
  );
  const sum = fc.oneof(
    number,
    fc
      .tuple(fc.constantFrom('+' as const, '-' as const, '%' as const), number, number)
      .map(([op, left, right]): Expression => ({ kind: 'arithmetic', op, left, right, range })),
  );
  const string = fc.oneof(
    column('s'),
    text.map((value): Expression => ({ kind: 'string', value, range })),
  );
  const op = fc.constantFrom('=' as const, '!=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const);
  const side = fc.oneof(fc.tuple(sum, sum, sum), fc.tuple(string, string, string));
  const condition = fc.letrec<{ e: Expression }>((tie) => ({
    e: fc.oneof(
      { maxDepth: 4 },
      column('b'),
      fc.tuple(op, side).map(([o, [left, right]]): Expression => ({ kind: 'compare', op: o, left, right, range })),
      fc
        .tuple(side, fc.boolean())
        .map(([[operand, ...list], negated]): Expression => ({ kind: 'in', operand, list, negated, range })),
      fc.tuple(side, fc.boolean()).map(([[operand, low, high], negated]): Expression => ({
        kind: 'between',
        operand,
        low,
        high,
        negated,
        range,
      })),
      fc
        .tuple(fc.oneof(number, string), fc.boolean())
        .map(([operand, negated]): Expression => ({ kind: 'is-null', operand, negated, range })),
      tie('e').map((operand): Expression => ({ kind: 'not', operand, range })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('e'), { minLength: 2, maxLength: 3 }))
        .map(([kind, operands]): Expression => ({ kind, operands, range })),
    ),
  })).e;
  const rows: Row[] = [];
  const values = {
    n: [null, 0n, 9007199254740993n],
    m: [null, 9007199254740992n, 1n, -3n],
    s: [null, 'a', '杭州', '10'],
    b: [null, true, false],
  } as const;
  for (const n of values.n)
    for (const m of values.m) for (const s of values.s) for (const b of values.b) rows.push({ n, m, s, b });
  const literal = (v: Value): string => (v === null ? 'NULL' : typeof v === 'string' ? quoteLiteral(v) : String(v));
  const t = await table(
    'reference',
    [
      ['n', 'BIGINT', int(64)],
      ['m', 'BIGINT', int(64)],
      ['s', 'VARCHAR', { kind: 'string' }],
      ['b', 'BOOLEAN', { kind: 'boolean' }],
    ],
    rows.map((r) => [r.n, r.m, r.s, r.b].map(literal).join(', ')),
  );
  await fc.assert(
    fc.asyncProperty(condition, async (e) => {
      const expected = rows.flatMap((row, i) => (evaluate(e, row) === true ? [i] : []));
      assert.deepEqual(await matches(t, printExpression(e)), expected, printExpression(e));
    }),
    { numRuns: 300 },
  );
});
