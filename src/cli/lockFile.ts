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

const metadataPrefix = 'recsample.';

/** How a sample was generated, and notices for the user about it. */
export interface NamedRun {
  readonly run: Run;
  readonly notices: readonly Message[];
}

/**
 * Reads how a sample was generated. `file` is absolute and names a lock file, a sample file with its lock file next to
 * it, a folder with its lock file inside, or a Parquet or Arrow file whose metadata describes the run.
 * `displayPath`: the path in messages, as the user typed it.
 * @throws FailureError if `file` cannot be read, or if nothing records how the sample was generated
 */
export async function readRun(file: string, displayPath: string, context: CommandContext): Promise<NamedRun> {
  // A lock file may have been renamed, so every .json file is read as one.
  if (/\.json$/i.test(file)) {
    const lock = await readLockAt(file, displayPath);
    if (path.basename(file) === folderLockName)
      return {
        run: runOfLock(lock),
        notices: await folderChanges(path.dirname(file), path.dirname(displayPath), lock, context),
      };
    const sample = file.endsWith(lockEnding) ? file.slice(0, -lockEnding.length) : null;
    return {
      run: runOfLock(lock),
      notices:
        sample !== null && (await exists(sample))
          ? await fileChanges(sample, displayPath.slice(0, -lockEnding.length), lock, context)
          : [],
    };
  }
  if (!(await exists(file)))
    throw fail('not-found', message('There is no such file or folder'), {
      place: { path: displayPath },
      advice: message('Check the path; the file may have been moved or deleted.'),
    });
  if ((await stat(file)).isDirectory()) return await readFolder(file, displayPath, context);
  if (await exists(file + lockEnding)) {
    const lock = await readLockAt(file + lockEnding, displayPath + lockEnding);
    return { run: runOfLock(lock), notices: await fileChanges(file, displayPath, lock, context) };
  }
  const target = await realpath(file);
  if (target !== file && (await exists(target + lockEnding))) {
    const { run, notices } = await readRun(target, target, context);
    return { run, notices: [message('{0} is read through a link: {1}', target, displayPath), ...notices] };
  }
  const run = await runInMetadata(file, context);
  if (run === null)
    throw fail(
      'not-found',
      message('There is no record of how it was generated: the lock file {0} is missing', displayPath + lockEnding),
      {
        place: { path: displayPath },
        advice: message('Generate it with {0}, which also writes the lock file.', 'recsample sample'),
      },
    );
  return {
    run,
    notices: [message('{0} has no lock file. Only the information in its key-values is compared', displayPath)],
  };
}

/** Reads the run of a folder, or of its only partition if just the partition has a lock file. */
async function readFolder(folder: string, displayPath: string, context: CommandContext): Promise<NamedRun> {
  const lockPath = path.join(displayPath, folderLockName);
  if (await exists(path.join(folder, folderLockName))) {
    const lock = await readLockAt(path.join(folder, folderLockName), lockPath);
    return { run: runOfLock(lock), notices: await folderChanges(folder, displayPath, lock, context) };
  }
  const partitions: string[] = [];
  for (const name of (await readdir(folder)).sort())
    if (await exists(path.join(folder, name, folderLockName))) partitions.push(name);
  const [partition] = partitions;
  if (partition === undefined) {
    const isSparkResult = await exists(path.join(folder, countsFolder));
    throw fail(
      'not-found',
      message('There is no record of how it was generated: the lock file {0} is missing', lockPath),
      {
        place: { path: displayPath },
        advice: isSparkResult
          ? message('Write it with {0}.', `recsample lock ${displayPath}`)
          : message('Give a folder that {0} wrote.', 'recsample sample'),
      },
    );
  }
  if (partitions.length > 1)
    throw fail(
      'bad-request',
      message('The folder has {0} partitions, each with a lock file of its own', partitions.length),
      {
        place: { path: displayPath },
        advice: message('Give one of them, such as {0}.', path.join(displayPath, partition)),
      },
    );
  return await readFolder(path.join(folder, partition), path.join(displayPath, partition), context);
}

/** Reports the first file of a folder that no longer matches the lock file; empty if all match. */
async function folderChanges(
  folder: string,
  displayPath: string,
  { files = [] }: SampleLock,
  context: CommandContext,
): Promise<Message[]> {
  const paths = await NamedPaths.in(folder);
  for (const { path: name, bytes, sha256 } of files) {
    const file = await paths.path(name, path.join(displayPath, folderLockName));
    const size = (await statOrNull(file))?.size ?? null;
    if (size === null)
      return [
        message('{0} no longer exists. The results below describe the original file', path.join(displayPath, name)),
      ];
    if (size === bytes) context.note(render(message('Computing digests of the files'), context.translate));
    if (size !== bytes || (await digestFile(file, context)).sha256 !== sha256)
      return [changedSince(path.join(displayPath, name))];
  }
  return [];
}

/** Reports a sample file that no longer matches its lock file; empty if it matches. */
async function fileChanges(
  file: string,
  displayPath: string,
  { output }: SampleLock,
  context: CommandContext,
): Promise<Message[]> {
  const { size } = await stat(file);
  if (size !== output.bytes) return [changedSince(displayPath)];
  context.note(render(message('Computing digests of the files'), context.translate));
  return (await digestFile(file, context)).sha256 === output.sha256 ? [] : [changedSince(displayPath)];
}

function changedSince(displayPath: string): Message {
  return message(
    '{0} changed after its lock file was written. The results below describe the original file',
    displayPath,
  );
}

/** Reads the run from the metadata of a Parquet or Arrow file. Null for a text file or without such metadata. */
async function runInMetadata(file: string, context: CommandContext): Promise<Run | null> {
  if (!isBinaryName(file)) return null;
  const engine = await context.engine();
  const { parquet, arrow } = await engine.call('facts', { ref: { id: file, path: file } }, callContext(context));
  // `bytes` is set for values that were cut, which cannot be compared.
  const entries = ((parquet ?? arrow)?.keyValues.list ?? []).filter(
    ({ key, bytes }) => key.startsWith(metadataPrefix) && bytes === undefined,
  );
  return runOfKeyValues(new Map(entries.map(({ key, value }) => [key.slice(metadataPrefix.length), value])));
}

async function readLockAt(file: string, displayPath: string): Promise<SampleLock> {
  return readLock(await readText(file, displayPath), displayPath);
}

async function readText(file: string, displayPath: string): Promise<string> {
  if ((await stat(file).catch(() => null))?.isDirectory() === true)
    throw fail('refused-path', message('It is not a file'), {
      place: { path: displayPath },
      advice: message('Give a sample file, or its lock file.'),
    });
  return await readRegular(file, displayPath);
}

async function exists(file: string): Promise<boolean> {
  return (await statOrNull(file)) !== null;
}
