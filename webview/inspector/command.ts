import { fail } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import { quoteForShell } from '../../src/core/report/quoteForShell.ts';
import { conditionExpression } from '../../src/core/table/condition.ts';
import type { Column } from '../../src/core/table/dataset.ts';
import { printExpression } from '../../src/core/table/expression/ast.ts';
import { stringType } from '../../src/core/table/expression/typed.ts';
import type { Filter, View } from '../../src/core/table/filter.ts';
import { groupingOf } from '../../src/core/table/grouping.ts';
import { guessRoles } from '../../src/core/table/guessRoles.ts';
import type { Role } from '../../src/core/table/role.ts';

/**
 * The command line that prints the rows or groups of a view with the roles of its columns. `shown`: the columns of the
 * view; null: all of them.
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
    ...Object.entries(rolesToGive(columns)).flatMap(([column, role]) => ['--role', `${column}=${role ?? ''}`]),
    ...(shown ?? []).flatMap((column) => ['--columns', column]),
  ]
    .map(quoteForShell)
    .join(' ');
}

/**
 * The conditions and the expression of a filter as one expression. A condition on a column that is gone stays: the
 * command line then names the column, and does not print other rows.
 */
function expressionOf({ conditions, expression }: Filter, columns: readonly Pick<Column, 'name' | 'type'>[]): string {
  const texts = conditions.map((condition) => {
    const type = columns.find(({ name }) => name === condition.column)?.type ?? stringType;
    return printExpression(conditionExpression(condition, type));
  });
  const trimmed = expression.trim();
  if (trimmed === '') return texts.join(' and ');
  return texts.length === 0 ? trimmed : [...texts, `(${trimmed})`].join(' and ');
}

/** Roles that the command would not guess, by column: set by the user or a config. Null: the column has no role. */
function rolesToGive(
  columns: readonly Pick<Column, 'name' | 'type' | 'role'>[],
): Readonly<Record<string, Role | null>> {
  let roles: Readonly<Record<string, Role | null>> = {};
  for (;;) {
    const guesses = guessRoles(columns, roles);
    const wrong = columns.filter(
      ({ name, type, role }, k) =>
        type.kind !== 'unreadable' && !Object.hasOwn(roles, name) && role?.role !== guesses[k]?.role,
    );
    if (wrong.length === 0) return roles;
    // A given role takes a unique role away from another column, which then needs no option.
    const taking = wrong.filter(({ role }) => role !== null);
    const corrected = taking.length > 0 ? taking : wrong;
    roles = { ...roles, ...Object.fromEntries(corrected.map(({ name, role }) => [name, role?.role ?? null])) };
  }
}
