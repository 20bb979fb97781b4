import { statSync } from 'node:fs';
import path from 'node:path';
import { message, render } from '../core/message/message.ts';
import { printable } from '../core/message/printable.ts';
import type { CommandContext, CommandInput, CommandOption } from './command.ts';
import { usageError } from './usage.ts';

/** Options of every command that reads ratio configs. */
export const configOptions = {
  set: {
    type: 'string',
    multiple: true,
    placeholder: 'NAME=VALUE',
    help: message('A value for {0} that overrides the one under vars', '${NAME}'),
  },
  root: {
    type: 'string',
    placeholder: 'DIR',
    help: message('Data and policies are read only inside this folder. Default: the folder of the project'),
  },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** The values of `--set`; for equal names the last one counts. `help` is the command line that explains the option. */
export function variablesOf(input: CommandInput, help: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    input.texts('set').map((text) => {
      const [, name, value] = /^([^=}]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined)
        throw usageError(message('--set must be NAME=VALUE, not {0}', text), { help });
      return [name.trim(), value];
    }),
  );
}

/** The folder of `--root`, absolute; null if it was not given. */
export function parseRoot(input: CommandInput, { directory }: CommandContext, help: string): string | null {
  const folder = input.text('root');
  if (folder === undefined) return null;
  const absolute = path.resolve(directory, folder);
  if (!isFolder(absolute)) throw usageError(message('--root must be an existing folder, not {0}', folder), { help });
  return absolute;
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}

/** Warns about names of `--set` that no config uses. */
export function warnUnusedVariables(names: readonly string[], context: CommandContext): void {
  for (const name of names)
    context.warn(printable(render(message('No config has the variable {0} of --set', name), context.translate)));
}
