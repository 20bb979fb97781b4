import { compareTexts } from '../../core/sampling/compareTexts.ts';
import type { LogicalType } from '../../core/table/type.ts';
import { quoteLiteral } from '../sql/quote.ts';

/** Follows every field of a line; a backslash keeps it apart from one within a text. */
const TAB = quoteLiteral('\t');
const BACKSLASH = quoteLiteral('\\');

/** A value that is digested. */
export interface DigestedValue {
  /** SQL of the value. */
  readonly sql: string;
  readonly type: LogicalType;
}

/**
 * SQL of values as one text, of which they can be read back: a TAB after each, nothing for NULL, `\e` for the empty text, `\t` and `\\` for what would be taken for
 * a sign of the line. Escapes instead of lengths, since most texts need none: half the time of a row. `depth` keeps the names of nested lambdas apart.
 */
export function lineSql(values: readonly DigestedValue[], depth = 0): string {
  // `concat` takes NULL for nothing; it needs an argument.
  return values.length === 0 ? "''" : `concat(${values.flatMap((value) => [fieldSql(value, depth), TAB]).join(', ')})`;
}

/** A line of constants. */
export function lineOf(texts: readonly string[]): string {
  return texts
    .map((text) => `${text === '' ? '\\e' : text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t')}\t`)
    .join('');
}

function fieldSql({ sql, type }: DigestedValue, depth: number): string {
  switch (type.kind) {
    case 'boolean':
    case 'integer':
    case 'uuid':
    case 'date':
      return text(sql);
    case 'float': {
      // Bits, for engines write floats in different ways. One text for all NaN: which of them it is depends on who computed it.
      const double = `CAST(${sql} AS DOUBLE)`;
      return `CASE WHEN isnan(${double}) THEN 'NaN' ELSE ${text(`CAST(CAST(${double} AS BIT) AS UBIGINT)`)} END`;
    }
    case 'decimal':
      return decimalSql(sql, type);
    case 'time':
      return text(`epoch_us(${sql})`);
    case 'timestamp':
      return timestampSql(sql, type.unit);
    case 'string':
    case 'json':
      return escaped(sql);
    case 'binary':
      return escaped(`lower(hex(${sql}))`);
    case 'list': {
      const v = `v${depth}`;
      return nested(
        `'[' || array_to_string(list_transform(${sql}, lambda ${v}: ${lineSql([{ sql: v, type: type.item }], depth + 1)}), '')`,
      );
    }
    case 'struct': {
      // By place, since a field may have no name.
      const fields = type.fields
        .map(({ name, type: of }, k) => ({ name, value: { sql: `struct_extract_at(${sql}, ${k + 1})`, type: of } }))
        .sort((a, b) => compareTexts(a.name, b.name));
      const parts = fields.map(({ name, value }) => `, ${quoteLiteral(lineOf([name]))}, ${lineSql([value], depth)}`);
      return nested(`CASE WHEN ${sql} IS NOT NULL THEN concat('{'${parts.join('')}) END`);
    }
    case 'map': {
      const v = `v${depth}`;
      const pair = lineSql(
        [
          { sql: `${v}.key`, type: type.key },
          { sql: `${v}.value`, type: type.value },
        ],
        depth + 1,
      );
      return nested(`'{' || array_to_string(list_sort(list_transform(map_entries(${sql}), lambda ${v}: ${pair})), '')`);
    }
    case 'enum':
    case 'interval':
    case 'other':
    case 'unreadable':
      return escaped(text(sql));
  }
}

function text(sql: string): string {
  return `CAST(${sql} AS VARCHAR)`;
}

/** Without zeros at the end, so that the scale does not matter. DuckDB writes no digit before the point where the type has none. */
function decimalSql(sql: string, { precision, scale }: { readonly precision: number; readonly scale: number }): string {
  if (scale === 0) return text(sql);
  const digits = precision === scale ? `replace(${text(sql)}, '.', '0.')` : text(sql);
  return `rtrim(rtrim(${digits}, '0'), '.')`;
}

/** Microseconds since the epoch; of nanoseconds, those beyond follow a point. The epoch of what is not finite is NULL. */
function timestampSql(sql: string, unit: string): string {
  if (unit !== 'ns') return `coalesce(${text(`epoch_us(${sql})`)}, ${text(sql)})`;
  // Division of integers cuts towards 0; microseconds are floored, before the epoch too.
  const ns = `epoch_ns(${sql})`;
  const whole = text(`(${ns} // 1000 - CAST(${ns} % 1000 < 0 AS BIGINT))`);
  const rest = `((${ns} % 1000 + 1000) % 1000)`;
  return `CASE WHEN NOT isfinite(${sql}) THEN ${text(sql)} WHEN ${rest} = 0 THEN ${whole} ELSE ${whole} || '.' || lpad(${text(rest)}, 3, '0') END`;
}

/** For texts that are never empty, such as lists. Names its value once, or the SQL would grow with a power of the depth. */
function nested(sql: string): string {
  return `replace(replace(${sql}, ${BACKSLASH}, '\\\\'), ${TAB}, '\\t')`;
}

/** One look at most texts, which need no escape. */
function escaped(sql: string): string {
  const isPlain = `NOT (${sql} = '' OR contains(${sql}, ${TAB}) OR contains(${sql}, ${BACKSLASH}))`;
  return `CASE WHEN ${isPlain} THEN ${sql} WHEN ${sql} = '' THEN '\\e' ELSE ${nested(sql)} END`;
}
