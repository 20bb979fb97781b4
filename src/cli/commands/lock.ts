import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { message, render } from '../../core/message/message.ts';
import { lockText } from '../../core/sampling/lock/lockText.ts';
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
import { digestFile, digestOf } from '../../engine/digest/digestFiles.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext } from '../command.ts';
import { replaceFile } from '../replaceFile.ts';
import { changed, nameBelow, readCountFolders, resultFiles, sameFile, type ResultFile } from '../sparkOutput.ts';

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
  options: {},
  examples: ['recsample lock out/recall.spark'],
  async run(input, context) {
    const named = input.arguments[0] ?? '';
    const folder = path.resolve(context.directory, named);
    const counts = readCounts(await readCountFolders(folder, named), path.join(named, countsFolder));
    const files = await resultFiles(folder, named, counts);
    const { data, unknown } = await dataOf(counts, context);
    if (files.reduce((sum, { rows }) => sum + rows, 0) !== counts.rows) throw changed(named);
    // All locks are computed before the first is written.
    const locks: { readonly file: string; readonly text: string; readonly rows: number }[] = [];
    for (const part of new Set(files.map(({ name }) => path.posix.dirname(name)))) {
      const own = files.filter(({ name }) => path.posix.dirname(name) === part);
      const place = path.join(folder, part);
      const lock = await lockOf({ counts, data, part, place, named: path.join(named, part) }, own, context);
      locks.push({ file: path.join(place, folderLockName), text: lockText(lock), rows: lock.output.rows });
    }
    for (const { file, text } of locks) if ((await textOf(file)) !== text) await replaceFile(file, text);
    context.note('');
    if (unknown.length > 0)
      context.warn(
        render(
          message(
            'The lock file has no digests of these data sets, because their files are not on this machine, have changed, or were chosen by day: {0}',
            unknown.map((name) => `data.${name}`).join(', '),
          ),
          context.translate,
        ),
      );
    const lines = locks.map(({ file, rows }) =>
      render(
        message(
          '{0} is written: {1} rows. The digest of the rows was computed from the files.',
          path.join(named, path.relative(folder, file)),
          formatCount(rows),
        ),
        context.translate,
      ),
    );
    await context.print(`${lines.join('\n')}\n`);
    return undefined;
  },
};

/** A folder with samples: the result, or one of its partitions. */
interface Part {
  readonly counts: SparkCounts;
  readonly data: SampleLock['data'];
  /** Below the result; `.`: the result. */
  readonly part: string;
  readonly place: string;
  readonly named: string;
}

async function lockOf(
  { counts, data, part, place, named }: Part,
  files: readonly ResultFile[],
  context: CommandContext,
): Promise<SampleLock> {
  const engine = await context.engine();
  const ref = { id: `lock ${place}`, path: place };
  const call = callContext(context);
  const opened = await engine.call('open', { ref }, call);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  if (opened.rows !== rows) throw changed(named);
  const covered = opened.columns.flatMap((column, k) => (isDigested(column) ? [k] : []));
  const view = { filter: { conditions: [], expression: '' }, sort: [] };
  const digest = await engine.call('digest', { ref, view, columns: covered }, call);
  await engine.call('close', { id: ref.id }, call);
  const locked: LockedRows[] = [];
  for (const { name, path: file, rows: own } of files) {
    context.note(render(message('Computing digests of the files'), context.translate));
    locked.push({ path: path.posix.basename(name), rows: own, ...(await digestFile(file, context)) });
  }
  const by = counts.partitionBy;
  const { sha256, bytes } = digestOf(locked);
  return {
    ...counts.lock,
    data,
    output: {
      format: 'parquet',
      ...counts.output,
      shards: files.length,
      partition: by === null ? null : { ...by, value: part.slice(by.column.length + 1) },
      columns: opened.columns.map(({ name }) => name),
      rows,
      bytes,
      sha256,
    },
    files: locked,
    digest,
  };
}

/** Digests of the data, if its files are on this machine and did not change after Spark read them. */
async function dataOf(
  { data, read: places, inputs }: SparkCounts,
  context: CommandContext,
): Promise<{ readonly data: SampleLock['data']; readonly unknown: readonly string[] }> {
  const sets: [string, LockedData][] = [];
  const unknown: string[] = [];
  for (const name of inLockOrder(data.keys())) {
    const where = data.get(name) ?? '';
    const files: LockedFile[] = [];
    const read = inputs.filter((input) => input.data === name);
    for (const input of read) {
      const file = await sameFile(input);
      if (file === null) break;
      context.note(render(message('Computing digests of the files'), context.translate));
      files.push({ path: nameBelow(places.get(name) ?? '', file), ...(await digestFile(file, context)) });
    }
    const isKnown = read.length > 0 && files.length === read.length;
    if (!isKnown) unknown.push(name);
    sets.push([name, isKnown ? { path: where, ...digestOf(files) } : { path: where }]);
  }
  return { data: Object.fromEntries(sets), unknown };
}

/** Null if it cannot be read. */
async function textOf(file: string): Promise<string | null> {
  return await readFile(file, 'utf8').catch(() => null);
}
