import { fail } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import { shellWord } from '../../src/core/report/shellWord.ts';
import { conditionExpression } from '../../src/core/table/condition.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import { printExpression } from '../../src/core/table/expression/ast.ts';
import { stringType } from '../../src/core/table/expression/typed.ts';
import type { Filter, View } from '../../src/core/table/filter.ts';
import { groupingOf } from '../../src/core/table/grouping.ts';

/**
 * The command line that prints the rows or groups of a view. `shown`: its columns; null: all of them.
 * @throws FailureError `unsupported` if the roles changed since the view was grouped, so that no grouping has its keys
 */
export function inspectCommand(
  path: string,
  { filter, sort, group }: View,
  columns: readonly Pick<Column, 'name' | 'type' | 'role'>[],
  shown: readonly string[] | null,
): string {
  const grouping = group === undefined ? null : groupingOf(group, columns);
  if (group !== undefined && grouping === null)
    throw fail(
      'unsupported',
      message(
        'The rows are grouped by {0}, but the roles have changed since',
        group.map(({ column }) => column).join(', '),
      ),
      { advice: message('Choose Group by again, then copy the command.') },
    );
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
