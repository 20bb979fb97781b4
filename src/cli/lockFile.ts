import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { folderLockName, lockEnding } from '../core/sampling/placement.ts';
import type { SampleLock } from '../core/sampling/lock/sampleLock.ts';
import { readLock } from '../core/sampling/lock/lockFile.ts';
import { runOfKeyValues, runOfLock, type Run } from '../core/sampling/lock/run.ts';
import { fail } from '../core/message/failure.ts';
import { message, render, type Message } from '../core/message/message.ts';
import { countsFolder } from '../core/spark/lock/countFacts.ts';
import { isBinaryName } from '../core/table/sampleName.ts';
import { digestFile } from '../engine/files/digestFiles.ts';
import { statOrNull } from '../engine/files/statOrNull.ts';
import { NamedPaths, readRegular } from '../engine/files/namedPath.ts';
import { callContext } from './callContext.ts';
import type { CommandContext } from './command.ts';

/** A run, and notices about it. */
export interface NamedRun {
  readonly run: Run;
  readonly notices: readonly Message[];
}

/**
 * How a sample file was made. `file` is absolute: a lock file, a sample file with its lock file next to it, a folder
 * with its lock file inside, or a Parquet file with the facts in its key-values. `named`: the path as given.
 * @throws FailureError if it cannot be read, or if nothing records how it was made
 */
export async function readRun(file: string, named: string, context: CommandContext): Promise<NamedRun> {
  // Lock files may have other names.
  if (/\.json$/i.test(file)) {
    const lock = readLock(await readText(file, named), named);
    if (path.basename(file) === folderLockName)
      return {
        run: runOfLock(lock),
        notices: await changesIn(path.dirname(file), path.dirname(named), lock, context),
      };
    const sample = file.endsWith(lockEnding) ? file.slice(0, -lockEnding.length) : null;
    return {
      run: runOfLock(lock),
      notices:
        sample !== null && (await exists(sample))
          ? await changesOf(sample, named.slice(0, -lockEnding.length), lock, context)
          : [],
    };
  }
  if (!(await exists(file)))
    throw fail('not-found', message('There is no such file or folder'), {
      place: { path: named },
      advice: message('Check the path; the file may have been moved or deleted.'),
    });
  if ((await stat(file)).isDirectory()) return await readFolder(file, named, context);
  if (await exists(file + lockEnding)) {
    const lock = readLock(await readText(file + lockEnding, named + lockEnding), named + lockEnding);
    return { run: runOfLock(lock), notices: await changesOf(file, named, lock, context) };
  }
  const target = await realpath(file);
  if (target !== file && (await exists(target + lockEnding))) {
    const { run, notices } = await readRun(target, target, context);
    return { run, notices: [message('{0} is read through a link: {1}', target, named), ...notices] };
  }
  const run = await runInFile(file, context);
  if (run === null)
    throw fail(
      'not-found',
      message('There is no record of how it was generated: the lock file {0} is missing', named + lockEnding),
      {
        place: { path: named },
        advice: message('Generate it with {0}, which also writes the lock file.', 'recsample sample'),
      },
    );
  return { run, notices: [message('{0} has no lock file. Only the information in its key-values is compared', named)] };
}

/** The run of a folder: of its files, or of its only partition. */
async function readFolder(folder: string, named: string, context: CommandContext): Promise<NamedRun> {
  const place = path.join(named, folderLockName);
  if (await exists(path.join(folder, folderLockName))) {
    const lock = readLock(await readText(path.join(folder, folderLockName), place), place);
    return { run: runOfLock(lock), notices: await changesIn(folder, named, lock, context) };
  }
  const days: string[] = [];
  for (const name of (await readdir(folder)).sort())
    if (await exists(path.join(folder, name, folderLockName))) days.push(name);
  const [only, ...others] = days;
  if (only === undefined) {
    const isOfSpark = await exists(path.join(folder, countsFolder));
    throw fail(
      'not-found',
      message('There is no record of how it was generated: the lock file {0} is missing', place),
      {
        place: { path: named },
        advice: isOfSpark
          ? message('Write it with {0}.', `recsample lock ${named}`)
          : message('Give a folder that {0} wrote.', 'recsample sample'),
      },
    );
  }
  if (others.length > 0)
    throw fail('bad-request', message('The folder has {0} partitions, each with a lock file of its own', days.length), {
      place: { path: named },
      advice: message('Give one of them, such as {0}.', path.join(named, only)),
    });
  return await readFolder(path.join(folder, only), path.join(named, only), context);
}

/** Checks whether the files of a folder still match its lock file. */
async function changesIn(
  folder: string,
  named: string,
  { files = [] }: SampleLock,
  context: CommandContext,
): Promise<Message[]> {
  const paths = await NamedPaths.in(folder);
  for (const { path: name, bytes, sha256 } of files) {
    const file = await paths.path(name, path.join(named, folderLockName));
    const size = (await statOrNull(file))?.size ?? null;
    if (size === null)
      return [message('{0} no longer exists. The results below describe the original file', path.join(named, name))];
    if (size === bytes) context.note(render(message('Computing digests of the files'), context.translate));
    if (size !== bytes || (await digestFile(file, context)).sha256 !== sha256)
      return [
        message(
          '{0} changed after its lock file was written. The results below describe the original file',
          path.join(named, name),
        ),
      ];
  }
  return [];
}

/** Checks whether the sample file still matches its lock file. */
async function changesOf(
  file: string,
  named: string,
  { output }: SampleLock,
  context: CommandContext,
): Promise<Message[]> {
  const { size } = await stat(file);
  const changed = message(
    '{0} changed after its lock file was written. The results below describe the original file',
    named,
  );
  if (size !== output.bytes) return [changed];
  context.note(render(message('Computing digests of the files'), context.translate));
  return (await digestFile(file, context)).sha256 === output.sha256 ? [] : [changed];
}

/** Null if the file is text or has no such facts. */
async function runInFile(file: string, context: CommandContext): Promise<Run | null> {
  if (!isBinaryName(file)) return null;
  const engine = await context.engine();
  const { parquet, arrow } = await engine.call('facts', { ref: { id: file, path: file } }, callContext(context));
  const whole = ((parquet ?? arrow)?.keyValues.list ?? []).filter(
    ({ key, bytes }) => key.startsWith('recsample.') && bytes === undefined,
  );
  return runOfKeyValues(new Map(whole.map(({ key, value }) => [key.slice('recsample.'.length), value])));
}

async function readText(file: string, named: string): Promise<string> {
  if ((await stat(file).catch(() => null))?.isDirectory() === true)
    throw fail('refused-path', message('It is not a file'), {
      place: { path: named },
      advice: message('Give a sample file, or its lock file.'),
    });
  return await readRegular(file, named);
}

async function exists(file: string): Promise<boolean> {
  return (await statOrNull(file)) !== null;
}
