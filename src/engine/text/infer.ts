import { booleanTextList, booleanTexts } from '../../core/table/booleanTexts.ts';
import type { LogicalType } from '../../core/table/type.ts';

/** A type that a text column may get, if every value keeps its exact value. */
export interface Candidate {
  readonly name: string;
  readonly type: LogicalType;
  readonly sqlType: string;
  /** True if a text may have this type: a quick check for the head of a file. */
  matches(text: string): boolean;
  /** SQL that is true exactly if the text keeps its value. `x` is not NULL. Null: the reader has tested all values. */
  readonly exact: ((x: string) => string) | null;
}

const stamp = '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}';
const number = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$|^(nan|NaN|-?(inf|Infinity))$/;

function castBack(x: string, sqlType: string): string {
  return `CAST(TRY_CAST(${x} AS ${sqlType}) AS VARCHAR) = ${x}`;
}

function stamped(name: string, type: LogicalType, sqlType: string, suffix: string): Candidate {
  const whole = new RegExp(`^${stamp}${suffix}$`);
  return {
    name,
    type,
    sqlType,
    matches: (t) => whole.test(t),
    exact: (x) => `(regexp_full_match(${x}, '${stamp}${suffix}') AND TRY_CAST(${x} AS ${sqlType}) IS NOT NULL)`,
  };
}

/**
 * In order of preference. Integers must convert back digit for digit, so leading zeros and values beyond 64 bits stay
 * text.
 * A double is used only if it equals the value of the text exactly: up to 15 digits, or it prints as the same text or
 * the same decimal number.
 */
export const candidates: readonly Candidate[] = [
  {
    name: 'boolean',
    type: { kind: 'boolean' },
    sqlType: 'BOOLEAN',
    matches: (t) => booleanTexts.some((text) => text === t),
    exact: (x) => `${x} IN (${booleanTextList})`,
  },
  {
    name: 'int64',
    type: { kind: 'integer', bits: 64, signed: true },
    sqlType: 'BIGINT',
    matches: (t) => /^(0|-?[1-9][0-9]{0,18})$/.test(t),
    exact: (x) => castBack(x, 'BIGINT'),
  },
  {
    name: 'uint64',
    type: { kind: 'integer', bits: 64, signed: false },
    sqlType: 'UBIGINT',
    matches: (t) => /^(0|[1-9][0-9]{0,19})$/.test(t),
    exact: (x) => castBack(x, 'UBIGINT'),
  },
  {
    name: 'double',
    type: { kind: 'float', bits: 64 },
    sqlType: 'DOUBLE',
    matches: (t) => number.test(t),
    exact: (x) => castBack(x, 'DOUBLE'),
  },
  {
    // Also accepts texts that print differently but are the same number. This is slow, so only few columns are tested.
    name: 'double',
    type: { kind: 'float', bits: 64 },
    sqlType: 'DOUBLE',
    matches: (t) => number.test(t),
    exact: (x) =>
      `(regexp_full_match(${x}, '-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?|nan|NaN|-?(inf|Infinity)') AND TRY_CAST(${x} AS DOUBLE) IS NOT NULL AND ((strlen(${x}) <= 15 AND NOT regexp_matches(${x}, '[eE]')) OR NOT isfinite(TRY_CAST(${x} AS DOUBLE)) OR ${castBack(x, 'DOUBLE')} OR (strlen(${x}) <= 21 AND TRY_CAST(${x} AS DOUBLE) <> 0 AND coalesce(TRY_CAST(${x} AS DECIMAL(38, 20)) = TRY_CAST(CAST(TRY_CAST(${x} AS DOUBLE) AS VARCHAR) AS DECIMAL(38, 20)), false))))`,
  },
  {
    name: 'date',
    type: { kind: 'date' },
    sqlType: 'DATE',
    matches: (t) => /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(t),
    exact: (x) => castBack(x, 'DATE'),
  },
  stamped('timestamp', { kind: 'timestamp', unit: 'us', zoned: false }, 'TIMESTAMP', '(\\.[0-9]{1,6})?'),
  stamped(
    'timestamp-utc',
    { kind: 'timestamp', unit: 'us', zoned: true },
    'TIMESTAMPTZ',
    '(\\.[0-9]{1,6})?(Z|\\+00(:?00)?)',
  ),
  stamped('timestamp-ns', { kind: 'timestamp', unit: 'ns', zoned: false }, 'TIMESTAMP_NS', '\\.[0-9]{7,9}'),
];

/** Longest text of any typed value. Longer texts are not tested. */
const MAX_TYPED = 64;

/** SQL that is true if a text cannot have the candidate's type without changing its value; false for NULL. */
export function misfits({ exact }: Candidate, x: string): string {
  if (exact === null) return 'false';
  return `(${x} IS NOT NULL AND CASE WHEN strlen(${x}) > ${MAX_TYPED} THEN true ELSE NOT coalesce(${exact(x)}, false) END)`;
}

/** The kind of JSON values decides which candidates are tested. Delimited text has no kinds. */
export const candidatesOfKind = {
  text: candidates,
  number: candidates.filter((c) => ['int64', 'uint64', 'double'].includes(c.name)),
  boolean: candidates.filter((c) => c.name === 'boolean'),
  string: candidates.filter((c) => ['date', 'timestamp', 'timestamp-utc', 'timestamp-ns'].includes(c.name)),
} as const;

/** The candidates that fit every value of the head; all candidates if the head has no value. */
export function plausible(values: Iterable<string | null>, among: readonly Candidate[]): readonly Candidate[] {
  let left = among;
  for (const value of values) {
    if (value === null) continue;
    left = left.filter((c) => c.matches(value));
    if (left.length === 0) break;
  }
  return left;
}
