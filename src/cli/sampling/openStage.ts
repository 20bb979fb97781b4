import path from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message, render, type Message } from '../../core/message/message.ts';
import { printable } from '../../core/message/printable.ts';
import { quoteForShell } from '../../core/report/quoteForShell.ts';
import type { PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { FactsCache } from '../../project/facts/factsCache.ts';
import { lintText } from '../../project/lint/lintText.ts';
import { projectRoot } from '../../project/projectRoot.ts';
import { openConfig, unusedVariables, type OpenConfig } from '../../project/stage/configSource.ts';
import type { Extract } from '../../project/stage/extract.ts';
import { isDrawable, type DrawableStage } from '../../project/plan/resolveStage.ts';
import { StageJob, type DrawMethod, type DrawParams, type StageAnswer } from '../../project/stage/stageJob.ts';
import { stageProblems, type StageProblem } from '../../project/stage/stageProblems.ts';
import type { Result } from '../../protocol/engine.ts';
import { callContext } from '../callContext.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { readConfigFile } from '../configFile.ts';
import { parseRoot, variablesOf } from '../configOptions.ts';
import { usageError } from '../usage.ts';
import { chooseStage } from './chooseStage.ts';
import { parseEpoch, parseSplit, type Split } from './samplingOptions.ts';

export interface StageChoice {
  /** The path as given. */
  readonly config: string;
  readonly seed?: string | undefined;
  readonly help: string;
  /** Warnings that were already printed, so that they are not printed twice. */
  readonly warned?: Set<string>;
  /** Default: `--split`. */
  readonly split?: Split | undefined;
  /** For a job for Spark: its tables are known by their declared columns. */
  readonly tables?: 'declared';
  /** Changes the config after it was read. */
  readonly change?: (config: OpenConfig) => OpenConfig;
  /** Default: `--stage`. */
  readonly stage?: Stage;
  /** Reads the rows of an extract instead of the files of the config. */
  readonly extract?: Extract | null;
}

/** A stage of a config, ready for the engine. Its problems were printed. */
export interface OpenStage {
  readonly job: StageJob;
  readonly stage: DrawableStage;
  /** True if the rows differ from the config: it has errors, or parts of it were left out. */
  readonly incomplete: boolean;
  /** True if parts of the config were left out. Unlike `incomplete`, false for errors of rules alone. */
  readonly altered: boolean;
  /** Names of `--set` for which the config has no variable. */
  readonly unused: readonly string[];
  /** Asks the engine about the stage. Damaged data that can be left out are left out and reported. */
  readonly ask: <M extends DrawMethod>(method: M, params: DrawParams<M>) => Promise<StageAnswer<Result<M>>>;
}

/**
 * Reads a config and probes its files. Prints problems of the config to standard error, one per line, and samples the
 * rest.
 * @throws FailureError if the config cannot be read, has no such stage, or nothing can be drawn from it
 */
export async function openStage(choice: StageChoice, input: CommandInput, context: CommandContext): Promise<OpenStage> {
  const { config: name, help, warned = new Set(), extract = null } = choice;
  const file = path.resolve(context.directory, name);
  const { text } = await readConfigFile(file);
  const read = openConfig({
    path: file,
    name,
    text,
    language: /\.json$/i.test(file) ? 'json' : 'yaml',
    variables: variablesOf(input, help),
    root: parseRoot(input, context, help) ?? projectRoot(file, [], context.directory),
  });
  const config = choice.change?.(read) ?? read;
  const warn = (warning: string): void => {
    if (!warned.has(warning)) context.warn(printable(warning));
    warned.add(warning);
  };
  const warnProblems = (problems: readonly StageProblem[]): void => {
    for (const { message: problem, line, character } of problems)
      warn(`${name}:${line}:${character}: ${render(problem, context.translate)}`);
  };
  const lint = lintCommand(name, input);
  const errors = await countErrors(config, context.signal);
  const errorAdvice = adviceAbout(errors, lint);
  const stage = chooseStage(choice.stage ?? input.text('stage'), Object.keys(config.read.config.stages ?? {}), name);
  if (typeof stage !== 'string') {
    warnProblems(stageProblems(config.read, []).all);
    throw usageError(
      stage.failure,
      joinAdvice(stage.known, errorAdvice ?? (stage.known ? null : message('See {0}.', help))),
    );
  }
  const overrides = overridesOf(choice, input);
  const placed = extract?.configOf(config, stage, overrides.split) ?? config;
  const job = await stageJob(placed, stage, overrides, context);
  const resolution = await job.resolve({
    fresh: true,
    ...(choice.tables ? { tables: choice.tables } : {}),
    ...callContext(context),
  });
  const resolved = extract && isDrawable(resolution) ? extract.complete(resolution, config) : resolution;
  const { all, last } = stageProblems(config.read, resolved.problems);
  if (!isDrawable(resolved)) {
    warnProblems(all.filter((problem) => problem !== last));
    throw fail('bad-request', last?.message ?? message('Nothing can be drawn'), {
      place: { path: name, ...(last ? { line: last.line, character: last.character } : {}) },
      advice: last?.advice ?? errorAdvice ?? message('Run {0} to see what is wrong.', lint),
    });
  }
  warnProblems(all);
  if (errorAdvice) warn(render(errorAdvice, context.translate));
  const altered = config.read.problems.length > 0 || all.some(({ harmless }) => !harmless);
  return {
    job,
    stage: resolved,
    incomplete: errors > 0 || altered,
    altered,
    unused: unusedVariables(config),
    ask: async (method, params) => {
      const answer = await job.ask(resolved, method, params, callContext(context));
      warnProblems(stageProblems(config.read, answer.stage.problems).all);
      return answer;
    },
  };
}

/** @throws FailureError if the rows would differ from the config */
export function requireComplete({ incomplete, job }: OpenStage): void {
  if (incomplete)
    throw fail('bad-request', message('Nothing is written: the config has errors'), {
      place: { path: job.config.source.name },
    });
}

async function stageJob(
  config: OpenConfig,
  stage: Stage,
  overrides: PlanOverrides,
  context: CommandContext,
): Promise<StageJob> {
  return new StageJob(config, stage, overrides, {
    engine: await context.engine(),
    cache: new FactsCache(),
    trusted: true,
  });
}

function overridesOf({ seed, split: chosen, help }: StageChoice, input: CommandInput): PlanOverrides {
  const epoch = parseEpoch(input, help);
  const split = chosen ?? parseSplit(input);
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(epoch === undefined ? {} : { epoch }),
    ...(split === undefined ? {} : { split }),
  };
}

/** The command that lists the errors of a config, with the options that affect them. */
function lintCommand(config: string, input: CommandInput): string {
  const root = input.text('root');
  return [
    'recsample lint',
    quoteForShell(config),
    ...input.texts('set').map((value) => `--set ${quoteForShell(value)}`),
    ...(root === undefined ? [] : [`--root ${quoteForShell(root)}`]),
  ].join(' ');
}

/** Counts the errors that `recsample lint` finds in the text of a config and in its policies, without reading data. */
async function countErrors({ source }: OpenConfig, signal: AbortSignal): Promise<number> {
  const { findings, policyFindings } = await lintText(source, signal);
  const policies = [...policyFindings].flatMap(([file, findings]) => (file === source.path ? [] : findings));
  return [...findings, ...policies].filter(({ severity }) => severity === 'error').length;
}

function adviceAbout(errors: number, lint: string): Message | null {
  if (errors === 0) return null;
  return errors === 1
    ? message('1 error in the config: run {0}', lint)
    : message('{0} errors in the config: run {1}', errors, lint);
}

/** Joins up to two pieces of advice. */
function joinAdvice(first: Message | null, second: Message | null): Message | undefined {
  return first && second ? message('{0} {1}', first, second) : (first ?? second ?? undefined);
}
