import type { FunctionName } from '../table/expression/functions.ts';
import type { TypedExpression } from '../table/expression/typed.ts';
import { named } from './viewDialect.ts';

/** A call as SQL. `sql`: its arguments. */
type Call = (sql: readonly string[], args: readonly TypedExpression[]) => string;

/** Integers need no rounding; DuckDB's floor and ceil would convert them to floats. */
const unlessWhole =
  (name: string): Call =>
  (sql, args) =>
    args[0]?.type.kind === 'integer' ? (sql[0] ?? '') : named(name)(sql);
/** NULL outside the domain, where DuckDB would fail the whole query. */
const tried =
  (name: string): Call =>
  (sql) =>
    `TRY(${name}(${sql.join(', ')}))`;

/** How DuckDB computes each function of expressions: in the engine, and in SQL that is copied. */
export const duckdbFunctions: Readonly<Record<FunctionName, Call>> = {
  lower: named('lower'),
  upper: named('upper'),
  trim: named('trim'),
  length: named('len'),
  len: named('len'),
  substr: ([text = '', ...positions]) =>
    `substr(${[text, ...positions.map((p) => `TRY_CAST(${p} AS BIGINT)`)].join(', ')})`,
  contains: (sql, args) => named(args[0]?.type.kind === 'list' ? 'list_contains' : 'contains')(sql),
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
