import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { digestAlgorithm, type RowsDigest } from '../../core/table/rowsDigest.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { Rows } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';

/** The low 64 bits of a 128-bit number. */
const LOW = '18446744073709551615';

/**
 * With more columns than this, first check whether there is a row. DuckDB takes seconds to plan the hashes of many
 * thousands of columns, and no interrupt ends that.
 */
const WIDE = 500;

/** A column to digest. */
interface DigestedColumn {
  readonly name: string;
  readonly type: LogicalType;
}

/**
 * Digests all rows of `from` (a FROM item, with WHERE to select rows). `run` runs a statement. The row order does not
 * matter, and equal rows count as often as they occur.
 * The MD5 of each row is split into two 64-bit integers. Each half is summed modulo 2^64. This detects accidental
 * changes. An attacker may construct other rows with the same sums.
 */
export async function digestRows(
  from: string,
  columns: readonly DigestedColumn[],
  run: (sql: string) => Promise<Rows>,
): Promise<RowsDigest> {
  const ordered = [...columns].sort((a, b) => compareTexts(a.name, b.name));
  const names = ordered.map(({ name }) => name);
  const line = lineSql(ordered.map(({ name, type }) => ({ sql: quoteIdentifier(name), type })));
  const isEmpty = columns.length > WIDE && (await run(`SELECT 1 FROM ${from} LIMIT 1`)).length === 0;
  const hashes = isEmpty ? 'SELECT 0::UHUGEINT AS h WHERE false' : `SELECT md5_number(${line}) AS h FROM ${from}`;
  // Sums of 64-bit integers have 128 bits, so they do not overflow.
  const sums = `SELECT count(*) AS n, ${[`h & ${LOW}::UHUGEINT`, 'h >> 64'].map((half, k) => `coalesce(sum(CAST(${half} AS UBIGINT)), 0) & ${LOW}::HUGEINT AS s${k}`).join(', ')} FROM (${hashes})`;
  const [[rows, value] = []] = await run(
    `SELECT n, md5(concat(${quoteLiteral(lineOf([digestAlgorithm, ...names]))}, n, chr(9), s0, chr(9), s1, chr(9))) FROM (${sums})`,
  );
  return { algorithm: digestAlgorithm, rows: Number(rows ?? 0), value: String(value ?? ''), columns: names };
}

/** Ends every field of a line. A backslash escapes a TAB inside a text. */
const TAB = quoteLiteral('\t');
const BACKSLASH = quoteLiteral('\\');

/** A value to digest. */
interface DigestedValue {
  /** SQL of the value. */
  readonly sql: string;
  readonly type: LogicalType;
}

/**
 * SQL of values as one text from which they can be decoded: a TAB after each value, nothing for NULL, `\e` for the
 * empty text. `\t` and `\\` escape a TAB and a backslash.
 * Escapes instead of lengths, because most texts need no escape: this takes half the time per row. `depth` makes the
 * names of nested lambdas distinct.
 */
function lineSql(values: readonly DigestedValue[], depth = 0): string {
  // `concat` ignores NULL, but needs at least one argument.
  return values.length === 0 ? "''" : `concat(${values.flatMap((value) => [fieldSql(value, depth), TAB]).join(', ')})`;
}

/** A line of constant texts. */
function lineOf(texts: readonly string[]): string {
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
      // Bits, because engines print floats differently. One text for all NaN, because the NaN bits depend on the
      // computation.
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
      // By position, because a field may have no name.
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
    case 'other':
      return type.name === 'TIME_NS' ? microsecondsSql(`epoch_ns(${sql})`) : escaped(text(sql));
    case 'enum':
    case 'interval':
    case 'unreadable':
      return escaped(text(sql));
  }
}

function text(sql: string): string {
  return `CAST(${sql} AS VARCHAR)`;
}

/**
 * Removes trailing zeros, so that the scale does not matter. DuckDB writes no digit before the point if the type has no
 * integer digits.
 */
function decimalSql(sql: string, { precision, scale }: { readonly precision: number; readonly scale: number }): string {
  if (scale === 0) return text(sql);
  const digits = precision === scale ? `replace(${text(sql)}, '.', '0.')` : text(sql);
  return `rtrim(rtrim(${digits}, '0'), '.')`;
}

/** Microseconds since the epoch. DuckDB takes the first and the last value of 64 bits for infinite. */
function timestampSql(sql: string, unit: string): string {
  if (unit === 'ns') return microsecondsSql(`epoch_ns(${sql})`);
  return `CASE WHEN isfinite(${sql}) THEN ${text(`epoch_us(${sql})`)} ELSE replace(replace(${text(sql)}, 'infinity', '9223372036854775807'), '+00', '') END`;
}

/** Nanoseconds as microseconds. Remaining nanoseconds follow a decimal point. */
function microsecondsSql(ns: string): string {
  // Integer division truncates towards 0, but microseconds must be floored, also before the epoch.
  const whole = text(`(${ns} // 1000 - CAST(${ns} % 1000 < 0 AS BIGINT))`);
  const rest = `((${ns} % 1000 + 1000) % 1000)`;
  return `CASE WHEN ${rest} = 0 THEN ${whole} ELSE ${whole} || '.' || lpad(${text(rest)}, 3, '0') END`;
}

/**
 * For texts that are never empty, such as lists. The value occurs once, otherwise the SQL would grow exponentially with
 * the depth.
 */
function nested(sql: string): string {
  return `replace(replace(${sql}, ${BACKSLASH}, '\\\\'), ${TAB}, '\\t')`;
}

/** Checks first whether a text needs an escape. Most texts need no escape. */
function escaped(sql: string): string {
  const isPlain = `NOT (${sql} = '' OR contains(${sql}, ${TAB}) OR contains(${sql}, ${BACKSLASH}))`;
  return `CASE WHEN ${isPlain} THEN ${sql} WHEN ${sql} = '' THEN '\\e' ELSE ${nested(sql)} END`;
}
