import type { Message, Translate } from '../core/message/message.ts';
import type { EngineClient } from '../protocol/engine.ts';

/** One option of a command, `--name`. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** True if the option may be given more than once; read it with `texts`. */
  readonly multiple?: boolean;
  /** One letter, for example `f` for `-f`. */
  readonly short?: string;
  /** Placeholder after the name in the help: `N`, `text|json`. Not translated. */
  readonly placeholder?: string;
  /** The allowed values. The command line reports any other value as a usage error. */
  readonly choices?: readonly string[];
  readonly help: Message;
}

/** A positional argument after the command's name; the order matters. */
export interface CommandArgument {
  /** In capitals, as shown in the help: `PATH`. Not translated. */
  readonly name: string;
  /** How often it may be given. Only the last argument may differ from `once`. Default: once. */
  readonly times?: 'once' | 'optional' | 'any';
  readonly help: Message;
}

/** 0: done. 1: findings. 2: a failure of any kind, for example wrong usage or unreadable input. */
export type ExitCode = 0 | 1 | 2;

/** A subcommand of `recsample`: one file in `commands/`, one line in `registry.ts`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: Message;
  readonly arguments: readonly CommandArgument[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Complete command lines for the help. Not translated. */
  readonly examples: readonly string[];
  /**
   * Runs the command. Returns undefined for exit code 0, or another exit code after it has printed the reason. Throws a
   * `FailureError` otherwise; the command line prints it as one line and exits with 130 if the run was cancelled, else
   * with 2.
   */
  run(input: CommandInput, context: CommandContext): Promise<ExitCode | undefined>;
}

/** The parsed command line: every required argument is present, and every choice is an allowed value. */
export interface CommandInput {
  /** One text for each entry of `Command.arguments`; any number of texts for an argument with `times: 'any'`. */
  readonly arguments: readonly string[];
  /** Value of a string option; undefined if it was not given. */
  text(option: string): string | undefined;
  /** All values of a `multiple` option, in the given order. */
  texts(option: string): readonly string[];
  /** True if a boolean option was given. */
  flag(option: string): boolean;
}

/** Everything that a command uses from its environment. Tests pass their own. */
export interface CommandContext {
  /** Absolute folder that relative paths of the command line are resolved against. */
  readonly directory: string;
  /** Version of RecSample, for reports that name the tool. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Starts the engine on the first call; later calls return the same engine. The command line disposes of it. */
  engine(): Promise<EngineClient>;
  /**
   * Writes to standard output. In the format `text`, which is the default, control characters become visible symbols, so
   * that no text of a file controls the terminal. Any other format is for programs, and is written unchanged. Resolves
   * when the text was written. If the reader closes the pipe, the process ends without an error.
   */
  print(text: string, format?: string): Promise<void>;
  /** Writes one permanent line to standard error, for notices that do not belong in the output. */
  warn(text: string): void;
  /**
   * Writes a temporary progress note to standard error, only on a terminal. The next note replaces it; '' clears it.
   */
  note(text: string): void;
  readonly terminal: TerminalStyle;
  readonly translate: Translate;
  /** Language of numbers in text output. */
  readonly locale: 'en' | 'zh-cn';
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
}

/** Formatting of text output. */
export interface TerminalStyle {
  /** Columns (characters) per line. */
  readonly width: number;
  /** False if the output is not a terminal, or if NO_COLOR is set. */
  readonly colour: boolean;
}
