import type { CommandContext, TerminalStyle } from './command.ts';

/** The options of every text that a command prints. */
export function textOptions({
  terminal,
  locale,
  translate,
}: CommandContext): TerminalStyle & Pick<CommandContext, 'locale' | 'translate'> {
  return { ...terminal, locale, translate };
}
