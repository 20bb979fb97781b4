import { describeFailure, failureOf, type Failure } from '../core/message/failure.ts';
import { message, render, type Translate } from '../core/message/message.ts';
import { printable } from '../core/message/printable.ts';
import { terminalText } from '../core/report/paint.ts';
import { translator } from '../core/message/translator.ts';
import type { EngineClient } from '../protocol/engine.ts';
import { readInput, requireArguments, splitCommand } from './arguments.ts';
import type { Command, TerminalStyle } from './command.ts';
import { commandHelp, generalHelp } from './help.ts';
import { localeOf } from './language.ts';
import { nearest, usageError } from './usage.ts';

/** The environment of a command line. */
export interface Host {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: TerminalStyle;
  readonly signal: AbortSignal;
  createEngine(): Promise<EngineClient & { dispose(): Promise<void> }>;
  print(text: string): Promise<void>;
  printError(text: string): void;
  note(text: string): void;
}

/**
 * Runs one command line (without `node` and the script) and returns the exit code: that of the command, 2 for a failure
 * of any kind, 130 if cancelled. 1 is only for findings, so that a script never mistakes a full disk for one. A failure
 * is exactly one line on standard error.
 */
export async function runCommandLine(args: readonly string[], host: Host): Promise<number> {
  const started: { engine?: ReturnType<Host['createEngine']> } = {};
  let translate = translator(localeOf(host.environment));
  try {
    const { name, rest } = splitCommand(args);
    const command = name === null ? null : host.commands.find((c) => c.name === name);
    if (command === undefined)
      throw usageError(
        message('Unknown command {0}', name ?? ''),
        nearest(
          name ?? '',
          host.commands.map((c) => c.name),
          'recsample --help',
        ),
      );
    const help = command === null ? 'recsample --help' : `recsample ${command.name} --help`;
    const input = readInput(rest, command?.options ?? {}, help);
    const locale = (['en', 'zh-cn'] as const).find((l) => l === input.text('locale')) ?? localeOf(host.environment);
    translate = translator(locale);
    if (input.flag('version')) await host.print(`${host.version}\n`);
    else if (input.flag('help'))
      await host.print(command === null ? generalHelp(host.commands, translate) : commandHelp(command, translate));
    else if (command === null) throw usageError(message('A command is missing'), { help });
    else {
      requireArguments(input, command, help);
      return (
        (await command.run(input, {
          directory: host.directory,
          version: host.version,
          environment: host.environment,
          terminal: host.terminal,
          signal: host.signal,
          translate,
          locale,
          engine: () => (started.engine ??= host.createEngine()),
          print: (text, format = 'text') =>
            host.print(format === 'text' ? terminalText(text, host.terminal.colour) : text),
          warn: (text) => host.printError(`recsample: ${printable(text)}\n`),
          note: (text) => host.note(printable(text)),
        })) ?? 0
      );
    }
    return 0;
  } catch (error) {
    host.note('');
    const failure = failureOf(error);
    if (host.signal.aborted || failure.code === 'cancelled') return 130;
    host.printError(`recsample: ${failureLine(failure, translate)}\n`);
    return 2;
  } finally {
    // If the engine did not start, the command has already failed.
    await started.engine?.then(
      (engine) => engine.dispose(),
      () => undefined,
    );
  }
}

/** The failure as one line, whatever its texts contain; with the position in the expression if there is one. */
function failureLine(failure: Failure, translate: Translate): string {
  const { place } = failure;
  const text = printable(describeFailure(failure, translate));
  if (failure.code !== 'bad-filter' || place?.character === undefined || place.path !== undefined) return text;
  return `${render(message('--where, character {0}', place.character), translate)}: ${text}`;
}
