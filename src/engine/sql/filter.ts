import { duckdbFunctions } from '../../core/viewSql/duckdbFunctions.ts';
import type { Column } from '../../core/table/dataset.ts';
import { typedFilter } from '../../core/table/condition.ts';
import type { TypedExpression } from '../../core/table/expression/typed.ts';
import type { Filter } from '../../core/table/filter.ts';
import type { LogicalType } from '../../core/table/type.ts';
import { compileLike } from './like.ts';
import { compileReplace, tryOutside } from './replace.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

/**
 * The filter as one boolean SQL expression over the named columns, in parentheses, or TRUE for all rows. Throws
 * `bad-filter` for a filter that does not parse, does not match the columns or is not in the grammar.
 */
export function compileFilter(filter: Filter, columns: readonly Pick<Column, 'name' | 'type'>[]): string {
  const typed = typedFilter(filter, columns);
  if (typed === null) return 'TRUE';
  const conditions = typed.kind === 'and' ? typed.operands : [typed];
  return `(${conditions.map(holds).join(' AND ')})`;
}

/**
 * A condition that does not use statistics to skip rows. For a plain comparison, DuckDB skips row groups by their
 * statistics, and some writers store wrong statistics. Each condition is wrapped separately: one wrapper around all
 * took 1.2 to 1.4 times as long.
 */
function holds(condition: TypedExpression): string {
  return `(${compileExpression(condition)} IS NOT DISTINCT FROM TRUE)`;
}

/**
 * One typed expression as SQL. Everything except columns and constants is in parentheses, so that it can be used
 * anywhere.
 */
export function compileExpression(e: TypedExpression): string {
  switch (e.kind) {
    case 'constant':
      return e.text === null ? 'NULL' : compileConstant(e.type, e.text);
    case 'column':
      return e.fields.reduce(
        (sql, field) => `struct_extract(${sql}, ${quoteLiteral(field)})`,
        quoteIdentifier(e.column),
      );
    case 'convert':
      return compileConversion(e.operand, e.type);
    case 'negate':
      return e.type.kind === 'float'
        ? `(-${compileExpression(e.operand)})`
        : tryOutside([compileExpression(e.operand)], ([operand = '']) => `TRY(-${operand})`);
    case 'not':
      return `(NOT ${compileExpression(e.operand)})`;
    case 'and':
    case 'or':
      return `(${e.operands.map(compileExpression).join(e.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'compare':
      return `(${compileExpression(e.left)} ${e.op === '!=' ? '<>' : e.op} ${compileExpression(e.right)})`;
    case 'arithmetic': {
      // Division by zero gives NULL, like every function outside its domain. A result that exceeds 128 bits is also
      // NULL.
      return tryOutside([compileExpression(e.left), compileExpression(e.right)], ([left = '', right = '']) => {
        const sql = `(${left} ${e.op} ${e.op === '/' || e.op === '%' ? `nullif(${right}, 0)` : right})`;
        return e.type.kind === 'float' ? sql : `TRY(${sql})`;
      });
    }
    case 'in':
      return `(${compileExpression(e.operand)} ${not(e.negated)}IN (${e.list.map(compileExpression).join(', ')}))`;
    case 'between':
      return `(${compileExpression(e.operand)} ${not(e.negated)}BETWEEN ${compileExpression(e.low)} AND ${compileExpression(e.high)})`;
    case 'like':
      return compileLike(e, compileExpression(e.operand), compileExpression(e.pattern));
    case 'is-null':
      return `(${compileExpression(e.operand)} IS ${not(e.negated)}NULL)`;
    case 'call': {
      const args = e.arguments.map(compileExpression);
      return e.name === 'replace'
        ? compileReplace(e.arguments, args)
        : tryOutside(args, (operands) => duckdbFunctions[e.name](operands, e.arguments));
    }
  }
}

function not(negated: boolean): string {
  return negated ? 'NOT ' : '';
}

function compileConstant(type: LogicalType, text: string): string {
  switch (type.kind) {
    case 'string':
      return quoteLiteral(text);
    case 'boolean':
      return text === 'true' ? 'TRUE' : 'FALSE';
    case 'binary':
      return `from_hex('${Buffer.from(text, 'utf8').toString('hex')}')`;
    default:
      return `CAST(${quoteLiteral(text)} AS ${sqlType(type)})`;
  }
}

function compileConversion(operand: TypedExpression, type: LogicalType): string {
  const sql = compileExpression(operand);
  // Without this, the session's time zone would decide the local time.
  if (operand.type.kind === 'timestamp' && operand.type.zoned) return `(${sql} AT TIME ZONE 'UTC')`;
  return `CAST(${sql} AS ${sqlType(type)})`;
}

/** DuckDB's name of a type whose values conditions compare. */
export function sqlType(type: LogicalType): string {
  switch (type.kind) {
    case 'integer':
      return `${type.signed ? '' : 'U'}${{ 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT', 128: 'HUGEINT' }[type.bits]}`;
    case 'float':
      return type.bits === 32 ? 'FLOAT' : 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'timestamp':
      return type.zoned ? 'TIMESTAMPTZ' : type.unit === 'ns' ? 'TIMESTAMP_NS' : 'TIMESTAMP';
    case 'boolean':
    case 'uuid':
    case 'date':
    case 'time':
      return type.kind.toUpperCase();
    default:
      return 'VARCHAR';
  }
}
