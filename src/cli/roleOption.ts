import { auditRoles, type AuditRole } from '../core/audit/sampleColumns.ts';
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
  const normalize = (word: string): string => word.replaceAll('-', '_');
  return Object.fromEntries(
    input.texts('role').map((text): [string, R | null] => {
      const separator = text.lastIndexOf('=');
      const column = text.slice(0, separator);
      const word = text.slice(separator + 1);
      if (separator <= 0) throw usageError(message('--role must be COLUMN=ROLE, not {0}', text), { help });
      const role = roles.find((name) => normalize(name) === normalize(word));
      if (role === undefined && word !== '')
        throw usageError(message('{0} is not a role. Roles are {1}', word, roles.join(', ')), { help });
      return [column, role ?? null];
    }),
  );
}
