import { message } from '../../core/message/message.ts';
import { readIds } from '../../core/sampling/idList.ts';
import { stages } from '../../core/schema/stage.ts';
import type { CommandInput, CommandOption } from '../command.ts';
import { configOptions } from '../configOptions.ts';
import { formatOption } from '../formatOption.ts';
import { usageError } from '../usage.ts';

export const splits = ['train', 'eval'] as const;
export type Split = (typeof splits)[number];

/** Options of every command that samples a stage of a config. */
export const samplingOptions = {
  stage: {
    type: 'string',
    placeholder: stages.join('|'),
    choices: stages,
    help: message('Name of the stage. Default: the only stage of the config'),
  },
  split: {
    type: 'string',
    placeholder: splits.join('|'),
    choices: splits,
    help: message('Window of the positives. Default: {0}', 'train'),
  },
  seed: { type: 'string', placeholder: 'SEED', help: message('Overrides the seed of the config') },
  epoch: { type: 'string', placeholder: 'N', help: message('Overrides the epoch of the config') },
  ...configOptions,
  format: formatOption(['text', 'json']),
} as const satisfies Readonly<Record<string, CommandOption>>;

export const usersOption = {
  users: {
    type: 'string',
    multiple: true,
    placeholder: 'A,B',
    help: message(
      'Ids of the users, separated by commas. May be given more than once. In an id, write {0} for a comma and {1} for a backslash',
      '\\,',
      '\\\\',
    ),
  },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** The users of `--users` without duplicates, in the given order, at least one. Null if it was not given. */
export function parseUsers(input: CommandInput, help: string): readonly string[] | null {
  if (input.texts('users').length === 0) return null;
  const users = [...new Set(input.texts('users').flatMap(readIds))];
  if (users.length === 0) throw usageError(message('{0} is missing', '--users'), { help });
  return users;
}

/** `--epoch` as a number. */
export function parseEpoch(input: CommandInput, help: string): number | undefined {
  const text = input.text('epoch');
  if (text === undefined) return undefined;
  const epoch = /^\d{1,16}$/.test(text) ? Number(text) : Infinity;
  if (!Number.isSafeInteger(epoch))
    throw usageError(
      message('--epoch must be a whole number from 0 to {0}, not {1}', String(Number.MAX_SAFE_INTEGER), text),
      { help },
    );
  return epoch;
}

/** `--split`; undefined if it was not given. */
export function parseSplit(input: CommandInput): Split | undefined {
  return splits.find((split) => split === input.text('split'));
}
