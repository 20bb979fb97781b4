import { auditRoles, type AuditRole, type DeclaredSequence } from '../core/audit/sampleColumns.ts';
import { message } from '../core/message/message.ts';
import type { CommandInput, CommandOption } from './command.ts';
import { usageError } from './usage.ts';

/** `--role` for sample files. */
export const roleOption = {
  type: 'string',
  multiple: true,
  placeholder: 'COLUMN=ROLE',
  help: message(
    'The role of a column, if it was not recognised: {0}. Without a role: the column is not used',
    auditRoles.join(', '),
  ),
} as const satisfies CommandOption;

/** The roles of `--role` in a sample file. */
export function parseSampleRoles(input: CommandInput, help: string): Readonly<Record<string, AuditRole | null>> {
  return parseRoles(input, auditRoles, help);
}

/**
 * The roles of `--role` by column name, null for an empty one. Hyphens and underscores are equivalent. `help` is the
 * command line that explains the option.
 * @throws FailureError a usage error for a word that is not one of the roles
 */
export function parseRoles<R extends string>(
  input: CommandInput,
  roles: readonly R[],
  help: string,
): Readonly<Record<string, R | null>> {
  return rolesOf(assignments(input, help), roles, help);
}

const stepRole = /^(.+)\.(item|time|event)$/;
/** What `parseListRoles` takes besides roles, for the help. */
export const stepRoleForms = ['NAME.item', 'NAME.time', 'NAME.event'];

/**
 * As `parseRoles`, and the sequences of `COLUMN=NAME.item`, `NAME.time` and `NAME.event`.
 * @throws FailureError a usage error, also for two lists with one role
 */
export function parseListRoles<R extends string>(
  input: CommandInput,
  roles: readonly R[],
  help: string,
): { readonly roles: Readonly<Record<string, R | null>>; readonly sequences: readonly DeclaredSequence[] } {
  const sequences = new Map<string, Map<string, string>>();
  const words = assignments(input, help).map(([column, word]): readonly [string, string] => {
    const [, name, role] = stepRole.exec(word) ?? [];
    if (name === undefined || role === undefined) return [column, word];
    const lists = sequences.get(name) ?? new Map<string, string>();
    const other = lists.get(role);
    if (other !== undefined)
      throw usageError(message('Two columns have the role {0}: {1} and {2}', word, other, column), { help });
    sequences.set(name, lists.set(role, column));
    return [column, ''];
  });
  return {
    roles: rolesOf(words, roles, help, stepRoleForms),
    sequences: Array.from(sequences, ([name, lists]) => {
      if (!lists.has('item') && !lists.has('time'))
        throw usageError(message('The sequence {0} needs a list of items or of times', name), { help });
      return { name, columns: Array.from(lists, ([role, list]) => ({ role, name: list })), separator: null };
    }),
  };
}

/** @throws FailureError a usage error, also for a column that is named twice */
function assignments(input: CommandInput, help: string): (readonly [column: string, word: string])[] {
  const seen = new Set<string>();
  return input.texts('role').map((text) => {
    const separator = text.lastIndexOf('=');
    if (separator <= 0) throw usageError(message('--role must be COLUMN=ROLE, not {0}', text), { help });
    const column = text.slice(0, separator);
    if (seen.has(column)) throw usageError(message('--role names {0} more than once', column), { help });
    seen.add(column);
    return [column, text.slice(separator + 1)];
  });
}

function rolesOf<R extends string>(
  words: readonly (readonly [column: string, word: string])[],
  roles: readonly R[],
  help: string,
  forms: readonly string[] = [],
): Readonly<Record<string, R | null>> {
  const normalize = (word: string): string => word.replaceAll('-', '_');
  return Object.fromEntries(
    words.map(([column, word]): [string, R | null] => {
      const role = roles.find((name) => normalize(name) === normalize(word));
      if (role === undefined && word !== '')
        throw usageError(message('{0} is not a role. Roles are {1}', word, [...roles, ...forms].join(', ')), { help });
      return [column, role ?? null];
    }),
  );
}
