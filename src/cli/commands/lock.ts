import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fail, failureOf } from '../../core/message/failure.ts';
import { message, render, type Message } from '../../core/message/message.ts';
import { printable } from '../../core/message/printable.ts';
import { lockText, readLock } from '../../core/sampling/lock/lockFile.ts';
import {
  inLockOrder,
  type LockedData,
  type LockedFile,
  type LockedRows,
  type SampleLock,
} from '../../core/sampling/lock/sampleLock.ts';
import { folderLockName } from '../../core/sampling/placement.ts';
import { readCounts, type SparkCounts } from '../../core/spark/lock/readCounts.ts';
import { countsFolder } from '../../core/spark/lock/countFacts.ts';
import { formatCount } from '../../core/table/format.ts';
import { isDigested } from '../../core/table/rowsDigest.ts';
import { digestFile, digestOf } from '../../engine/files/digestFiles.ts';
import { Fence } from '../../engine/files/fence.ts';
import { readRegular } from '../../engine/files/namedPath.ts';
import { projectRoot } from '../../project/projectRoot.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext } from '../command.ts';
import { parseRoot } from '../configOptions.ts';
import { replaceFile } from '../replaceFile.ts';
import { changed, nameBelow, readCountTables, resultFolders, sameFile } from '../sparkOutput.ts';

/** `recsample lock FOLDER`: the lock file of the samples that a Spark job wrote. */
export const lockCommand: Command = {
  name: 'lock',
  summary: message('Write the lock file of a folder that a Spark job has written'),
  arguments: [
    {
      name: 'FOLDER',
      help: message('The output folder of a job from {0}, on this machine', 'recsample spark'),
    },
  ],
  options: {
    root: {
      type: 'string',
      placeholder: 'DIR',
      help: message('Only files inside this folder get a digest. Default: the folder of the project'),
    },
  },
  examples: ['recsample lock out/recall.spark', 'recsample lock out/recall.spark --root /lake'],
  async run(input, context) {
    const folderArgument = input.arguments[0] ?? '';
    const folder = path.resolve(context.directory, folderArgument);
    const root = parseRoot(input, context, 'recsample lock --help') ?? projectRoot(folder, [], context.directory);
    const counts = readCounts(await readCountTables(folder, folderArgument), path.join(folderArgument, countsFolder));
    const folders = await resultFolders(folder, folderArgument, counts);
    const { data, unknown, outside } = await dataOf(counts, root, context);
    const locks: { readonly file: string; readonly text: string }[] = [];
    for (const resultFolder of folders) {
      const text = lockText(await lockOf(counts, data, resultFolder, context));
      refuseInvalid(text, path.join(folderArgument, countsFolder));
      locks.push({ file: path.join(resultFolder.folder, folderLockName), text });
    }
    for (const { file, text } of locks) if ((await textOf(file)) !== text) await replaceFile(file, text);
    context.note('');
    const warn = (text: Message): void => {
      context.warn(printable(render(text, context.translate)));
    };
    for (const [name, file] of outside)
      warn(
        message(
          'The lock file has no digest of {0}, because {1} is outside {2}. If the job read this file, name its folder with {3}',
          `data.${name}`,
          file,
          root,
          '--root',
        ),
      );
    if (unknown.length > 0)
      warn(
        message(
          'The lock file has no digests of these data sets, because their files are not on this machine, have changed, or were chosen by day: {0}',
          unknown.map((name) => `data.${name}`).join(', '),
        ),
      );
    const [singleFolder] = folders;
    const rows = formatCount(counts.samples);
    const written =
      counts.byDay === null && singleFolder
        ? message(
            '{0} is written: {1} rows. The digest of the rows was computed from the files.',
            path.join(singleFolder.displayPath, folderLockName),
            rows,
          )
        : message(
            '{0} is written for {1} days: {2} rows. The digests of the rows were computed from the files.',
            path.join(folderArgument, '…', folderLockName),
            formatCount(folders.length),
            rows,
          );
    await context.print(`${render(written, context.translate)}\n`);
    return undefined;
  },
};

/** Computes the lock file of a result folder. */
async function lockOf(
  counts: SparkCounts,
  data: SampleLock['data'],
  { folder, displayPath, day, files, rows, samples }: Awaited<ReturnType<typeof resultFolders>>[number],
  context: CommandContext,
): Promise<SampleLock> {
  const engine = await context.engine();
  const ref = { id: `lock ${folder}`, path: folder, within: folder };
  const call = callContext(context);
  const opened = await engine.call('open', { ref }, call);
  if (opened.rows !== rows) throw changed(displayPath);
  const covered = opened.columns.flatMap((column, k) => (isDigested(column) ? [k] : []));
  const view = { filter: { conditions: [], expression: '' }, sort: [] };
  const digest = await engine.call('digest', { ref, view, columns: covered }, call);
  await engine.call('close', { id: ref.id }, call);
  const locked: LockedRows[] = [];
  for (const file of files) {
    context.note(render(message('Computing digests of the files'), context.translate));
    locked.push({ path: file.name, rows: file.samples, ...(await digestFile(file.path, context)) });
  }
  const { sha256, bytes } = digestOf(locked);
  return {
    ...counts.lock,
    data,
    output: {
      format: 'parquet',
      ...counts.output,
      shards: files.length,
      partition: counts.byDay === null || day === null ? null : { ...counts.byDay.partitionBy, value: day },
      columns: opened.columns.map(({ name }) => name),
      rows: samples,
      bytes,
      sha256,
    },
    files: locked,
    digest,
  };
}

/**
 * Checks a lock file before it is written, because counts come from files that anyone can change.
 * `counts`: the folder of the counts, for the message.
 * @throws FailureError if `diff` could not read the lock file
 */
function refuseInvalid(text: string, counts: string): void {
  try {
    readLock(text, counts);
  } catch (error) {
    throw fail('wrong-format', failureOf(error).message, {
      place: { path: counts },
      advice: message('Run the job again. It writes all counts.'),
    });
  }
}

/** Computes digests of data sets whose files are on this machine, inside the root and as Spark read them. */
async function dataOf(
  { data, readPaths: readPaths, inputs }: SparkCounts,
  root: string,
  context: CommandContext,
): Promise<{
  readonly data: SampleLock['data'];
  readonly unknown: readonly string[];
  /** The first file outside the root, by data set. */
  readonly outside: ReadonlyMap<string, string>;
}> {
  const sets: [string, LockedData][] = [];
  const unknown: string[] = [];
  const outside = new Map<string, string>();
  const fence = await Fence.around(root);
  for (const name of inLockOrder(data.keys())) {
    const where = data.get(name) ?? '';
    const files: LockedFile[] = [];
    const datasetInputs = inputs.filter((input) => input.data === name);
    for (const input of datasetInputs) {
      const match = await sameFile(input, fence);
      if (match?.outside === true) outside.set(name, match.file);
      if (match === null || match.outside) break;
      context.note(render(message('Computing digests of the files'), context.translate));
      const { file } = match;
      files.push({ path: nameBelow(readPaths.get(name) ?? '', file), ...(await digestFile(file, context)) });
    }
    const isKnown = datasetInputs.length > 0 && files.length === datasetInputs.length;
    if (!isKnown && !outside.has(name)) unknown.push(name);
    sets.push([name, isKnown ? { path: where, ...digestOf(files) } : { path: where }]);
  }
  return { data: Object.fromEntries(sets), unknown, outside };
}

/** The text of a file; null if it does not exist. */
async function textOf(file: string): Promise<string | null> {
  return (await stat(file).catch(() => null)) === null ? null : await readRegular(file);
}
