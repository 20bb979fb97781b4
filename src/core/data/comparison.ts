import type { ConfigPath } from '../config/tree.ts';
import { FailureError } from '../message/failure.ts';
import { message, type Message } from '../message/message.ts';
import type { Where } from '../source/where.ts';
import { typedCondition } from '../table/condition.ts';
import type { Column } from '../table/dataset.ts';
import { isText } from '../table/expression/unify.ts';
import { typeName } from '../table/type.ts';

type Value = string | number | boolean;
type Op = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in';

/** A column of a config that is compared with values. */
export interface ComparedColumn {
  readonly column: string;
  readonly op: Op;
  readonly values: readonly Value[];
}

interface Comparison extends ComparedColumn {
  /** Place of the value, or of the list of values, below the map of comparisons. */
  readonly path: ConfigPath;
}

/** The comparisons of a `where`, all of which must hold. */
export function comparisonsOf(where: Where): Comparison[] {
  return Object.entries(where).map(([column, value]): Comparison => {
    if (typeof value !== 'object') return { column, op: '=', values: [value], path: [column] };
    if (Array.isArray(value)) return { column, op: 'in', values: value, path: [column] };
    const { op, value: bound } = value as { readonly op?: Op; readonly value?: Value };
    return { column, op: op ?? '=', values: [bound ?? ''], path: [column, 'value'] };
  });
}

/**
 * Why a column cannot be compared in this way; null if it can. A column of texts has no order of numbers: '12' comes
 * before '7'. One text in a column of a CSV file makes the column such a column. Without any value, it fulfills no
 * condition.
 */
export function comparisonProblem(
  { op, values }: Pick<ComparedColumn, 'op' | 'values'>,
  { name, type, hasValues }: Pick<Column, 'name' | 'type' | 'hasValues'>,
): { readonly message: Message; readonly advice?: Message } | null {
  const number = values.find((value) => typeof value === 'number');
  if (number !== undefined && hasValues !== false && isText(type) && op !== '=' && op !== '!=' && op !== 'in')
    return {
      message: message('column {0} has texts, which {1} cannot compare with the number {2}', name, op, number),
      advice: message('Store the column as numbers, or put quotes around the number to compare texts.'),
    };
  for (const value of values)
    try {
      typedCondition({ column: name, op: op === 'in' ? '=' : op, values: [String(value)] }, [{ name, type }]);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      return {
        message: message(
          'column {0} has the type {1}, so it cannot be compared with {2}',
          name,
          typeName(type),
          String(value),
        ),
        ...(error.failure.advice ? { advice: error.failure.advice } : {}),
      };
    }
  return null;
}
