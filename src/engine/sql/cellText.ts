import { isNested, isPlainNumber, type LogicalType } from '../../core/table/type.ts';
import { ifFewItems } from './nestedItems.ts';
import { quoteLiteral } from './quote.ts';

/** Longest text of a cell in a page, in characters (code points). The method `cell` returns the rest. */
export const CELL_CHARACTERS = 2000;

/**
 * SQL of the exact text of a value. Lists, structs and maps are JSON with every digit of their numbers. Binary is
 * hexadecimal. Everything else is as DuckDB prints it. NULL stays NULL. A nested value of too many items is an error.
 */
export function exactText(expression: string, type: LogicalType): string {
  return ifFewItems(expression, type, textOf(expression, type, ''));
}

/** @param slice SQL after each list of items, to read only the first ones */
function textOf(expression: string, type: LogicalType, slice: string): string {
  switch (type.kind) {
    case 'string':
    case 'json':
      return expression;
    case 'binary':
      return `lower(hex(${expression}))`;
    case 'list':
    case 'struct':
    case 'map':
      return jsonText(expression, type, slice, 0);
    case 'timestamp':
      return timestampText(expression, type);
    default:
      return `CAST(${expression} AS VARCHAR)`;
  }
}

/** The first and the last value of 64 bits, which DuckDB prints as infinite. */
const ends = {
  us: ['290309-12-21 (BC) 19:59:05.224193', '294247-01-10 04:00:54.775807'],
  ns: ['1677-09-21 00:12:43.145224193', '2262-04-11 23:47:16.854775807'],
} as const;

function timestampText(expression: string, { unit, zoned }: Extract<LogicalType, { kind: 'timestamp' }>): string {
  const [first, last] = ends[unit === 'ns' ? 'ns' : 'us'].map((end) => quoteLiteral(zoned ? `${end}+00` : end));
  // DuckDB converts a zoned timestamp to milliseconds in a double, which rounds them from the year 287396 on.
  const text = zoned
    ? `CAST(make_timestamp(epoch_us(${expression})) AS VARCHAR) || '+00'`
    : `CAST(${expression} AS VARCHAR)`;
  return `CASE ${expression} WHEN 'infinity' THEN ${last} WHEN '-infinity' THEN ${first} ELSE ${text} END`;
}

/**
 * SQL of a value as JSON. It does not use DuckDB's to_json, which converts decimals and 128-bit integers to doubles and
 * widens 32-bit floats. `depth` makes the names of nested lambdas distinct.
 */
function jsonText(expression: string, type: LogicalType, slice: string, depth: number): string {
  const v = `v${depth}`;
  const inner = (e: string, t: LogicalType): string => `coalesce(${jsonText(e, t, slice, depth + 1)}, 'null')`;
  switch (type.kind) {
    case 'list':
      return `('[' || array_to_string(list_transform(${expression}${slice}, lambda ${v}: ${inner(v, type.item)}), ',') || ']')`;
    case 'struct': {
      if (type.fields.length === 0) return `CASE WHEN ${expression} IS NOT NULL THEN '{}' END`;
      const fields = type.fields.map((f, k) => {
        // By position, because a field may have no name.
        const field = `struct_extract_at(${expression}, ${k + 1})`;
        return `${quoteLiteral(`${JSON.stringify(f.name)}:`)} || ${inner(field, f.type)}`;
      });
      return `CASE WHEN ${expression} IS NOT NULL THEN '{' || ${fields.join(" || ',' || ")} || '}' END`;
    }
    case 'map': {
      const key = `to_json(${exactText(`${v}.key`, type.key)})`;
      return `('{' || array_to_string(list_transform(map_entries(${expression})${slice}, lambda ${v}: ${key} || ':' || ${inner(`${v}.value`, type.value)}), ',') || '}')`;
    }
    case 'boolean':
    case 'integer':
    case 'decimal':
      return `CAST(${expression} AS VARCHAR)`;
    case 'float':
      return `CASE WHEN isfinite(${expression}) THEN CAST(${expression} AS VARCHAR) ELSE '"' || CAST(${expression} AS VARCHAR) || '"' END`;
    case 'json':
      return `CAST(${expression} AS VARCHAR)`;
    default:
      return `CAST(to_json(${exactText(expression, type)}) AS VARCHAR)`;
  }
}

/** True if the text of a value has no small bound, so it may need truncation. */
function isLong(type: LogicalType): boolean {
  return ['string', 'json', 'binary', 'list', 'struct', 'map', 'enum', 'other'].includes(type.kind);
}

/** SQL of one column for a page: the value, and the full length if a value may be truncated. */
export interface CellSql {
  readonly value: string;
  readonly length: string | null;
}

/**
 * SQL of a page cell. Numbers, 64-bit integers and booleans stay native. Everything else is exact text, truncated; a
 * nested value of too many items is ⊘ and their number.
 */
export function cellSql(expression: string, type: LogicalType): CellSql {
  // A symbol, not NULL, because the value is unknown.
  if (type.kind === 'unreadable') return { value: "'⊘'", length: null };
  if (type.kind === 'boolean' || isPlainNumber(type) || (type.kind === 'integer' && type.bits === 64))
    return { value: expression, length: null };
  const text = exactText(expression, type);
  if (!isLong(type)) return { value: text, length: null };
  // strlen counts bytes at no cost. A text within the limit in bytes is also within it in characters.
  const lengthOf = (t: string): string =>
    `CASE WHEN strlen(${t}) > ${CELL_CHARACTERS} THEN nullif(greatest(length(${t}), ${CELL_CHARACTERS}), ${CELL_CHARACTERS}) END`;
  if (!isNested(type)) return { value: `left(${text}, ${CELL_CHARACTERS})`, length: lengthOf(text) };
  // Every item has a character, so the first items have all that are shown. The whole is made once, for its length.
  const head = `left(${textOf(expression, type, `[1:${CELL_CHARACTERS}]`)}, ${CELL_CHARACTERS})`;
  const length = `list_transform([${textOf(expression, type, '')}], lambda t: ${lengthOf('t')})[1]`;
  return {
    // The page stays readable: one such value does not hide the others.
    value: ifFewItems(expression, type, head, (items) => `'⊘ ' || (${items}) || ' items'`),
    length: ifFewItems(expression, type, length, () => 'NULL'),
  };
}
