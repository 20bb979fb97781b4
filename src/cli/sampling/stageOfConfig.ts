import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { readConfig } from '../../core/config/read.ts';
import { stages, type Stage } from '../../core/schema/stage.ts';
import { fail } from '../../core/message/failure.ts';
import { message, render, type Message } from '../../core/message/message.ts';
import { shellWord } from '../../core/report/shellWord.ts';
import { printable, printableId } from '../../core/message/printable.ts';
import { progressText, TimeLeft } from '../../core/report/timeLeft.ts';
import type { Preview } from '../../core/sampling/answers.ts';
import { readIds } from '../../core/sampling/idList.ts';
import { endingProblem, reportedProblems, type ReportedProblem } from '../../core/sampling/plan/reportedProblems.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import { FactsCache } from '../../project/facts/factsCache.ts';
import { projectRoot } from '../../project/projectRoot.ts';
import { askSampling, type Asked } from '../../project/stage/askSampling.ts';
import { stageSampling } from '../../project/stage/stageSampling.ts';
import type { CommandContext, CommandInput, CommandOption } from '../command.ts';
import { configOptions, rootGiven, variablesOf } from '../configOptions.ts';
import { readConfigFile } from '../configFile.ts';
import { Linter } from '../linter.ts';
import { usageError } from '../usage.ts';
import { chosenStage } from './chosenStage.ts';

/** Options of every command that samples a stage of a config. */
export const samplingOptions = {
  stage: {
    type: 'string',
    placeholder: stages.join('|'),
    choices: stages,
    help: message('Name of the stage. Default: the only stage of the config'),
  },
  seed: { type: 'string', placeholder: 'SEED', help: message('Overrides the seed of the config') },
  epoch: { type: 'string', placeholder: 'N', help: message('Overrides the epoch of the config') },
  ...configOptions,
  format: {
    type: 'string',
    placeholder: 'text|json',
    choices: ['text', 'json'],
    help: message('Output format. Default: {0}', 'text'),
  },
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

/** The users of `--users` without duplicates, in the given order. At least one. */
export function usersGiven(input: CommandInput, help: string): readonly string[] {
  const users = [...new Set(input.texts('users').flatMap(readIds))];
  if (users.length === 0) throw usageError(message('{0} is missing', '--users'), message('See {0}.', help));
  return users;
}

/** `--epoch` as a number. */
function epochGiven(input: CommandInput, help: string): number | undefined {
  const given = input.text('epoch');
  if (given === undefined) return undefined;
  const epoch = /^\d{1,16}$/.test(given) ? Number(given) : Infinity;
  if (!Number.isSafeInteger(epoch))
    throw usageError(
      message('--epoch must be a whole number from 0 to {0}, not {1}', String(Number.MAX_SAFE_INTEGER), given),
      message('See {0}.', help),
    );
  return epoch;
}

export interface StageChoice {
  /** The path as given. */
  readonly config: string;
  readonly seed?: string | undefined;
  readonly help: string;
  /** Problems that were already printed, so that they are not printed twice. */
  readonly warned?: Set<string>;
  readonly split?: 'train' | 'eval';
}

/** A stage of a config that was read, ready for the engine. */
export interface SampledStage {
  readonly request: SamplingRequest;
  readonly config: ConfigDraft;
  readonly text: string;
  readonly stage: Stage;
  readonly place: { readonly folder: string; readonly root: string };
  /** Number of problems that make the request differ from the config. */
  readonly problems: number;
  /** Number of errors in the text of the config, as the linter counts them, and the command that lists them. */
  readonly errors: number;
  readonly lint: string;
  /** Names of `--set` for which the config has no variable. */
  readonly unused: readonly string[];
  /** Asks the engine about the request. Damaged data that can be left out are left out and reported. */
  readonly ask: <T>(ask: (request: SamplingRequest) => Promise<T>) => Promise<Asked<T>>;
}

/**
 * Reads a config and probes its files. Prints problems of the config to standard error, one per line, and samples the
 * rest.
 * @throws FailureError if the config cannot be read, has no such stage, or nothing can be drawn from it
 */
export async function stageOfConfig(
  { config, seed, help, warned = new Set(), split }: StageChoice,
  input: CommandInput,
  context: CommandContext,
): Promise<SampledStage> {
  const file = path.resolve(context.directory, config);
  const { text } = await readConfigFile(file);
  const read = readConfig(text, { language: /\.json$/i.test(file) ? 'json' : 'yaml', set: variablesOf(input, help) });
  const say = (said: string): void => {
    if (!warned.has(said)) context.warn(printable(said));
    warned.add(said);
  };
  const at = ({ span }: ReportedProblem): { readonly line: number; readonly character: number } => {
    const { line, character } = read.document.lines.position(span?.start ?? 0);
    return { line: line + 1, character: character + 1 };
  };
  const report = (problem: ReportedProblem): void => {
    const { line, character } = at(problem);
    say(`${config}:${line}:${character}: ${render(problem.message, context.translate)}`);
  };
  const lint = [
    'recsample lint',
    shellWord(config),
    ...input.texts('set').map((value) => `--set ${shellWord(value)}`),
    ...(input.text('root') === undefined ? [] : [`--root ${shellWord(input.text('root') ?? '')}`]),
  ].join(' ');
  const { errors, unused } = await linted(file, input, context, help);
  const mend =
    errors === 0
      ? null
      : errors === 1
        ? message('1 error in the config: run {0}', lint)
        : message('{0} errors in the config: run {1}', errors, lint);
  const stage = chosenStage(input.text('stage'), Object.keys(read.config.stages ?? {}), config);
  if (typeof stage !== 'string') {
    for (const problem of reportedProblems({ document: read.document, unsound: read.problems, planned: [] }))
      report(problem);
    throw usageError(stage.failure, advice(stage.there, mend ?? (stage.there ? null : message('See {0}.', help))));
  }
  const place = {
    folder: path.dirname(file),
    root: rootGiven(input, context, help) ?? projectRoot(file, [], context.directory),
  };
  const epoch = epochGiven(input, help);
  const sampling = await stageSampling(
    read,
    stage,
    {
      ...(seed === undefined ? {} : { seed }),
      ...(epoch === undefined ? {} : { epoch }),
      ...(split === undefined ? {} : { split }),
    },
    {
      fresh: true,
      place,
      trusted: true,
      engine: await context.engine(),
      cache: new FactsCache(),
      ...callOf(context),
    },
  );
  const { request, problems } = sampling;
  const all = reportedProblems({ document: read.document, unsound: read.problems, planned: problems });
  const last = request ? null : endingProblem(all, problems);
  for (const problem of all) if (problem !== last) report(problem);
  if (!request)
    throw fail('bad-request', last?.message ?? message('Nothing can be drawn'), {
      place: { path: config, ...(last ? at(last) : {}) },
      advice: last?.planned?.advice ?? mend ?? message('Run {0} to see what is wrong.', lint),
    });
  if (mend) say(render(mend, context.translate));
  return {
    request,
    config: read.config,
    text,
    stage,
    place,
    errors,
    lint,
    unused,
    problems: read.problems.length + problems.filter(({ harmless }) => harmless !== true).length,
    ask: async (ask) => {
      const asked = await askSampling(sampling, request, ask);
      for (const problem of reportedProblems({
        document: read.document,
        unsound: read.problems,
        planned: asked.sampling.problems,
      }))
        report(problem);
      return asked;
    },
  };
}

/** Notices about a preview, in addition to its rows. */
export function previewWarnings({ users, notices }: Preview): Message[] {
  return [
    ...users
      .filter(({ known }) => !known)
      .map(({ user }) => message('The log has no rows of user {0}', printableId(user))),
    ...notices,
  ];
}

/**
 * The call context of the command: signals cancel it; progress goes to the terminal, with the remaining time once it
 * can be estimated.
 */
export function callOf(context: CommandContext): Partial<CallContext> {
  const left = new TimeLeft();
  return {
    signal: context.signal,
    progress: (p) =>
      context.note(render(progressText(p, left.estimate(p.fraction, performance.now())), context.translate)),
  };
}

/** Counts the errors that `recsample lint` finds in the text of a config, without reading data. */
async function linted(
  file: string,
  input: CommandInput,
  context: CommandContext,
  help: string,
): Promise<Pick<SampledStage, 'errors' | 'unused'>> {
  const linter = new Linter(context, {
    level: 'none',
    set: variablesOf(input, help),
    fix: false,
    root: rootGiven(input, context, help),
  });
  const { configs } = await linter.lint([file], []);
  context.note('');
  return {
    errors: configs.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error').length,
    unused: linter.unusedVariables,
  };
}

/** Joins up to two pieces of advice. */
function advice(first: Message | null, second: Message | null): Message | undefined {
  return first && second ? message('{0} {1}', first, second) : (first ?? second ?? undefined);
}
