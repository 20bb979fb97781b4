import type { Message, Translate } from '../core/message/message.ts';
import type { EngineClient } from '../protocol/engine.ts';

/** One option of a command, `--name`. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** True where the option may be given more than once; read it with `texts`. */
  readonly multiple?: boolean;
  /** One letter: `-f`. */
  readonly short?: string;
  /** What stands after the name in the help: `N`, `text|json`. Not translated. */
  readonly placeholder?: string;
  /** The only values allowed; anything else is a usage error made by the command line, not by the command. */
  readonly choices?: readonly string[];
  readonly help: Message;
}

/** One word after the command's name, in this order. */
export interface CommandArgument {
  /** In capitals, as in the help: `PATH`. Not translated. */
  readonly name: string;
  /** How often it may stand there; only the last argument is anything but `once`. Default: once. */
  readonly times?: 'once' | 'optional' | 'any';
  readonly help: Message;
}

/** 0 done; 1 findings, or a fault of ours or of the machine; 2 wrong usage or unreadable input. */
export type ExitCode = 0 | 1 | 2;

/** A subcommand of `recsample`: one file in `commands/`, one line in `registry.ts`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: Message;
  readonly arguments: readonly CommandArgument[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Whole command lines for the help. Not translated. */
  readonly examples: readonly string[];
  /**
   * Does the work. Resolves to nothing for exit code 0, or to an exit code of its own, when it has said why. Throws a
   * `FailureError` otherwise: the command line prints it as one line and chooses the exit code (2 for usage and unreadable input,
   * 130 when cancelled, 1 for faults of our own).
   */
  run(input: CommandInput, context: CommandContext): Promise<ExitCode | undefined>;
}

/** The command line as read: every required argument is there, every choice is one of the allowed. */
export interface CommandInput {
  /** One text for every entry of `Command.arguments`; any number of them for one that may stand there any number of times. */
  readonly arguments: readonly string[];
  /** Value of a string option; undefined where it was not given. */
  text(option: string): string | undefined;
  /** All values of a `multiple` option in their order. */
  texts(option: string): readonly string[];
  /** True where a boolean option was given. */
  flag(option: string): boolean;
}

/** What a command may use of the outside world. Tests pass their own. */
export interface CommandContext {
  /** Absolute folder against which relative paths of the command line are resolved. */
  readonly directory: string;
  /** Version of RecSample, for reports that name the tool. */
  readonly version: string;
  /** Starts the engine on the first call and gives the same one afterwards. The command line disposes of it. */
  engine(): Promise<EngineClient>;
  /** Standard output. Resolves when the text was taken; a closed pipe ends the process quietly. */
  print(text: string): Promise<void>;
  /** One lasting line on standard error, for what a person must know beside the output. */
  warn(text: string): void;
  /** A passing note on standard error (progress), shown only on a terminal; the next one replaces it, '' clears it. */
  note(text: string): void;
  readonly terminal: TerminalStyle;
  readonly translate: Translate;
  /** Language of numbers in text output. */
  readonly locale: 'en' | 'zh-cn';
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** How text output may look. */
export interface TerminalStyle {
  /** Cells in a line. */
  readonly width: number;
  /** False where the output is not a terminal or NO_COLOR is set. */
  readonly colour: boolean;
}
