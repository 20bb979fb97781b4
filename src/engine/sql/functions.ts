import type { FunctionName } from '../../core/table/expression/functions.ts';
import type { TypedExpression } from '../../core/table/expression/typed.ts';

type Compile = (sql: readonly string[], args: readonly TypedExpression[]) => string;

const named =
  (name: string): Compile =>
  (sql) =>
    `${name}(${sql.join(', ')})`;
/** Integers need no rounding; DuckDB's floor and ceil would convert them to floats. */
const unlessWhole =
  (name: string): Compile =>
  (sql, args) =>
    args[0]?.type.kind === 'integer' ? (sql[0] ?? '') : named(name)(sql, args);
/** NULL outside the domain, where DuckDB would fail the whole query. */
const tried =
  (name: string): Compile =>
  (sql) =>
    `TRY(${name}(${sql.join(', ')}))`;

/** The engine's counterpart of `core/table/expression/functions.ts`: how DuckDB computes each function. */
const compilers: Readonly<Record<FunctionName, Compile>> = {
  lower: named('lower'),
  upper: named('upper'),
  trim: named('trim'),
  length: named('len'),
  len: named('len'),
  substr: ([text = '', ...positions]) =>
    `substr(${[text, ...positions.map((p) => `TRY_CAST(${p} AS BIGINT)`)].join(', ')})`,
  contains: (sql, args) => named(args[0]?.type.kind === 'list' ? 'list_contains' : 'contains')(sql, args),
  starts_with: named('starts_with'),
  ends_with: named('ends_with'),
  replace: named('replace'),
  text: ([value = '']) => `CAST(${value} AS VARCHAR)`,
  abs: named('abs'),
  round: unlessWhole('round'),
  floor: unlessWhole('floor'),
  ceil: unlessWhole('ceil'),
  sqrt: tried('sqrt'),
  ln: tried('ln'),
  log10: tried('log10'),
  exp: named('exp'),
  is_nan: named('isnan'),
  date: ([value = '']) => `TRY_CAST(${value} AS DATE)`,
  year: named('year'),
  month: named('month'),
  day: named('day'),
  weekday: named('isodow'),
  hour: named('hour'),
  minute: named('minute'),
  second: named('second'),
  coalesce: named('coalesce'),
};

/** A function call as SQL. `sql` contains the compiled arguments. */
export function compileCall(name: FunctionName, args: readonly TypedExpression[], sql: readonly string[]): string {
  return compilers[name](sql, args);
}
