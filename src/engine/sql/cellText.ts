import { isPlainNumber, type LogicalType } from '../../core/table/type.ts';

/** Longest text of a cell in a page, in characters (code points). The rest is had by the method `cell`. */
export const CELL_CHARACTERS = 2000;

/**
 * SQL of the exact text of a value: lists, structs and maps as JSON with every digit of their numbers, binary as hexadecimal, everything
 * else as DuckDB writes it. NULL stays NULL.
 */
export function exactText(expression: string, type: LogicalType): string {
  switch (type.kind) {
    case 'string':
    case 'json':
      return expression;
    case 'binary':
      return `lower(hex(${expression}))`;
    case 'list':
    case 'struct':
    case 'map':
      return jsonText(expression, type, 0);
    default:
      return `CAST(${expression} AS VARCHAR)`;
  }
}

/**
 * JSON of a value, built by hand: DuckDB's to_json turns decimals and 128-bit integers into doubles and widens 32-bit floats.
 * `depth` keeps the names of nested lambdas apart.
 */
function jsonText(expression: string, type: LogicalType, depth: number): string {
  const v = `v${depth}`;
  const inner = (e: string, t: LogicalType): string => `coalesce(${jsonText(e, t, depth + 1)}, 'null')`;
  switch (type.kind) {
    case 'list':
      return `('[' || array_to_string(list_transform(${expression}, lambda ${v}: ${inner(v, type.item)}), ',') || ']')`;
    case 'struct': {
      if (type.fields.length === 0) return `CASE WHEN ${expression} IS NOT NULL THEN '{}' END`;
      const fields = type.fields.map((f) => {
        const field = f.name === '' ? null : `struct_extract(${expression}, ${literal(f.name)})`;
        return `${literal(`${JSON.stringify(f.name)}:`)} || ${field === null ? "'null'" : inner(field, f.type)}`;
      });
      return `CASE WHEN ${expression} IS NOT NULL THEN '{' || ${fields.join(" || ',' || ")} || '}' END`;
    }
    case 'map': {
      const key = `to_json(${exactText(`${v}.key`, type.key)})`;
      return `('{' || array_to_string(list_transform(map_entries(${expression}), lambda ${v}: ${key} || ':' || ${inner(`${v}.value`, type.value)}), ',') || '}')`;
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

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** True where the text of a value has no small bound, so that it may have to be clipped. */
function isLong(type: LogicalType): boolean {
  return ['string', 'json', 'binary', 'list', 'struct', 'map', 'enum', 'other'].includes(type.kind);
}

/** How one column is read for a page: its SQL, and the SQL of the whole length where a value may be clipped. */
export interface CellSql {
  readonly value: string;
  readonly length: string | null;
}

/** SQL of a page cell: numbers, 64-bit integers and booleans natively, everything else as exact text, clipped. */
export function cellSql(expression: string, type: LogicalType): CellSql {
  // A sign, not NULL: the value is unknown.
  if (type.kind === 'unreadable') return { value: "'⊘'", length: null };
  if (type.kind === 'boolean' || isPlainNumber(type) || (type.kind === 'integer' && type.bits === 64))
    return { value: expression, length: null };
  const text = exactText(expression, type);
  if (!isLong(type)) return { value: text, length: null };
  // strlen counts bytes and is free; only a text longer than that can be longer in characters.
  return {
    value: `left(${text}, ${CELL_CHARACTERS})`,
    length: `CASE WHEN strlen(${text}) > ${CELL_CHARACTERS} THEN nullif(greatest(length(${text}), ${CELL_CHARACTERS}), ${CELL_CHARACTERS}) END`,
  };
}
