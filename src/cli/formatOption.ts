import { message } from '../core/message/message.ts';
import type { CommandOption } from './command.ts';

/** `--format` of a report. The default is text. */
export function formatOption(choices: readonly string[]): CommandOption {
  const help = message('Output format. Default: {0}', 'text');
  return { type: 'string', placeholder: choices.join('|'), choices, help };
}
