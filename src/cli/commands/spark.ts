import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { message, render } from '../../core/message/message.ts';
import { generateScript } from '../../core/spark/generate.ts';
import type { Script } from '../../core/spark/script.ts';
import type { InputRoot } from '../../core/spark/sources.ts';
import { sparkPythonText, sparkSqlText, type SparkHead, type SparkPlaces } from '../../core/spark/sparkText.ts';
import { syncFile } from '../../engine/files/durable.ts';
import { slashed } from '../../engine/files/pathBelow.ts';
import { unfinishedPath } from '../../engine/files/unfinished.ts';
import { writeFailure } from '../../engine/files/writeFailure.ts';
import { samplePath } from '../../project/stage/sampleOutput.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { checkOut, outPath } from '../outPath.ts';
import { openStage, requireComplete, type OpenStage } from '../sampling/openStage.ts';
import { samplingOptions } from '../sampling/samplingOptions.ts';
import { usageError } from '../usage.ts';

const help = 'recsample spark --help';
const { format: _textOrJson, ...planOptions } = samplingOptions;

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
    ...planOptions,
  },
  examples: [
    'recsample spark configs/fine_ranking.ratio.yaml --out job.sql',
    'recsample spark configs/fine_ranking.ratio.yaml --input-root data=hdfs:///lake/data --output hdfs:///samples/fine --out job.py',
  ],
  async run(input, context) {
    const config = input.arguments[0] ?? '';
    const out = outGiven(input);
    const roots = rootsGiven(input, context);
    const opened = await openStage({ config, seed: input.text('seed'), help }, input, context);
    warnUnusedVariables(opened.unused, context);
    requireComplete(opened);
    const { job, stage } = opened;
    const sparkJob = await job.sparkJob(stage, callContext(context));
    const script = generateScript(sparkJob, roots);
    const facts = job.sampleFacts(stage.request.plan, { version: context.version, users: null });
    const places = placesOf(opened, facts['plan_sha256'] ?? '', input);
    refuseInputs(script, places, context);
    const { timezone } = sparkJob.plan;
    const head: SparkHead = [
      ...Object.entries(facts).filter(([name]) => name !== 'users'),
      ['timezone', timezone],
      ['output', places.output],
      ['work', places.work],
    ];
    const write = out?.endsWith('.py') === true ? sparkPythonText : sparkSqlText;
    const text = write(script, head, timezone, places);
    if (out === null) {
      await context.print(text);
      return undefined;
    }
    const file = path.resolve(context.directory, out);
    if (file === job.place.path) throw usageError(message('--out is the config itself'), message('See {0}.', help));
    await checkOut(file, job.place.root);
    await replaced(file, text);
    const command = out.endsWith('.py') ? `spark-submit ${out}` : `spark-sql -f ${out}`;
    await context.print(
      `${render(message('{0} is written. Run it with {1}. Spark writes the rows to {2}.', out, command, places.output), context.translate)}\n`,
    );
    return undefined;
  },
};

/** `--out`; null: standard output. */
function outGiven(input: CommandInput): string | null {
  const given = input.text('out');
  if (given === undefined) return null;
  const out = outPath(given, '--out', help);
  if (!/\.(sql|py)$/.test(out))
    throw usageError(
      message('--out must end with {0} or {1}, not {2}', '.sql', '.py', path.basename(out)),
      message('See {0}.', help),
    );
  return out;
}

/** `--input-root FROM=TO`: FROM is a path of this machine, TO what Spark reads instead. */
function rootsGiven(input: CommandInput, { directory }: CommandContext): InputRoot[] {
  return input.texts('input-root').map((given) => {
    const [from = '', ...rest] = given.split('=');
    const to = rest.join('=');
    if (from === '' || to === '')
      throw usageError(message('--input-root must be {0}, not {1}', 'FROM=TO', given), message('See {0}.', help));
    return { from: slashed(path.resolve(directory, from)), to };
  });
}

/** Where the job writes. */
function placesOf({ job }: OpenStage, digest: string, input: CommandInput): SparkPlaces {
  const given = input.text('output');
  const output = given ?? besideSample(job);
  const work = input.text('work') ?? `${besideOutput(output)}_work/${job.stage}-${digest.slice(0, 12)}`;
  if (isBelow(output, work) || isBelow(work, output))
    throw usageError(
      message('--work must lie outside of --output: Spark replaces both folders'),
      message('See {0}.', help),
    );
  return { output, work };
}

/** The folder of the output, with a slash at its end; empty for a name alone. */
function besideOutput(output: string): string {
  const folder = output.replace(/\/+$/, '');
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i.test(folder))
    throw usageError(message('{0} is missing', '--work'), message('See {0}.', help));
  return folder.slice(0, folder.lastIndexOf('/') + 1);
}

/** @throws FailureError if Spark would replace the data that it reads */
function refuseInputs(script: Script, { output, work }: SparkPlaces, { directory }: CommandContext): void {
  const absolute = (one: string): string =>
    /^[a-z][a-z0-9+.-]*:\//i.test(one) ? one : slashed(path.resolve(directory, one));
  const inputs = script.sections.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'input' ? [step.path] : [])),
  );
  for (const input of inputs) {
    const first = input.search(/[*?[{]/);
    const folder = absolute(first < 0 ? input : input.slice(0, input.lastIndexOf('/', first)));
    for (const written of [output, work].map(absolute))
      if (isBelow(folder, written) || isBelow(written, folder))
        throw usageError(
          message('Spark would replace the data that it reads: {0} and {1} overlap', written, folder),
          message('See {0}.', help),
        );
  }
}

function besideSample({ config, stage, place }: OpenStage['job']): string {
  const sample = samplePath(config.read.config, stage, place);
  if (sample === null)
    throw usageError(
      message('--output is missing, and data.samples.{0}.path does not name a file', stage),
      message('See {0}.', help),
    );
  // Not the path of the local file: Spark would replace it by a folder.
  return `${slashed(sample).replace(/\.[^./]*$/, '')}.spark`;
}

function isBelow(folder: string, other: string): boolean {
  const end = (one: string): string => `${one.replace(/\/+$/, '')}/`;
  return end(other).startsWith(end(folder));
}

/** Replaces a file as a whole. */
async function replaced(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  const unfinished = unfinishedPath(folder);
  try {
    await writeFile(unfinished, text, { flag: 'wx' });
    await syncFile(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw writeFailure(error, folder);
  }
}
