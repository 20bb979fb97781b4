import { auditRoles, type AuditRole, type DeclaredSequence } from '../core/audit/sampleColumns.ts';
import { message } from '../core/message/message.ts';
import type { CommandInput, CommandOption } from './command.ts';
import { usageError } from './usage.ts';

const stepRole = /^(.+)\.(item|time|event)$/;
/** What `parseListRoles` takes besides roles, for the help. */
export const stepRoleForms = ['NAME.item', 'NAME.time', 'NAME.event'];

/** Options about the columns of a sample file. */
export const roleOptions = {
  role: {
    type: 'string',
    multiple: true,
    placeholder: 'COLUMN=ROLE',
    help: message(
      'The role of a column, if it was not recognised: {0}. Without a role: the column is not used. A list of a sequence: {1}',
      auditRoles.join(', '),
      stepRoleForms.join(', '),
    ),
  },
  separator: {
    type: 'string',
    multiple: true,
    placeholder: 'NAME=TEXT',
    help: message('The text between two steps of the sequence {0}, if {1} names columns of texts', 'NAME', '--role'),
  },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** The roles and the sequences of `--role` in a sample file, with the separators of `--separator`. */
export function parseSampleRoles(
  input: CommandInput,
  help: string,
): {
  readonly set: Readonly<Record<string, AuditRole | null>>;
  readonly sequences: readonly DeclaredSequence[];
} {
  const { roles, sequences } = parseListRoles(input, auditRoles, help);
  const separators = new Map(assignments(input, 'separator', help));
  for (const [name, text] of separators) {
    if (text === '') throw usageError(message('--separator needs a text after {0}', `${name}=`), { help });
    if (!sequences.some((sequence) => sequence.name === name))
      throw usageError(message('--separator: no --role names a sequence {0}', name), { help });
  }
  return {
    set: roles,
    sequences: sequences.map((sequence) => ({ ...sequence, separator: separators.get(sequence.name) ?? null })),
  };
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
  return rolesOf(assignments(input, 'role', help), roles, help);
}

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
  const words = assignments(input, 'role', help).map(([column, word]): readonly [string, string] => {
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

/** @throws FailureError a usage error, also for a name that occurs twice */
function assignments(
  input: CommandInput,
  option: 'role' | 'separator',
  help: string,
): (readonly [name: string, text: string])[] {
  const seen = new Set<string>();
  return input.texts(option).map((text) => {
    // Names of columns may have such a sign, and so may separators.
    const at = option === 'role' ? text.lastIndexOf('=') : text.indexOf('=');
    const form = option === 'role' ? 'COLUMN=ROLE' : 'NAME=TEXT';
    if (at <= 0) throw usageError(message('{0} must be {1}, not {2}', `--${option}`, form, text), { help });
    const name = text.slice(0, at);
    if (seen.has(name)) throw usageError(message('{0} names {1} more than once', `--${option}`, name), { help });
    seen.add(name);
    return [name, text.slice(at + 1)];
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
