import { parseArgs } from 'node:util';
import { message } from '../core/message/message.ts';
import type { Command, CommandInput, CommandOption } from './command.ts';
import { nearest, usageError } from './usage.ts';

/** Options of every command, and of `recsample` without a command. */
export const globalOptions = {
  help: { type: 'boolean', short: 'h', help: message('Show help') },
  version: { type: 'boolean', help: message('Show the version') },
  locale: {
    type: 'string',
    placeholder: 'en|zh-cn',
    choices: ['en', 'zh-cn'],
    help: message('Language of text output. Default: from LC_ALL, LC_MESSAGES or LANG'),
  },
} as const satisfies Readonly<Record<string, CommandOption>>;

interface Token {
  readonly kind: 'option' | 'positional' | 'option-terminator';
  readonly index: number;
  readonly name?: string;
  readonly rawName?: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function tokensOf(args: readonly string[], options: Readonly<Record<string, CommandOption>>): readonly Token[] {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, o]) => [
      name,
      { type: o.type, ...(o.short === undefined ? {} : { short: o.short }), multiple: true },
    ]),
  );
  // Not strict: its errors take several lines and give no suggestions. The checks below replace them.
  return parseArgs({ args: [...args], options: config, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** Splits the command's name from the rest of the command line. Options of `recsample` may come before it. */
export function splitCommand(args: readonly string[]): {
  readonly name: string | null;
  readonly rest: readonly string[];
} {
  const first = tokensOf(args, globalOptions).find((t) => t.kind === 'positional');
  if (!first) return { name: null, rest: args };
  return { name: args[first.index] ?? null, rest: args.filter((_, i) => i !== first.index) };
}

/**
 * Reads options and arguments. `help` is the command line that explains them. Throws a usage failure for an unknown or
 * repeated option, a missing value, or a value that is not one of the choices. `requireArguments` checks the number of
 * arguments.
 */
export function readInput(
  args: readonly string[],
  commandOptions: Readonly<Record<string, CommandOption>>,
  help: string,
): CommandInput {
  const options: Readonly<Record<string, CommandOption>> = { ...commandOptions, ...globalOptions };
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const see = message('See {0}.', help);
  for (const token of tokensOf(args, options)) {
    if (token.kind === 'positional') positionals.push(token.value ?? '');
    if (token.kind !== 'option') continue;
    const { name = '', rawName = '', value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option)
      throw usageError(
        message('Unknown option {0}', rawName),
        nearest(
          rawName,
          Object.keys(options).map((o) => `--${o}`),
          help,
        ),
      );
    if (option.type === 'string' && value === undefined) throw usageError(message('{0} needs a value', rawName), see);
    if (option.type === 'boolean' && value !== undefined)
      throw usageError(message('{0} does not accept a value', rawName), see);
    const before = values.get(name) ?? [];
    if (before.length > 0 && option.type === 'string' && !option.multiple)
      throw usageError(message('{0} is given twice', rawName), see);
    if (value !== undefined && option.choices && !option.choices.includes(value))
      throw usageError(message('{0} must be one of {1}, not {2}', rawName, option.choices.join(', '), value), see);
    values.set(name, [...before, value ?? 'true']);
  }
  return {
    arguments: positionals,
    text: (option) => values.get(option)?.[0],
    texts: (option) => values.get(option) ?? [],
    flag: (option) => values.has(option),
  };
}

/** Throws a usage failure if an argument that must be given once is missing, or if there are too many arguments. */
export function requireArguments(input: CommandInput, command: Command, help: string): void {
  const [last] = command.arguments.slice(-1);
  const missing = command.arguments[input.arguments.length];
  if (missing && (missing.times ?? 'once') === 'once')
    throw usageError(message('{0} is missing', missing.name), { help });
  const extra = last?.times === 'any' ? undefined : input.arguments[command.arguments.length];
  if (extra !== undefined) throw usageError(message('Unexpected argument {0}', extra), { help });
}
