import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { starterDatasets, type StarterDataset } from '../core/config/starterData.ts';
import { fail } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { writeFailure } from '../engine/files/writeFailure.ts';
import { projectRoot } from '../project/projectRoot.ts';
import type { CommandContext, CommandInput, CommandOption } from './command.ts';
import { parseRoot } from './configOptions.ts';
import { checkOutputLink, parseOutPath } from './outputPath.ts';
import { replaceFile } from './replaceFile.ts';
import { usageError } from './usage.ts';

/** Options of commands that write a ratio config. */
export const newConfigOptions = {
  out: {
    type: 'string',
    placeholder: 'CONFIG',
    help: message('Where to write the config. Default: standard output'),
  },
  force: { type: 'boolean', help: message('Replace the file of {0} if it exists', '--out') },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** Where a new config is written. Its data paths are relative to the folder of `file`. */
export interface ConfigTarget {
  /** Absolute, also if the config is only printed. */
  readonly file: string;
  /** The folder that must contain the data; null without a project. */
  readonly root: string | null;
  readonly isPrinted: boolean;
}

/**
 * The target of `--out`. `name` is the file name for a config that is printed; `help` is the command line that explains
 * the option.
 * @throws FailureError if the name is not that of a ratio config, or the file exists and `--force` is not given
 */
export async function configTarget(
  input: CommandInput,
  context: CommandContext,
  { name, help }: { readonly name: string; readonly help: string },
): Promise<ConfigTarget> {
  const outOption = input.text('out');
  const configName = outOption === undefined ? name : parseOutPath(outOption, '--out', help);
  if (!/\.ratio\.ya?ml$/.test(configName))
    throw usageError(message('The name must end with .ratio.yaml or .ratio.yml'), { help });
  const file = path.resolve(context.directory, configName);
  const root = parseRoot(input, context, help) ?? projectRoot(file, [], context.directory);
  if (outOption !== undefined) {
    await checkOutputLink(file, root);
    if (existsSync(file) && !input.flag('force'))
      throw fail('bad-request', message('{0} already exists', outOption), {
        advice: message('Choose another name, or replace the file with {0}.', '--force'),
      });
  }
  return { file, root, isPrinted: outOption === undefined };
}

/** Writes or prints a config. */
export async function writeConfig(
  { file, isPrinted }: ConfigTarget,
  text: string,
  context: CommandContext,
): Promise<void> {
  context.note('');
  if (isPrinted) {
    await context.print(text, 'yaml');
    return;
  }
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(error, folder);
  });
  await replaceFile(file, text);
}

/** The seed of a new config: its name without the ending. */
export const seedOf = ({ file }: ConfigTarget): string => path.basename(file).replace(/\.ratio\.ya?ml$/, '');

/**
 * Parses `--data NAME=PATH` to absolute paths by name. `names`: the accepted names. `help`: the command line that
 * explains the option.
 */
export function parseData(
  input: CommandInput,
  { directory }: CommandContext,
  { names = starterDatasets, help }: { readonly names?: readonly StarterDataset[]; readonly help: string },
): Readonly<Partial<Record<StarterDataset, string>>> {
  return Object.fromEntries(
    input.texts('data').map((text) => {
      const separator = text.indexOf('=');
      const name = names.find((candidate) => candidate === text.slice(0, separator));
      if (name === undefined || separator === text.length - 1)
        throw usageError(
          message('--data must be NAME=PATH with one of the names {0}, not {1}', names.join(', '), text),
          { help },
        );
      return [name, path.resolve(directory, text.slice(separator + 1))];
    }),
  );
}
