import type { ConfigPath } from '../config/tree.ts';
import { attempt, FailureError } from '../message/failure.ts';
import { message, type Message } from '../message/message.ts';
import type { ColumnComparison, Where } from '../source/where.ts';
import { typedCondition } from '../table/condition.ts';
import type { Column } from '../table/dataset.ts';
import { isText } from '../table/expression/unify.ts';
import { typeName } from '../table/type.ts';
import { columnNamed, type KnownDataset } from './columnKinds.ts';

interface Comparison extends ColumnComparison {
  /** Path of the value, or of the list of values, below the map of comparisons. */
  readonly path: ConfigPath;
}

/** A value of a `where` with an operator. */
interface Bound {
  readonly op?: ColumnComparison['op'];
  readonly value?: ColumnComparison['values'][number];
}

/** The comparisons of a `where`. All of them must hold. */
export function comparisonsOf(where: Where): Comparison[] {
  return Object.entries(where).map(([column, value]): Comparison => {
    if (typeof value !== 'object') return { column, op: '=', values: [value], path: [column] };
    if (Array.isArray(value)) return { column, op: 'in', values: value, path: [column] };
    const { op = '=', value: bound = '' } = value as Bound;
    return { column, op, values: [bound], path: [column, 'value'] };
  });
}

/** Why a comparison fails, and the way out. */
interface ComparisonProblem {
  readonly message: Message;
  readonly advice?: Message;
}

/** The first problem of comparisons with columns of a data set; null if there is none. Unknown columns are skipped. */
export function comparisonProblemIn(
  comparisons: readonly ColumnComparison[],
  known: KnownDataset,
): ComparisonProblem | null {
  for (const comparison of comparisons) {
    const column = columnNamed(known, comparison.column);
    const problem = column ? comparisonProblem(comparison, column) : null;
    if (problem) return problem;
  }
  return null;
}

/**
 * Why a column cannot be compared in this way; null if it can. Texts have no order of numbers: '12' comes before '7'.
 * One text value in a CSV column makes it a column of texts. A column without values can always be compared.
 */
export function comparisonProblem(
  { op, values }: Pick<ColumnComparison, 'op' | 'values'>,
  { name, type, hasValues }: Pick<Column, 'name' | 'type' | 'hasValues'>,
): ComparisonProblem | null {
  const number = values.find((value) => typeof value === 'number');
  if (number !== undefined && hasValues !== false && isText(type) && op !== '=' && op !== '!=' && op !== 'in')
    return {
      message: message('column {0} has texts, which {1} cannot compare with the number {2}', name, op, number),
      advice: message('Store the column as numbers, or put quotes around the number to compare texts.'),
    };
  for (const value of values.map(String)) {
    const condition = { column: name, op: op === 'in' ? '=' : op, values: [value] } as const;
    const typed = attempt(() => typedCondition(condition, [{ name, type }]));
    if (!(typed instanceof FailureError)) continue;
    const { advice } = typed.failure;
    return {
      message: message(
        'column {0} has the type {1}, so it cannot be compared with {2}',
        name,
        typeName(type),
        value === '' ? '""' : value,
      ),
      ...(advice ? { advice } : {}),
    };
  }
  return null;
}
