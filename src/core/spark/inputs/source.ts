import type { EventCondition } from '../../config/eventConditions.ts';
import { noTimeUnit } from '../../table/noTimeUnit.ts';
import { comparisonProblem, comparisonsOf } from '../../data/comparison.ts';
import { fail, type FailureError } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import type { ColumnComparison, Where } from '../../source/where.ts';
import { typedFilter } from '../../table/condition.ts';
import type { TypedExpression } from '../../table/expression/typed.ts';
import { isUnixTime, maxMicroseconds } from '../../table/epoch.ts';
import { isNumeric, type LogicalType } from '../../table/type.ts';
import { refuseCondition, refuseType, refuseUnsafe } from '../refusals.ts';
import {
  allOf,
  and,
  anyOf,
  bool,
  call,
  cast,
  col,
  double,
  fn,
  holds,
  int,
  not,
  nothing,
  or,
  sql,
  text,
  when,
} from '../../relation/expression.ts';
import type { InputStep, TextFile } from '../script.ts';
import type { SparkColumn, SparkRole, SparkTable } from '../sparkJob.ts';
import type { Expression } from '../../relation/tree.ts';

const microseconds = { s: 1_000_000, ms: 1000, us: 1 } as const;

/** Microseconds of a double in a unit of `scale`, rounded half up. NULL for NaN, and beyond `mostMicroseconds`. */
function roundedMicroseconds(value: Expression, scale: number): Expression {
  return when([
    [
      sql`${fn('abs', value)} < ${double(maxMicroseconds / scale)}`,
      cast(fn('floor', sql`${value} * ${double(scale)} + ${double(0.5)}`), 'BIGINT'),
    ],
  ]);
}

/** A data set, whose columns are read by role. Remembers which columns the script reads. */
export class Source {
  /** Columns that are read in their own type. */
  readonly #used = new Set<string>();
  /** Columns of text files that are only read as texts. */
  readonly #asTexts = new Set<string>();

  /**
   * @param name its key below `data`
   * @param view name of the view of the files
   */
  constructor(
    readonly name: string,
    readonly table: SparkTable,
    readonly view = `raw_${name}`,
  ) {}

  /** True if it is read from files of Parquet, of which only the needed columns are read. */
  get isParquet(): boolean {
    return this.table.format === 'parquet' && this.table.table === null;
  }

  /** The statement that reads the files, once all columns are known. */
  step(locationOf: Pick<InputStep, 'path' | 'folder' | 'basePath'>): InputStep {
    const columns = this.table.columns
      .filter(({ name }) => this.#used.has(name) || this.#asTexts.has(name))
      .map((column): SparkColumn => (this.#used.has(column.name) ? column : { ...column, type: { kind: 'string' } }));
    const { format, text: written, table } = this.table;
    const file: TextFile | null =
      format === 'parquet'
        ? null
        : {
            format: format === 'jsonl' ? 'json' : 'csv',
            delimiter: written?.delimiter ?? ',',
            hasHeader: written?.hasHeader ?? true,
            columns: this.table.columns,
          };
    // Columns of delimited text are read by position, so all have names in the job.
    if (file?.format === 'csv')
      for (const { name } of file.columns) refuseUnsafe(name, { path: this.table.path, column: name });
    return { kind: 'input', name: this.view, about: [`data.${this.name}`], ...locationOf, table, columns, file };
  }

  hasRole(role: string): boolean {
    return this.table.roles[role] !== undefined;
  }

  role(role: string): SparkRole {
    const found = this.table.roles[role];
    if (!found) throw new Error(`data.${this.name} has no role ${role}`);
    return found;
  }

  typeOf(name: string): LogicalType {
    const found = this.table.columns.find((column) => column.name === name);
    if (!found)
      throw fail('bad-request', message('There is no column {0}', name), {
        place: { path: this.table.path, column: name },
      });
    return found.type;
  }

  /** A column of the files. */
  column(name: string): Expression {
    refuseUnsafe(name, { path: this.table.path, column: name });
    this.typeOf(name);
    this.#used.add(name);
    return col(name);
  }

  /** A column of the files in which NaN is NULL. */
  columnWithoutNaN(name: string): Expression {
    const value = this.column(name);
    return this.typeOf(name).kind === 'float' ? when([[not(fn('isnan', value)), value]]) : value;
  }

  /** True if the ids of a role are integers. */
  isInteger(role: string): boolean {
    const { name, type } = this.role(role);
    return type === undefined ? this.typeOf(name).kind === 'integer' : type === 'int64';
  }

  /** Data set and column of a role whose ids are texts; null for integers, and without the role. */
  textOf(role: string): string | null {
    return this.hasRole(role) && !this.isInteger(role) ? this.place(role) : null;
  }

  /** Data set and column of a role, for messages of the job. */
  place(role: string): string {
    return `data.${this.name}, column ${this.role(role).name}`;
  }

  /** An id as BIGINT or STRING. */
  id(role: string): Expression {
    const { name } = this.role(role);
    const type = this.typeOf(name);
    const isReadable =
      type.kind === 'string' || (type.kind === 'integer' && type.bits <= 64 && (type.signed || type.bits < 64));
    if (!isReadable) throw refuseType(this.table.path, name, type);
    if (this.#isWrittenText(role)) return cast(this.rawId(role), 'STRING');
    const value = this.column(name);
    if (type.kind === 'string' && this.isInteger(role)) return call('integerOfText', value);
    return cast(value, this.isInteger(role) ? 'BIGINT' : 'STRING');
  }

  /** An id as the files have it: of delimited text, 007 stays 007. */
  rawId(role: string): Expression {
    const { name } = this.role(role);
    if (!this.#isWrittenText(role)) return this.column(name);
    refuseUnsafe(name, { path: this.table.path, column: name });
    this.#asTexts.add(name);
    return col(name);
  }

  #isWrittenText(role: string): boolean {
    const { format } = this.table;
    return !this.isInteger(role) && (format === 'csv' || format === 'tsv');
  }

  /** Microseconds since 1970 UTC: the first ones of a day, or with `end` the last ones. */
  time(role: string, end = false): Expression {
    const { name, unit } = this.role(role);
    const type = this.typeOf(name);
    const value = this.column(name);
    switch (type.kind) {
      case 'timestamp':
        if (type.unit === 'ns') throw refuseType(this.table.path, name, type);
        return call('microseconds', value);
      case 'date':
        return end ? call('dayEnd', value) : call('microseconds', value);
      case 'integer':
        if (unit === undefined) throw noTimeUnit(name, this.table.path);
        return sql`${cast(value, 'BIGINT')} * ${int(microseconds[unit])}`;
      case 'float':
        if (!isUnixTime(type)) throw refuseType(this.table.path, name, type);
        if (unit === undefined) throw noTimeUnit(name, this.table.path);
        return roundedMicroseconds(value, microseconds[unit]);
      case 'string':
        return call(end ? 'textDayEnd' : 'textMicroseconds', value);
      default:
        throw refuseType(this.table.path, name, type);
    }
  }

  /** True if some times of a role may be dates, whose last microsecond is not the first. */
  mayBeDates(role: string): boolean {
    return this.hasRole(role) && ['date', 'string'].includes(this.typeOf(this.role(role).name).kind);
  }

  /** A flag; NULL and NaN are false. */
  flag(name: string): Expression {
    return holds(this.#flag(name));
  }

  #flag(name: string): Expression {
    const type = this.typeOf(name);
    if (type.kind === 'boolean') return this.column(name);
    if (!isNumeric(type)) throw refuseType(this.table.path, name, type);
    return sql`${this.columnWithoutNaN(name)} <> ${int(0)}`;
  }

  /** A number as DOUBLE; NaN is NULL. */
  number(name: string): Expression {
    const type = this.typeOf(name);
    if (!isNumeric(type)) throw refuseType(this.table.path, name, type);
    return cast(this.columnWithoutNaN(name), 'DOUBLE');
  }

  /** A role as text. */
  text(role: string): Expression {
    const { name } = this.role(role);
    const type = this.typeOf(name);
    if (!['string', 'integer', 'boolean'].includes(type.kind)) throw refuseType(this.table.path, name, type);
    return cast(this.column(name), 'STRING');
  }

  /** The rows of `where`, and of the folders whose days count. */
  filter(): Expression[] {
    const { where, days } = this.table;
    return [...(days ? this.#ofDays(days) : []), ...(where ? this.conditions(where) : [])];
  }

  /** Folders of days outside of a range are not read. docs/sampling.md: Which rows count. */
  #ofDays({ column, from, to }: NonNullable<SparkTable['days']>): Expression[] {
    if ((from === null && to === null) || !this.table.columns.some(({ name }) => name === column)) return [];
    const value = this.column(column);
    const inside = (form: (day: number) => Expression): Expression =>
      and(
        ...(from === null ? [] : [sql`${value} >= ${form(from)}`]),
        ...(to === null ? [] : [sql`${value} <= ${form(to)}`]),
      );
    const isUnknown = sql`${value} IS NULL`;
    const dashed = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
    const compact = (day: number): string => dashed(day).replaceAll('-', '');
    const type = this.typeOf(column);
    switch (type.kind) {
      case 'date':
        return [
          or(
            inside((day) => cast(text(dashed(day)), 'DATE')),
            isUnknown,
          ),
        ];
      case 'integer':
        return [
          or(
            inside((day) => int(BigInt(compact(day)))),
            isUnknown,
            // What is no day is read.
            sql`${value} < ${int(10_000_101)}`,
            sql`${value} > ${int(99_991_231)}`,
          ),
        ];
      case 'string':
        // A day such as 2026-03-14, or 20260314. No day of one form lies between two of the other.
        return [
          or(
            inside((day) => text(dashed(day))),
            inside((day) => text(compact(day))),
            isUnknown,
            // What is no day is read.
            sql`${fn('length', value)} NOT IN (8, 10)`,
            sql`${fn('translate', value, text('-0123456789'), text(''))} <> ${text('')}`,
          ),
        ];
      default:
        throw refuseType(this.table.path, column, type);
    }
  }

  /** Conditions of a `where`, never NULL. NaN fulfils none. */
  conditions(where: Where): Expression[] {
    return comparisonsOf(where).map((one) => this.#condition(one));
  }

  /** True if an event holds; never NULL. */
  event(condition: EventCondition): Expression {
    return holds(this.#event(condition));
  }

  /** NULL where a NULL or NaN leaves open whether the event holds. */
  #event(condition: EventCondition): Expression {
    if ('not' in condition) return not(this.#event(condition.not));
    if ('all' in condition) return allOf(condition.all.map((one) => this.#event(one)));
    if ('any' in condition) return anyOf(condition.any.map((one) => this.#event(one)));
    if ('known' in condition) return holds(this.#event(condition.known));
    if ('unknown' in condition) return sql`${this.#event(condition.unknown)} IS NULL`;
    const { column, op, value } = condition;
    if (op === undefined || value === undefined) return this.#flag(column);
    return when([
      [sql`${this.columnWithoutNaN(column)} IS NOT NULL`, this.#condition({ column, op, values: [value] })],
    ]);
  }

  #condition({ column, op, values }: ColumnComparison): Expression {
    // A column without values here may have some on the cluster, which would be compared as texts.
    const problem = comparisonProblem({ op, values }, { name: column, type: this.typeOf(column) });
    if (problem)
      throw fail('bad-request', problem.message, {
        place: { path: this.table.path, column },
        ...(problem.advice ? { advice: problem.advice } : {}),
      });
    const condition = { column, op, values: values.map(String) };
    const typed = typedFilter({ conditions: [condition], expression: '' }, this.table.columns);
    if (typed === null) return bool(true);
    const compiled = this.#compiled(typed, condition.column);
    const isFloat = this.typeOf(condition.column).kind === 'float';
    // Spark takes NaN for the largest number.
    return holds(isFloat ? and(compiled, not(fn('isnan', this.column(condition.column)))) : compiled);
  }

  /** The typed expressions that the condition of a column consists of. */
  #compiled(e: TypedExpression, of: string): Expression {
    const compiled = (one: TypedExpression): Expression => this.#compiled(one, of);
    switch (e.kind) {
      case 'column':
        if (e.fields.length === 0) return this.column(e.column);
        break;
      case 'constant':
        return this.#constant(e.type, e.text, of);
      case 'convert':
        if (isNumeric(e.type)) return cast(compiled(e.operand), sqlTypeOf(e.type) ?? 'DOUBLE');
        break;
      case 'not':
        return not(compiled(e.operand));
      case 'and':
        return allOf(e.operands.map(compiled));
      case 'or':
        return anyOf(e.operands.map(compiled));
      case 'compare':
        return this.#comparison(e.op, compiled(e.left), compiled(e.right));
      case 'in':
        return anyOf(e.list.map((one) => this.#comparison('=', compiled(e.operand), compiled(one))));
      default:
    }
    throw this.#refusedCondition(of);
  }

  #comparison(op: string, left: Expression, right: Expression): Expression {
    switch (op) {
      case '=':
        return sql`${left} = ${right}`;
      case '!=':
        return sql`${left} <> ${right}`;
      case '<':
        return sql`${left} < ${right}`;
      case '<=':
        return sql`${left} <= ${right}`;
      case '>':
        return sql`${left} > ${right}`;
      default:
        return sql`${left} >= ${right}`;
    }
  }

  #constant(type: LogicalType, value: string | null, of: string): Expression {
    const named = sqlTypeOf(type);
    if (named === null) throw this.#refusedCondition(of);
    if (value === null) return nothing(typeof named === 'string' ? named : 'DOUBLE');
    if (type.kind === 'boolean') return bool(value === 'true');
    if (type.kind === 'string') return text(value);
    if (type.kind === 'integer') return int(BigInt(value));
    if (type.kind === 'float' && type.bits === 64) return double(Number(value));
    return cast(text(value), named);
  }

  #refusedCondition(column: string): FailureError {
    return refuseCondition(this.table.path, column, this.typeOf(column));
  }
}

/** The type of values in conditions; null if the generator does not compare it. */
function sqlTypeOf(type: LogicalType): Parameters<typeof cast>[1] | null {
  switch (type.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'integer':
      return type.bits <= 64 ? 'BIGINT' : { precision: 38, scale: 0 };
    case 'float':
      return 'DOUBLE';
    case 'decimal':
      return { precision: type.precision, scale: type.scale };
    case 'string':
      return 'STRING';
    default:
      return null;
  }
}
