/**
 * Type of a parameter. `same`: comparable with the other arguments. `date-part`: a date or timestamp. `clock-part`: a
 * time or timestamp. `digits`: a literal whole number from 0 to 15. `needle`: a part of the first argument.
 */
export type ParameterKind =
  | 'text'
  | 'text-or-list'
  | 'number'
  | 'whole'
  | 'digits'
  | 'float'
  | 'date-part'
  | 'clock-part'
  | 'temporal-or-text'
  | 'any'
  | 'same'
  | 'needle';
/** Type of a result. `first`: the type of the first argument. */
export type ResultKind = 'text' | 'int64' | 'double' | 'boolean' | 'date' | 'first';

export interface FunctionDefinition {
  readonly parameters: readonly ParameterKind[];
  /** Number of trailing parameters that may be omitted. */
  readonly optional?: number;
  /** True if the last parameter may be repeated. */
  readonly variadic?: boolean;
  readonly result: ResultKind;
  /** For the guide and the completion list. */
  readonly usage: string;
}

/**
 * The pure functions of expressions: the result depends only on the arguments. No function reads a file, the
 * environment or a clock. No function fails: outside its domain (`ln(0)`) it returns NULL. The engine's part is
 * `core/viewSql/duckdbFunctions.ts`.
 */
export const functions = {
  lower: { parameters: ['text'], result: 'text', usage: 'lower(text)' },
  upper: { parameters: ['text'], result: 'text', usage: 'upper(text)' },
  trim: { parameters: ['text'], result: 'text', usage: 'trim(text)' },
  length: { parameters: ['text-or-list'], result: 'int64', usage: 'length(text or list)' },
  len: { parameters: ['text-or-list'], result: 'int64', usage: 'len(text or list)' },
  substr: { parameters: ['text', 'whole', 'whole'], optional: 1, result: 'text', usage: 'substr(text, start, count)' },
  contains: { parameters: ['text-or-list', 'needle'], result: 'boolean', usage: 'contains(text or list, value)' },
  starts_with: { parameters: ['text', 'text'], result: 'boolean', usage: 'starts_with(text, text)' },
  ends_with: { parameters: ['text', 'text'], result: 'boolean', usage: 'ends_with(text, text)' },
  replace: { parameters: ['text', 'text', 'text'], result: 'text', usage: 'replace(text, what, by)' },
  text: { parameters: ['any'], result: 'text', usage: 'text(value)' },
  abs: { parameters: ['number'], result: 'first', usage: 'abs(number)' },
  round: { parameters: ['number', 'digits'], optional: 1, result: 'first', usage: 'round(number, digits)' },
  floor: { parameters: ['number'], result: 'first', usage: 'floor(number)' },
  ceil: { parameters: ['number'], result: 'first', usage: 'ceil(number)' },
  sqrt: { parameters: ['float'], result: 'double', usage: 'sqrt(number)' },
  ln: { parameters: ['float'], result: 'double', usage: 'ln(number)' },
  log10: { parameters: ['float'], result: 'double', usage: 'log10(number)' },
  exp: { parameters: ['float'], result: 'double', usage: 'exp(number)' },
  is_nan: { parameters: ['float'], result: 'boolean', usage: 'is_nan(number)' },
  date: { parameters: ['temporal-or-text'], result: 'date', usage: 'date(timestamp or text)' },
  year: { parameters: ['date-part'], result: 'int64', usage: 'year(date)' },
  month: { parameters: ['date-part'], result: 'int64', usage: 'month(date)' },
  day: { parameters: ['date-part'], result: 'int64', usage: 'day(date)' },
  weekday: { parameters: ['date-part'], result: 'int64', usage: 'weekday(date)' },
  hour: { parameters: ['clock-part'], result: 'int64', usage: 'hour(time)' },
  minute: { parameters: ['clock-part'], result: 'int64', usage: 'minute(time)' },
  second: { parameters: ['clock-part'], result: 'int64', usage: 'second(time)' },
  coalesce: { parameters: ['same', 'same'], variadic: true, result: 'first', usage: 'coalesce(value, value, …)' },
} as const satisfies Readonly<Record<string, FunctionDefinition>>;

export type FunctionName = keyof typeof functions;
export const functionNames = Object.keys(functions) as readonly FunctionName[];

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}

/** Returns the general type, so that optional properties can be read. */
export function functionDefinition(name: FunctionName): FunctionDefinition {
  return functions[name];
}
