import { shellWord } from '../../src/core/report/shellWord.ts';
import { conditionExpression } from '../../src/core/table/condition.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import { printExpression } from '../../src/core/table/expression/ast.ts';
import { stringType } from '../../src/core/table/expression/typed.ts';
import type { Filter, View } from '../../src/core/table/filter.ts';
import { groupingOf } from '../../src/core/table/grouping.ts';

/** The command line that prints the rows or groups of a view. `shown`: its columns; null: all of them. */
export function inspectCommand(
  path: string,
  { filter, sort, group }: View,
  columns: readonly Pick<Column, 'name' | 'type' | 'role'>[],
  shown: readonly string[] | null,
): string {
  const grouping = group === undefined ? null : groupingOf(group, columns);
  const where = expressionOf(filter, columns);
  return [
    ...['recsample', 'inspect', path],
    ...(where === '' ? [] : ['--where', where]),
    ...(grouping === null ? [] : ['--group-by', grouping]),
    ...sort.flatMap(({ column, descending }) => ['--sort', descending ? `${column}:desc` : column]),
    ...(shown ?? []).flatMap((column) => ['--columns', column]),
  ]
    .map(shellWord)
    .join(' ');
}

/**
 * The conditions and the expression of a filter as one expression. A condition on a column that is gone stays: the command
 * line then names the column, and does not print other rows.
 */
function expressionOf({ conditions, expression }: Filter, columns: readonly Pick<Column, 'name' | 'type'>[]): string {
  const texts = conditions.map((condition) => {
    const type = columns.find(({ name }) => name === condition.column)?.type ?? stringType;
    return printExpression(conditionExpression(condition, type));
  });
  const own = expression.trim();
  if (own === '') return texts.join(' and ');
  return texts.length === 0 ? own : [...texts, `(${own})`].join(' and ');
}
