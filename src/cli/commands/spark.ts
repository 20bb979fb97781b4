import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message, render, type Message } from '../../core/message/message.ts';
import { printable } from '../../core/message/printable.ts';
import { quoteForShell } from '../../core/report/quoteForShell.ts';
import { sparkEstimateJson, sparkEstimateText } from '../../core/report/sparkEstimateText.ts';
import { estimateJob } from '../../core/spark/estimate.ts';
import { generateScript } from '../../core/spark/generate.ts';
import { defaultSparkCommand, sparkProgram, type SparkProgram } from '../../core/spark/sparkCommand.ts';
import type { InputRoot } from '../../core/spark/inputs/sources.ts';
import { slashed } from '../../engine/files/pathBelow.ts';
import { sparkExtract } from '../../project/stage/sparkExtract.ts';
import { sparkEndingOf, sparkScript } from '../../project/stage/sparkScript.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { checkOutputLink, parseOutPath } from '../outputPath.ts';
import { replaceFile } from '../replaceFile.ts';
import { runProgram } from '../runProgram.ts';
import { openStage, requireComplete, type OpenStage } from '../sampling/openStage.ts';
import { samplingOptions, parseSplit, parseUsers, usersOption } from '../sampling/samplingOptions.ts';
import { textOptions } from '../textOptions.ts';
import { usageError } from '../usage.ts';

const help = 'recsample spark --help';
const { format, ...planOptions } = samplingOptions;

/** `recsample spark CONFIG --stage S`: writes the SQL of a Spark job that draws the rows of a stage. */
export const sparkCommand: Command = {
  name: 'spark',
  summary: message('Write a job for Apache Spark that draws the same rows on a cluster'),
  arguments: [{ name: 'CONFIG', help: message('A ratio config') }],
  options: {
    out: {
      type: 'string',
      placeholder: 'job.sql|job.py',
      help: message(
        'The file to write: SQL for {0}, or Python for {1}. Default: SQL on standard output',
        'spark-sql -f',
        'spark-submit',
      ),
    },
    'input-root': {
      type: 'string',
      multiple: true,
      placeholder: 'FROM=TO',
      help: message(
        'Where Spark finds the files of a local folder: {0}. May be given more than once',
        'data=s3a://lake/data',
      ),
    },
    output: {
      type: 'string',
      placeholder: 'URI',
      help: message('Folder that Spark writes and replaces. Default: next to data.samples of the stage'),
    },
    work: {
      type: 'string',
      placeholder: 'URI',
      help: message(
        'Folder for intermediate tables, which can be deleted after the run. Default: _work next to the output',
      ),
    },
    run: {
      type: 'boolean',
      help: message('Run the job: with {0}, or {1} for Python', 'spark-sql', 'spark-submit'),
    },
    command: {
      type: 'string',
      placeholder: 'COMMAND',
      help: message(
        'Program and arguments for --run. {0} in an argument is the file of the job; without it, the file comes last. No shell reads it. Default: {1} or {2}, if set',
        '{file}',
        'RECSAMPLE_SPARK_SQL',
        'RECSAMPLE_SPARK_SUBMIT',
      ),
    },
    extract: {
      type: 'boolean',
      help: message(
        'Write the job that pulls what {0} needs for the users of {1}, instead of the job that draws',
        'recsample preview --extract',
        '--users',
      ),
    },
    estimate: {
      type: 'boolean',
      help: message('Print what the job is expected to cost. Nothing is written or run'),
    },
    format: { ...format, help: message('Output format of {0}. Default: {1}', '--estimate', 'text') },
    ...usersOption,
    ...planOptions,
  },
  examples: [
    'recsample spark configs/fine_ranking.ratio.yaml --out job.sql',
    'recsample spark configs/fine_ranking.ratio.yaml --input-root data=hdfs:///lake/data --output hdfs:///samples/fine --out job.py',
    'recsample spark configs/recall.ratio.yaml --extract --users 7203685477500000123 --out extract.sql',
    "recsample spark configs/fine_ranking.ratio.yaml --run --command 'spark-sql --master local[4]'",
  ],
  async run(input, context) {
    const job = parseJobOptions(input, context);
    const config = input.arguments[0] ?? '';
    const opened = await openStage({ config, seed: input.text('seed'), help, tables: 'declared' }, input, context);
    warnUnusedVariables(opened.unused, context);
    requireComplete(opened);
    if (input.flag('estimate')) {
      await printEstimate(opened, input, context);
      return undefined;
    }
    const { text, places: folders, unusedRoots } = await generateJob(opened, job, context);
    context.note('');
    warnUnusedRoots(unusedRoots, context);
    if (job.out === null && !job.isRun) {
      await context.print(text, 'sql');
      return undefined;
    }
    if (job.out === null) await runTemporary(text, input, context);
    else await writeJob(text, job.out, opened.job.place, job.isRun, input, context);
    await context.print(`${render(doneMessage(job, folders), context.translate)}\n`);
    return undefined;
  },
};

interface JobOptions {
  /** Null: standard output, or with `--run` a temporary file. */
  readonly out: string | null;
  /** Name that decides about the language of the job. */
  readonly file: string;
  readonly roots: readonly InputRoot[];
  readonly isRun: boolean;
  readonly users: readonly string[] | null;
  readonly isExtract: boolean;
  readonly output: string | null;
  readonly work: string | null;
}

/** @throws FailureError for a wrong option, before files are read */
function parseJobOptions(input: CommandInput, context: CommandContext): JobOptions {
  const out = parseOut(input);
  const roots = parseInputRoots(input, context);
  const isRun = input.flag('run');
  if (!isRun && input.text('command') !== undefined)
    throw usageError(message('{0} needs {1}', '--command', '--run'), { help });
  const users = parseUsers(input, help);
  const isExtract = input.flag('extract');
  if (isExtract && users === null) throw usageError(message('{0} needs {1}', '--extract', '--users'), { help });
  if (users !== null && !isExtract && input.text('output') === undefined)
    throw usageError(message('--users needs --output: otherwise Spark would replace the rows of all users'), { help });
  checkEstimate(input);
  const file = out ?? 'job.sql';
  sparkProgramFor(file, input, context);
  const [output, work] = [parseAddress(input, 'output'), parseAddress(input, 'work')];
  return { out, file, roots, isRun, users, isExtract, output, work };
}

async function generateJob(
  { job, stage }: OpenStage,
  { file, users, isExtract, roots, output, work }: JobOptions,
  context: CommandContext,
): ReturnType<typeof sparkScript> {
  const { version, directory } = context;
  const options = { ending: sparkEndingOf(file) ?? '.sql', version, roots, output, work, directory } as const;
  return isExtract && users !== null
    ? await sparkExtract(job, stage, { ...options, users }, callContext(context))
    : await sparkScript(job, stage, { ...options, users }, callContext(context));
}

async function writeJob(
  text: string,
  out: string,
  { path: config, root }: OpenStage['job']['place'],
  isRun: boolean,
  input: CommandInput,
  context: CommandContext,
): Promise<void> {
  const file = path.resolve(context.directory, out);
  if (file === config) throw usageError(message('--out is the config itself'), { help });
  await checkOutputLink(file, root);
  await replaceFile(file, text);
  if (isRun) await runJob(sparkProgramFor(file, input, context), context);
}

function doneMessage(
  { file, isRun, isExtract }: JobOptions,
  { output, work }: { readonly output: string; readonly work: string },
): Message {
  const showCommand = 'recsample preview --extract';
  if (isRun && isExtract)
    return message(
      'Spark wrote the extract to {0}. Show it with {1}. The folder {2} can be deleted.',
      output,
      showCommand,
      work,
    );
  if (isRun) return message('Spark wrote the rows to {0}. The folder {1} can be deleted.', output, work);
  const runCommand = `${defaultSparkCommand(file)}${file.endsWith('.py') ? '' : ' -f'} ${quoteForShell(file)}`;
  return isExtract
    ? message(
        '{0} is written. Run it with {1}. Spark writes the extract to {2}. Show it with {3}.',
        file,
        runCommand,
        output,
        showCommand,
      )
    : message('{0} is written. Run it with {1}. Spark writes the rows to {2}.', file, runCommand, output);
}

/** @throws FailureError if `--estimate` has an option that it does not support, or if only `--format` is given */
function checkEstimate(input: CommandInput): void {
  const isEstimate = input.flag('estimate');
  if (!isEstimate && input.text('format') !== undefined)
    throw usageError(message('{0} needs {1}', '--format', '--estimate'), { help });
  if (!isEstimate) return;
  const conflict = (['out', 'run', 'extract', 'users'] as const).find((name) =>
    name === 'run' || name === 'extract' ? input.flag(name) : input.texts(name).length > 0,
  );
  if (conflict !== undefined)
    throw usageError(message('{0} and {1} cannot be combined', '--estimate', `--${conflict}`), { help });
  if (parseSplit(input) === 'eval') throw usageError(message('--estimate counts the training window only'), { help });
}

/** Counts the groups, and prints what the job is expected to cost. */
async function printEstimate(
  { job, stage, ask }: OpenStage,
  input: CommandInput,
  context: CommandContext,
): Promise<void> {
  const script = generateScript(await job.sparkJob(stage, callContext(context)));
  const { positives, groups } = await job.groupCounts(callContext(context));
  const { answer } = await ask('sampleUsers', { choice: { kind: 'heaviest' }, limit: 1, without: [] });
  const [top] = answer;
  const heaviest = top ? { user: top.user, positives: top.positiveImpressions } : null;
  context.note('');
  const { plan } = stage.request;
  const estimate = estimateJob(plan, script, { positives, groups, heaviest });
  const text =
    input.text('format') === 'json'
      ? sparkEstimateJson(plan, estimate)
      : sparkEstimateText(plan, estimate, textOptions(context));
  await context.print(text, input.text('format'));
}

/** `--out`; null: standard output, or with `--run` a temporary file. */
function parseOut(input: CommandInput): string | null {
  const value = input.text('out');
  if (value === undefined) return null;
  const out = parseOutPath(value, '--out', help);
  if (sparkEndingOf(out) === null)
    throw usageError(message('--out must end with {0} or {1}, not {2}', '.sql', '.py', path.basename(out)), { help });
  return out;
}

/** The address of `--output` or `--work`; null if it was not given. */
function parseAddress(input: CommandInput, option: 'output' | 'work'): string | null {
  const value = input.text(option);
  if (value?.trim() === '') throw usageError(message('{0} is empty', `--${option}`), { help });
  return value ?? null;
}

/** `--input-root FROM=TO`: FROM is a path of this machine, TO is what Spark reads. The longest FROM comes first. */
function parseInputRoots(input: CommandInput, { directory }: CommandContext): InputRoot[] {
  const roots = input.texts('input-root').map((value) => {
    const separator = value.indexOf('=');
    const from = value.slice(0, Math.max(0, separator));
    const to = value.slice(separator + 1);
    if (from === '' || to === '')
      throw usageError(message('--input-root must be {0}, not {1}', 'FROM=TO', value), { help });
    return { from: slashed(path.resolve(directory, from)), to };
  });
  return roots.sort((a, b) => b.from.length - a.from.length);
}

/** Warns about a mistyped root, because the job would contain local paths. */
function warnUnusedRoots(roots: readonly InputRoot[], context: CommandContext): void {
  for (const { from } of roots) {
    const unused = message('--input-root changes nothing: no path of data is below {0}', from);
    context.warn(printable(render(unused, context.translate)));
  }
}

/** The program of `--run` for a file: from `--command`, the environment, or Spark's default. */
function sparkProgramFor(file: string, input: CommandInput, { environment }: CommandContext): SparkProgram {
  const variable = file.endsWith('.py') ? 'RECSAMPLE_SPARK_SUBMIT' : 'RECSAMPLE_SPARK_SQL';
  const value = input.text('command');
  if (value !== undefined) return sparkProgram(value, file, '--command');
  return sparkProgram(environment[variable] || defaultSparkCommand(file), file, variable);
}

/** Runs a job from a temporary file. */
async function runTemporary(text: string, input: CommandInput, context: CommandContext): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'recsample-spark-'));
  try {
    const file = path.join(folder, 'job.sql');
    await writeFile(file, text);
    await runJob(sparkProgramFor(file, input, context), context);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws FailureError if the program is missing, was cancelled, or ended with another exit code than 0 */
async function runJob({ program, args }: SparkProgram, context: CommandContext): Promise<void> {
  const exit = await runProgram(program, args, context);
  if (exit === 0) return;
  const reason =
    typeof exit === 'number'
      ? message('{0} ended with exit code {1}', program, exit)
      : message('{0} was ended by the signal {1}', program, exit);
  throw fail('bad-request', reason, { advice: message('Its output above says why.') });
}
