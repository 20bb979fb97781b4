import path from 'node:path';
import { message, type Message } from '../../core/message/message.ts';
import { sampleText } from '../../core/report/sampleText.ts';
import { isSampleName, sampleFormatOfName, sampleFormats } from '../../core/table/sampleName.ts';
import type { SampleOutput } from '../../protocol/sampling.ts';
import { parseBytes } from '../../engine/process/parseBytes.ts';
import { folderFormat, samplePath, writesFolder } from '../../project/plan/sampleOutput.ts';
import type { StageJob } from '../../project/stage/stageJob.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { checkOutputLink, parseOutPath } from '../outputPath.ts';
import { openStage, requireComplete } from '../sampling/openStage.ts';
import { samplingOptions, parseUsers, usersOption } from '../sampling/samplingOptions.ts';
import { textOptions } from '../textOptions.ts';
import { usageError } from '../usage.ts';

const help = 'recsample sample --help';
const MAX_THREADS = 256;
const { format: _outputFormat, ...planOptions } = samplingOptions;

/**
 * `recsample sample CONFIG --stage S`: writes the complete sample file of a stage, with the same rows as the preview.
 */
export const sampleCommand: Command = {
  name: 'sample',
  summary: message('Write the whole sample file of a stage, with the rows that the preview shows'),
  arguments: [{ name: 'CONFIG', help: message('A ratio config') }],
  options: {
    out: {
      type: 'string',
      placeholder: 'PATH',
      help: message(
        'Path of the sample file; with output.shards or output.partition_by, of a folder. An existing one is replaced. Default: data.samples of the stage',
      ),
    },
    format: {
      type: 'string',
      placeholder: sampleFormats.join('|'),
      choices: sampleFormats,
      help: message('Format of the files. Default: from the file name; parquet for a folder'),
    },
    threads: {
      type: 'string',
      placeholder: 'N',
      help: message(
        'Number of threads that draw and write. It does not change the rows. Default: one for each processor',
      ),
    },
    memory: {
      type: 'string',
      placeholder: 'SIZE',
      help: message(
        'Memory for sorting and joining, such as 4GB. Data that does not fit goes to disk. Default: 2 GB, or a quarter of the machine’s memory if that is less',
      ),
    },
    digest: {
      type: 'boolean',
      help: message('Record the digest of the rows in the lock file. The lock file of a folder always has it'),
    },
    'allow-empty': {
      type: 'boolean',
      help: message('Write the file even if it has no rows. Default: report an error'),
    },
    ...usersOption,
    ...planOptions,
  },
  examples: [
    'recsample sample configs/recall.ratio.yaml',
    'recsample sample funnel.ratio.yaml --stage coarse_ranking --split eval --out out/coarse.eval.parquet',
  ],
  async run(input, context) {
    const config = input.arguments[0] ?? '';
    const users = parseUsers(input, help);
    if (users !== null && input.text('out') === undefined)
      throw usageError(message('--users needs --out: otherwise the file of all users would be replaced'), { help });
    const threads = parseThreads(input);
    const memoryBytes = parseMemory(input);
    const opened = await openStage({ config, seed: input.text('seed'), help }, input, context);
    warnUnusedVariables(opened.unused, context);
    requireComplete(opened);
    const { job, stage } = opened;
    const target = sampleTarget(job, input, context);
    await checkOutputLink(target.path, job.place.root);
    const request = job.sampleRequest(stage, target, { version: context.version, users });
    const engine = await context.engine();
    const summary = await engine.call(
      'sample',
      {
        ...request,
        ...(input.flag('allow-empty') ? { allowEmpty: true } : {}),
        ...(input.flag('digest') ? { digest: true } : {}),
        ...(threads === undefined ? {} : { threads }),
        ...(memoryBytes === undefined ? {} : { memoryBytes }),
      },
      callContext(context),
    );
    context.note('');
    const relative = path.relative(context.directory, target.path);
    await context.print(
      sampleText(stage.request.plan, summary, {
        ...textOptions(context),
        file: relative.startsWith('..') ? target.path : relative,
      }),
    );
  },
};

/** `--threads` as a number. */
function parseThreads(input: CommandInput): number | undefined {
  const value = input.text('threads');
  if (value === undefined) return undefined;
  const threads = /^\d{1,4}$/.test(value) ? Number(value) : NaN;
  if (!(threads >= 1 && threads <= MAX_THREADS))
    throw usageError(message('--threads must be a whole number from 1 to {0}, not {1}', MAX_THREADS, value), { help });
  return threads;
}

/** DuckDB needs the minimum to sort. The maximum exceeds the memory of any machine. */
const MIN_MEMORY_BYTES = 32e6;
const MAX_MEMORY_BYTES = 1e15;

/** `--memory` in bytes. */
function parseMemory(input: CommandInput): number | undefined {
  const value = input.text('memory');
  if (value === undefined) return undefined;
  const bytes = parseBytes(value);
  if (bytes === null || bytes < MIN_MEMORY_BYTES || bytes > MAX_MEMORY_BYTES)
    throw usageError(
      message('--memory must be a size from {0} to {1}, such as {2}, not {3}', '32MB', '1000TB', '4GB', value),
      { help },
    );
  return bytes;
}

/** Where the output file goes. */
function sampleTarget(
  { config, stage, place }: StageJob,
  input: CommandInput,
  { directory }: CommandContext,
): Pick<SampleOutput, 'path' | 'format' | 'within'> {
  const value = input.text('out');
  const out = value === undefined ? undefined : parseOutPath(value, '--out', help);
  const usage = (text: Message): Error => usageError(text, { help });
  const isFolder = writesFolder(config.read.config);
  if (!isFolder && out !== undefined && /[\\/]$/.test(out))
    throw usage(message('--out must be a file, not the folder {0}', out));
  const file = out === undefined ? samplePath(config.read.config, stage, place) : path.resolve(directory, out);
  if (file === null)
    throw usage(
      isFolder
        ? message('--out is missing, and data.samples.{0}.path does not name a folder', stage)
        : message(
            '--out is missing, and data.samples.{0}.path does not name a single file in a writable format',
            stage,
          ),
    );
  if (file === place.path) throw usage(message('--out is the config itself'));
  const ofName = sampleFormatOfName(file);
  const requested = sampleFormats.find((format) => format === input.text('format'));
  const within = value === undefined ? place.root : null;
  if (isFolder) {
    if (isSampleName(file))
      throw usage(
        message(
          '{0} is the name of a file, but output.shards or output.partition_by of the config writes a folder',
          path.basename(file),
        ),
      );
    return { path: file, format: requested ?? folderFormat, within };
  }
  if (ofName !== null && requested !== undefined && ofName !== requested)
    throw usage(message('{0} is named like a {1} file, but --format is {2}', file, ofName, requested));
  if (ofName === null && requested === undefined)
    throw usage(
      message(
        'No writable format matches the file name {0}. Writable formats: {1}',
        path.basename(file),
        sampleFormats.join(', '),
      ),
    );
  return { path: file, format: requested ?? ofName ?? 'parquet', within };
}
