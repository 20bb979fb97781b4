import type { FunctionName } from '../table/expression/functions.ts';
import type { TypedExpression } from '../table/expression/typed.ts';
import { callNamed } from './viewDialect.ts';

/** Writes a call as SQL. `sql`: the SQL of the arguments `args`. */
type Call = (sql: readonly string[], args: readonly TypedExpression[]) => string;

/** Returns integers unchanged, because DuckDB's floor and ceil would convert them to floats. */
const unlessInteger =
  (name: string): Call =>
  (sql, args) =>
    args[0]?.type.kind === 'integer' ? (sql[0] ?? '') : callNamed(name)(sql);
/** Returns NULL outside the domain of the function, where DuckDB would fail the whole query. */
const tryCall =
  (name: string): Call =>
  (sql) =>
    `TRY(${name}(${sql.join(', ')}))`;

/** DuckDB's SQL for each function of expressions: for queries of the engine and for copied SQL. */
export const duckdbFunctions: Readonly<Record<FunctionName, Call>> = {
  lower: callNamed('lower'),
  upper: callNamed('upper'),
  trim: callNamed('trim'),
  length: callNamed('len'),
  len: callNamed('len'),
  substr: ([text = '', ...positions]) =>
    `substr(${[text, ...positions.map((p) => `TRY_CAST(${p} AS BIGINT)`)].join(', ')})`,
  contains: (sql, args) => callNamed(args[0]?.type.kind === 'list' ? 'list_contains' : 'contains')(sql),
  starts_with: callNamed('starts_with'),
  ends_with: callNamed('ends_with'),
  replace: callNamed('replace'),
  text: ([value = '']) => `CAST(${value} AS VARCHAR)`,
  abs: callNamed('abs'),
  round: unlessInteger('round'),
  floor: unlessInteger('floor'),
  ceil: unlessInteger('ceil'),
  sqrt: tryCall('sqrt'),
  ln: tryCall('ln'),
  log10: tryCall('log10'),
  exp: callNamed('exp'),
  is_nan: callNamed('isnan'),
  date: ([value = '']) => `TRY_CAST(${value} AS DATE)`,
  year: callNamed('year'),
  month: callNamed('month'),
  day: callNamed('day'),
  weekday: callNamed('isodow'),
  hour: callNamed('hour'),
  minute: callNamed('minute'),
  second: callNamed('second'),
  coalesce: callNamed('coalesce'),
};
