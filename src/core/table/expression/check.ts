import { message } from '../../message/message.ts';
import { suggest } from '../../message/suggest.ts';
import type { Column } from '../dataset.ts';
import { isNumeric, unreadableMessage, type LogicalType } from '../type.ts';
import { printName, type Expression } from './ast.ts';
import { checkCall } from './call.ts';
import { readNumber } from './number.ts';
import { badFilter } from './range.ts';
import { booleanType, doubleType, int128Type, int64Type, type TypedExpression } from './typed.ts';
import { asNumber, asText, convert, describe, standing, unify, type Operand } from './unify.ts';

type NamedColumn = Pick<Column, 'name' | 'type'>;

/**
 * Checks an expression against columns and assigns types. The whole must be a condition. `source` is the expression's
 * text, for better advice.
 * @throws FailureError `bad-filter` with the range of the invalid part
 */
export function check(expression: Expression, columns: readonly NamedColumn[], source = ''): TypedExpression {
  return new Checker(columns, source).condition(expression);
}

class Checker {
  private readonly byName: ReadonlyMap<string, NamedColumn>;

  constructor(
    private readonly columns: readonly NamedColumn[],
    private readonly source: string,
  ) {
    this.byName = new Map(columns.map((c) => [c.name, c]));
  }

  condition(e: Expression): TypedExpression {
    const typed = standing(this.operand(e));
    if (typed.type.kind === 'boolean') return typed;
    const advice =
      isNumeric(typed.type) && e.kind === 'name'
        ? message('Write {0} for the rows where it is not zero.', `${e.path.map(printName).join('.')} != 0`)
        : undefined;
    throw badFilter(e.range, message('Expected a condition (true or false), found {0}', describe(typed.type)), advice);
  }

  private operand(e: Expression): Operand {
    switch (e.kind) {
      case 'string':
        return { source: e, literal: { kind: 'string', value: e.value } };
      case 'boolean':
        return { source: e, literal: { kind: 'boolean', value: e.value } };
      case 'null':
        return { source: e, literal: { kind: 'null' } };
      case 'number':
        return { source: e, literal: this.number(e, e.text) };
      case 'negate':
        // A sign before digits belongs to the number, so that `= -5` fits every type, like `= 5`.
        if (e.operand.kind === 'number') return { source: e, literal: this.number(e, `-${e.operand.text}`) };
        return { source: e, typed: this.negate(e.operand) };
      default:
        return { source: e, typed: this.typed(e) };
    }
  }

  private number(
    e: Expression,
    written: string,
  ): { readonly kind: 'number'; readonly value: NonNullable<ReturnType<typeof readNumber>>; readonly written: string } {
    const value = readNumber(written);
    if (!value) throw badFilter(e.range, message('The number has too many digits'));
    return { kind: 'number', value, written };
  }

  private typed(e: Expression): TypedExpression {
    const type = booleanType;
    switch (e.kind) {
      case 'name':
        return this.column(e);
      case 'not':
        return { kind: 'not', type, operand: this.condition(e.operand) };
      case 'and':
      case 'or':
        return { kind: e.kind, type, operands: e.operands.map((o) => this.condition(o)) };
      case 'compare': {
        const [left, right] = unify(
          [this.operand(e.left), this.operand(e.right)],
          e.op === '=' || e.op === '!=' ? 'equality' : 'order',
        ) as [TypedExpression, TypedExpression];
        return { kind: 'compare', type, op: e.op, left, right };
      }
      case 'in': {
        const [operand, ...list] = unify(
          [e.operand, ...e.list].map((o) => this.operand(o)),
          'equality',
        ) as [TypedExpression, ...TypedExpression[]];
        return { kind: 'in', type, operand, list, negated: e.negated };
      }
      case 'between': {
        const [operand, low, high] = unify(
          [e.operand, e.low, e.high].map((o) => this.operand(o)),
          'order',
        ) as [TypedExpression, TypedExpression, TypedExpression];
        return { kind: 'between', type, operand, low, high, negated: e.negated };
      }
      case 'like':
        return {
          kind: 'like',
          type,
          operand: asText(this.operand(e.operand)),
          pattern: asText(this.operand(e.pattern)),
          anyCase: e.anyCase,
          negated: e.negated,
        };
      case 'is-null':
        return { kind: 'is-null', type, operand: standing(this.operand(e.operand)), negated: e.negated };
      case 'call':
        return checkCall(e, (argument) => this.operand(argument));
      case 'arithmetic':
        return this.arithmetic(e);
      default:
        return standing(this.operand(e));
    }
  }

  private negate(e: Expression): TypedExpression {
    const operand = standing(this.numeric(e));
    const widened =
      operand.type.kind === 'integer' ? convert(operand, widerInteger(operand.type, operand.type)) : operand;
    return { kind: 'negate', type: widened.type, operand: widened };
  }

  private arithmetic(e: Expression & { readonly kind: 'arithmetic' }): TypedExpression {
    const left = this.numeric(e.left);
    const right = this.numeric(e.right);
    const type = resultType(e.op, standing(left).type, standing(right).type);
    return { kind: 'arithmetic', op: e.op, left: asNumber(left, type), right: asNumber(right, type), type };
  }

  private numeric(e: Expression): Operand {
    const operand = this.operand(e);
    const { type } = standing(operand);
    if (!isNumeric(type)) throw badFilter(e.range, message('Expected a number, found {0}', describe(type)));
    return operand;
  }

  private column(e: Expression & { readonly kind: 'name' }): TypedExpression {
    // A column name may contain a dot: the longest matching name wins.
    for (let parts = e.path.length; parts > 0; parts--) {
      const column = this.byName.get(e.path.slice(0, parts).join('.'));
      const unreadable = column && unreadableMessage(column);
      if (unreadable) throw badFilter(e.range, unreadable);
      if (column) return this.field(e, column, e.path.slice(parts));
    }
    throw this.unknownColumn(e);
  }

  private field(e: Expression, column: NamedColumn, path: readonly string[]): TypedExpression {
    let type = column.type;
    const fields: string[] = [];
    for (const name of path) {
      if (type.kind !== 'struct')
        throw badFilter(
          e.range,
          message('{0} has no fields; it is {1}', printName(fields.at(-1) ?? column.name), describe(type)),
        );
      const field = type.fields.find((f) => f.name === name);
      if (!field) {
        const suggestion = suggest(
          name,
          type.fields.map((f) => f.name),
        );
        throw badFilter(
          e.range,
          message('Unknown field {0} of {1}', printName(name), printName(column.name)),
          suggestion === null
            ? message('Its fields: {0}.', type.fields.map((f) => printName(f.name)).join(', '))
            : message('Did you mean {0}?', printName(suggestion)),
        );
      }
      fields.push(field.name);
      type = field.type;
    }
    return { kind: 'column', type, column: column.name, fields };
  }

  private unknownColumn(e: Expression & { readonly kind: 'name' }): Error {
    const name = e.path.join('.');
    // `user-item_affinity_0` parses as a subtraction, but the whole word is a column.
    const fullName = this.columns
      .filter((c) => c.name.length > name.length && this.source.startsWith(c.name, e.range.start))
      .sort((a, b) => b.name.length - a.name.length)[0]?.name;
    const suggestion =
      fullName ??
      suggest(
        name,
        this.columns.map((c) => c.name),
      );
    const advice =
      suggestion !== null
        ? message('Did you mean {0}?', printName(suggestion))
        : this.source[e.range.start] === '"'
          ? message('Double quotes are for column names. Put single quotes around a string.')
          : undefined;
    return badFilter(e.range, message('Unknown column {0}', printName(name)), advice);
  }
}

function widerInteger(a: LogicalType, b: LogicalType): LogicalType {
  const small = (t: LogicalType): boolean => t.kind === 'integer' && t.bits <= 32;
  return small(a) && small(b) ? int64Type : int128Type;
}

/** Integers are widened so that one operation cannot overflow; `/` is always a float division. */
function resultType(op: string, a: LogicalType, b: LogicalType): LogicalType {
  if (op === '/' || a.kind === 'float' || b.kind === 'float') return doubleType;
  if (a.kind === 'integer' && b.kind === 'integer') return widerInteger(a, b);
  const [scaleA, scaleB] = [a, b].map((t) => (t.kind === 'decimal' ? t.scale : 0)) as [number, number];
  const scale = op === '*' ? scaleA + scaleB : Math.max(scaleA, scaleB);
  return scale > 38 ? doubleType : { kind: 'decimal', precision: 38, scale };
}
