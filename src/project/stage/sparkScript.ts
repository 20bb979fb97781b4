import path from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { generateScript } from '../../core/spark/generate.ts';
import { isoTime } from '../../core/sampling/isoTime.ts';
import { isByDay } from '../../core/sampling/placement.ts';
import type { Script } from '../../core/spark/script.ts';
import { localPath, overlaps, readPlaces, wildcard, writtenPlaces } from '../../core/spark/places.ts';
import { refuseUnsafe } from '../../core/spark/refusals.ts';
import type { SparkJob, SparkPeriod } from '../../core/spark/sparkJob.ts';
import { unusedRoots, type InputRoot } from '../../core/spark/inputs/sources.ts';
import { sparkPythonText } from '../../core/spark/pythonText.ts';
import { sparkSqlText, type SparkHead } from '../../core/spark/sparkText.ts';
import type { SparkPlaces } from '../../core/spark/stepStatements.ts';
import type { CallContext } from '../../protocol/engine.ts';
import { slashed } from '../slashed.ts';
import type { DrawableStage } from '../plan/resolveStage.ts';
import { samplePath } from '../plan/sampleOutput.ts';
import type { StageJob } from './stageJob.ts';

/** Endings of the files of a Spark job: SQL for `spark-sql -f`, Python for `spark-submit`. */
const sparkEndings = ['.sql', '.py'] as const;
export type SparkEnding = (typeof sparkEndings)[number];

/** The ending of a file that a Spark job can be written to; null for any other name. */
export function sparkEndingOf(file: string): SparkEnding | null {
  return sparkEndings.find((ending) => file.endsWith(ending)) ?? null;
}

export interface SparkScriptOptions {
  readonly ending: SparkEnding;
  /** The version of RecSample. */
  readonly version: string;
  readonly roots: readonly InputRoot[];
  /** Folder of the result as Spark reads it; null: next to the sample file of the stage. */
  readonly output: string | null;
  /** Folder of intermediate tables; null: `_work` next to the output. */
  readonly work: string | null;
  /** Ids of the users whose groups are drawn; null: all. */
  readonly users: readonly string[] | null;
  /** Absolute folder that Spark resolves relative places against. */
  readonly directory: string;
}

export interface SparkScript {
  readonly text: string;
  readonly places: SparkPlaces;
  /** Roots of the options that no path of the config begins with. */
  readonly unusedRoots: readonly InputRoot[];
}

/**
 * Generates the text of the Spark job of a stage. Opens data files to learn the types of their columns.
 * @throws FailureError `unsupported` for what a job cannot do; `bad-request` if the job would replace its inputs
 */
export async function sparkScript(
  job: StageJob,
  stage: DrawableStage,
  options: SparkScriptOptions,
  call: Partial<CallContext>,
): Promise<SparkScript> {
  const { users } = options;
  const sparkJob = { ...(await job.sparkJob(stage, call)), users };
  const maker = { version: options.version, users };
  const script = generateScript(sparkJob, options.roots, job.sparkFacts(stage, sparkJob, maker));
  const facts = job.sampleFacts(stage.request.plan, maker);
  const places = placesOf(job, facts['plan_sha256'] ?? '', options);
  await refuseOverlaps(job, sparkJob, script, { places, directory: options.directory }, call);
  if (isByDay(sparkJob.placement)) refuseRelative(places.output, options.directory);
  const { timezone } = sparkJob.plan;
  const head: SparkHead = [
    ...Object.entries(facts).filter(([name]) => name !== 'users' || users !== null),
    ['timezone', timezone],
    ['window', windowText(sparkJob.inputs.windows.split)],
    ['output', places.output],
    ['work', places.work],
  ];
  const write = options.ending === '.py' ? sparkPythonText : sparkSqlText;
  return { text: write(script, head, timezone, places), places, unusedRoots: unusedRoots(sparkJob, options.roots) };
}

/** The time range of the groups for the head of the script, with the numbers that its conditions use. */
function windowText({ from, to }: SparkPeriod): string {
  const end = (time: number | null, label: string): string => (time === null ? label : `${isoTime(time)} (${time})`);
  return `${end(from, 'the first row')} to ${end(to, 'the last row')}`;
}

/** The folders that the job writes. `kind`: `extract` has other default folders. */
export function placesOf(
  job: StageJob,
  digest: string,
  folders: Pick<SparkScriptOptions, 'output' | 'work' | 'users'>,
  kind: 'spark' | 'extract' = 'spark',
): SparkPlaces {
  const output = folders.output ?? defaultOutput(job, kind);
  const suffix = kind === 'extract' ? '-extract' : folders.users === null ? '' : '-users';
  const work = folders.work ?? `${parentOf(output)}_work/${job.stage}-${digest.slice(0, 12)}${suffix}`;
  return { output, work };
}

/** The parent folder of the output, with a slash at its end; empty if the output is only a name. */
function parentOf(output: string): string {
  const folder = output.replace(/\/+$/, '');
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i.test(folder))
    throw fail('bad-request', message('{0} is missing', '--work'), {
      advice: message('The output is a whole bucket, so intermediate tables cannot lie next to it.'),
    });
  return folder.slice(0, folder.lastIndexOf('/') + 1);
}

/**
 * Refuses a job that would replace data that it reads: a folder that it writes is, contains or lies inside an input,
 * also through links and under another address. A Python job compares them again where it runs.
 * @throws FailureError
 */
export async function refuseOverlaps(
  job: StageJob,
  { inputs: { tables, clicks } }: SparkJob,
  script: Script,
  { places, directory }: { readonly places: SparkPlaces; readonly directory: string },
  call: Partial<CallContext>,
): Promise<void> {
  const written = await resolvePlaces(job, writtenPlaces(places), directory, call);
  const [output, work, ...staging] = written;
  const files = [...Object.values(tables), ...clicks.map(({ table }) => table)].flatMap((table) => table.realPlaces);
  const read = await resolvePlaces(job, [...readPlaces(script), ...files], directory, call);
  for (const { place } of written) {
    refuseUnsafe(place, { path: place }, 'path');
    if (wildcard.test(place))
      throw fail('bad-request', message('Spark would read this path as a pattern: {0}', place), {
        advice: message('Write to another folder with {0}.', 'recsample spark --output'),
      });
  }
  if (output && work && [output, ...staging].some((place) => meet(place, work)))
    throw fail('bad-request', message('--work must lie outside of --output: Spark replaces both folders'));
  for (const input of read)
    for (const target of written)
      if (meet(target, input))
        throw fail(
          'bad-request',
          message('Spark would replace the data that it reads: {0} and {1} overlap', target.place, input.place),
          { advice: message('Write to another folder with {0}.', 'recsample spark --output') },
        );
}

/** A file or folder as the job names it, and with links resolved. */
interface ResolvedPlace {
  readonly place: string;
  /** Equal to `place` if it is not on this machine. */
  readonly real: string;
}

async function resolvePlaces(
  job: StageJob,
  places: readonly string[],
  directory: string,
  call: Partial<CallContext>,
): Promise<ResolvedPlace[]> {
  const local = places.map((place) => {
    const file = localPath(place);
    return file === null ? null : path.resolve(directory, file);
  });
  const paths = local.filter((file) => file !== null);
  const real = new Map((await job.realPaths(paths, call)).map((realPath, k) => [paths[k], realPath]));
  return places.map((place, k) => {
    const file = local[k] ?? null;
    return file === null ? { place, real: place } : { place: slashed(file), real: slashed(real.get(file) ?? file) };
  });
}

const meet = (a: ResolvedPlace, b: ResolvedPlace): boolean => overlaps(a.place, b.place) || overlaps(a.real, b.real);

/** Spark puts a table with a relative place into its warehouse, and other files into the working folder. */
function refuseRelative(output: string, directory: string): void {
  if (/^(\/|[a-z][a-z0-9+.-]*:)/i.test(output)) return;
  throw fail(
    'bad-request',
    message(
      'With partition_by, {0} must be an absolute path or a URI: Spark would write {1} into its warehouse',
      '--output',
      output,
    ),
    { advice: message('Write the whole path: {0}', slashed(path.resolve(directory, output))) },
  );
}

function defaultOutput({ config, stage, place }: StageJob, ending: string): string {
  const sample = samplePath(config.read.config, stage, place);
  if (sample === null)
    throw fail('bad-request', message('--output is missing, and data.samples.{0}.path does not name a file', stage), {
      advice: message('Add the path to the config, or run {0}.', 'recsample spark --output'),
    });
  // Not the path of the local file: Spark would replace it by a folder.
  return `${slashed(sample).replace(/\.[^./]*$/, '')}.${ending}`;
}
