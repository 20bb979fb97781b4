import { auditRoles, type AuditRole } from '../core/audit/sampleColumns.ts';
import { message } from '../core/message/message.ts';
import type { CommandInput, CommandOption } from './command.ts';
import { usageError } from './usage.ts';

/** The option that corrects roles of the columns of a sample file. */
export const roleOption = {
  type: 'string',
  multiple: true,
  placeholder: 'COLUMN=ROLE',
  help: message(
    'The role of a column, if it was not recognised: {0}. Without a role: the column is not used',
    auditRoles.join(', '),
  ),
} as const satisfies CommandOption;

/** The roles of `--role`, by column name. `help` is the command line that explains the option. */
export function rolesGiven(input: CommandInput, help: string): Readonly<Record<string, AuditRole | null>> {
  return Object.fromEntries(
    input.texts('role').map((text): [string, AuditRole | null] => {
      const at = text.lastIndexOf('=');
      const [column, word] = [text.slice(0, at), text.slice(at + 1).replaceAll('-', '_')];
      if (at <= 0) throw usageError(message('--role must be COLUMN=ROLE, not {0}', text), message('See {0}.', help));
      const role = auditRoles.find((one) => one === word);
      if (role === undefined && word !== '')
        throw usageError(
          message('{0} is not a role. Roles are {1}', word, auditRoles.join(', ')),
          message('See {0}.', help),
        );
      return [column, role ?? null];
    }),
  );
}
